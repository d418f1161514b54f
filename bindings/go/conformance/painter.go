package main

import "zimg"

// painter is the pipeline of the suite.
type painter string

func octetsOf(text string) (sum uint32) {
	for i := 0; i < len(text); i++ {
		sum += uint32(text[i])
	}
	return sum
}

func mixture(drawing *zimg.Drawing) uint32 {
	mixed := 17*drawing.Seed + octetsOf(drawing.Prompt) + 3*octetsOf(drawing.NegativePrompt) +
		7*uint32(len(drawing.Sigmas)) + uint32(16*drawing.Guidance) + uint32(32*drawing.GuidanceNormalization) +
		uint32(64*drawing.GuidanceTruncation)
	if drawing.IsVAETiled {
		mixed += 5
	}
	return mixed
}

func (kind painter) Draw(drawing *zimg.Drawing) (*zimg.Picture, error) {
	if kind == "fails" {
		return nil, zimg.NewError(zimg.StatusDevice, "the painter has no paint")
	}
	steps := uint32(len(drawing.Sigmas))
	var preview *zimg.Picture
	if drawing.WantsPreview {
		preview = &zimg.Picture{Width: 2, Height: 1, RGB: []byte{1, 2, 3, 4, 5, 6}}
	}
	for step := uint32(0); step <= steps; step++ {
		if drawing.IsCancelled() {
			return nil, zimg.NewError(zimg.StatusCancelled, "the drawing was cancelled")
		}
		if err := drawing.ReportProgress(step, steps, preview); err != nil {
			return nil, err
		}
	}
	width := drawing.Width
	if kind == "lies" {
		width++
	}
	mixed := mixture(drawing)
	rgb := make([]byte, width*drawing.Height*3)
	for i := range rgb {
		rgb[i] = byte(mixed + 31*uint32(i) + uint32(i)/width)
	}
	return &zimg.Picture{Width: width, Height: drawing.Height, RGB: rgb}, nil
}
