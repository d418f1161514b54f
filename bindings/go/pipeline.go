package zimg

// #include "glue.h"
import "C"

import (
	"sync"
	"unsafe"
)

// Pipeline draws in place of the engine, as Options.Pipeline.
type Pipeline interface {
	// Draw gives the picture that drawing orders, in the size that was ordered. Equal orders give equal pixels. Called from
	// any thread, several at once where Options.DrawingsAtOnce allows it. It asks drawing.IsCancelled now and then and gives
	// ErrCancelled then. A panic is the error ErrInternal of the request.
	Draw(drawing *Drawing) (*Picture, error)
}

// Drawing is what a pipeline is to draw. Its methods work until Draw returns.
type Drawing struct {
	Prompt string
	// Empty where guidance is 0.
	NegativePrompt string
	Width, Height  uint32
	// Noise levels of the steps, descending from at most 1; the closing 0 is implied.
	Sigmas                []float32
	Guidance              float32
	GuidanceNormalization float32
	GuidanceTruncation    float32
	Seed                  uint32
	IsVAETiled            bool
	WantsPreview          bool

	mutex sync.Mutex
	raw   *C.zimg_drawing
}

func drawingOf(raw *C.zimg_drawing) *Drawing {
	drawing := &Drawing{
		Prompt:                text(func(size *C.size_t) *C.char { return C.zimg_drawing_prompt(raw, size) }),
		NegativePrompt:        text(func(size *C.size_t) *C.char { return C.zimg_drawing_negative_prompt(raw, size) }),
		Width:                 uint32(C.zimg_drawing_width(raw)),
		Height:                uint32(C.zimg_drawing_height(raw)),
		Guidance:              float32(C.zimg_drawing_guidance(raw)),
		GuidanceNormalization: float32(C.zimg_drawing_guidance_normalization(raw)),
		GuidanceTruncation:    float32(C.zimg_drawing_guidance_truncation(raw)),
		Seed:                  uint32(C.zimg_drawing_seed(raw)),
		IsVAETiled:            C.zimg_drawing_is_vae_tiled(raw) != 0,
		WantsPreview:          C.zimg_drawing_wants_preview(raw) != 0,
		raw:                   raw,
	}
	var count C.size_t
	if sigmas := C.zimg_drawing_sigmas(raw, &count); sigmas != nil {
		drawing.Sigmas = append(drawing.Sigmas, unsafe.Slice((*float32)(unsafe.Pointer(sigmas)), int(count))...)
	}
	return drawing
}

// end makes the methods harmless once Draw has returned.
func (drawing *Drawing) end() {
	drawing.mutex.Lock()
	defer drawing.mutex.Unlock()
	drawing.raw = nil
}

// IsCancelled says whether nobody wants the picture any more.
func (drawing *Drawing) IsCancelled() bool {
	drawing.mutex.Lock()
	defer drawing.mutex.Unlock()
	return drawing.raw == nil || C.zimg_drawing_is_cancelled(drawing.raw) != 0
}

// ReportProgress tells those who wait. preview may be nil. Called by the goroutine that draws.
func (drawing *Drawing) ReportProgress(step, steps uint32, preview *Picture) error {
	drawing.mutex.Lock()
	raw := drawing.raw
	drawing.mutex.Unlock()
	if raw == nil {
		return NewError(StatusClosed, "the drawing is over")
	}
	var shown *C.zimg_picture
	var failed *C.zimg_error
	if preview != nil {
		if err := check(C.zimg_picture_create(&shown, &failed), failed); err != nil {
			return err
		}
		defer C.zimg_picture_destroy(shown)
		if err := preview.fill(shown); err != nil {
			return err
		}
	}
	return check(C.zimg_drawing_report_progress(raw, C.uint32_t(step), C.uint32_t(steps), shown, &failed), failed)
}
