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

// Drawing is what a pipeline is to draw. Its methods work until Draw returns, for any goroutine.
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
	users sync.WaitGroup // goroutines of the pipeline's own may be in a call
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
	drawing.raw = nil
	drawing.mutex.Unlock()
	drawing.users.Wait()
}

// use is the drawing in C until users.Done is called; nil where it is over.
func (drawing *Drawing) use() *C.zimg_drawing {
	drawing.mutex.Lock()
	defer drawing.mutex.Unlock()
	if drawing.raw != nil {
		drawing.users.Add(1)
	}
	return drawing.raw
}

// IsCancelled says whether nobody wants the picture any more.
func (drawing *Drawing) IsCancelled() bool {
	raw := drawing.use()
	if raw == nil {
		return true
	}
	defer drawing.users.Done()
	return C.zimg_drawing_is_cancelled(raw) != 0
}

// ReportProgress tells those who wait, one step at a time whichever goroutines tell. preview may be nil.
func (drawing *Drawing) ReportProgress(step, steps uint32, preview *Picture) error {
	raw := drawing.use()
	if raw == nil {
		return NewError(StatusClosed, "the drawing is over")
	}
	defer drawing.users.Done()
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
