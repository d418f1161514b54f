package zimg

// #include "glue.h"
import "C"

import (
	"context"
	"runtime/cgo"
	"time"
)

// Request is which picture is wanted. A field that is nil or empty keeps zimg's default; Set makes the pointers. The
// generator refuses what is out of range.
type Request struct {
	// At most 1 MiB; empty is drawn as well. Only the first 512 tokens reach the model.
	Prompt string
	// What to steer away from. Live only where guidance is above 0.
	NegativePrompt string
	// Pixels, multiples of the model's size step. Nil: the model's own (Z-Image 1024x1024, built-in 256x256).
	Size *Size
	// 1 to 1000. Nil: the model's own (Turbo and built-in 8, base 50).
	Steps *uint32
	// 0 (off) to 100: the usual "CFG scale" less 1. Nil: the model's own (Turbo and built-in 0, base 4).
	Guidance *float64
	// 0 to 100: the reference's cfg_normalization; 0, as where it is nil, is off.
	GuidanceNormalization *float64
	// 0 to 1: no guidance at steps whose noise level is below 1 less this; 1, as where it is nil: at all steps.
	GuidanceTruncation *float64
	Schedule           Schedule
	// 42 where it is nil. The low 32 bits are what the noise reads.
	Seed *uint64
	// A fresh seed at each asking: never a hit, never joined.
	RandomSeed bool
	// Decode in overlapping tiles: less memory, other pixels, so another key.
	VAETiling bool
	// MatchLevelNormalized where it is nil.
	MatchLevel *MatchLevel
	// 1 to 64 of A-Z a-z 0-9 . _ @ : -; requests of two namespaces never share a picture. "default" where it is nil.
	Namespace *string
	// Takes the namespace of a preset, whose rule Policy.AddPreset gives to a cache.
	Preset *PresetUse
	// ImageFormatPNG where it is nil.
	Format *ImageFormat
	// 1 to 100, read for JPEG only; 90 where it is nil.
	JPEGQuality *int32
	// Write the canonical request into the delivered file's text chunks.
	SpliceParameters bool
	CacheMode        CacheMode
	// How long the picture is kept from its storing on, in whole milliseconds, 1 ms to 100 years. Nil: the cache's rule for
	// the namespace; without one, until it is evicted.
	TTL *time.Duration
	// 0 to less than 1: the share of it that chance may take off.
	TTLJitter float64
	// At most 255 bytes, kept beside the picture, for purging by it.
	Tag string
	// Never evicted for room; it expires all the same.
	Pin bool
	// Make a small preview after each step but the last, which costs a few milliseconds.
	Preview bool
	// Called by the drawing thread before the first step and after each. Asking the same generator for a picture from there
	// is ErrInvalidArgument: it would wait for itself. After a panic it is not called again for that picture, which is drawn
	// to its end; the call then fails.
	Progress func(Progress)
}

// Size is a width and a height in pixels.
type Size struct {
	Width, Height uint32
}

// PresetUse is a preset and who asks, for PresetPersonal; else empty.
type PresetUse struct {
	Preset Preset
	User   string
}

// Progress is one step of a drawing.
type Progress struct {
	// Finished, and in all.
	Step, Steps uint32
	// Nil unless the request asks for one.
	Preview *Picture
}

type progressCall struct {
	function func(Progress)
	failure  *failure
}

// fields are those of a request that are no strings. A callback among them is taken over by the call they are given to.
func (request *Request) fields(token *C.zimg_cancel_token, failed *failure) C.zimg_go_request {
	var fields C.zimg_go_request
	set := func(flag C.uint32_t) { fields.set |= flag }
	if request.Size != nil {
		fields.width, fields.height = C.uint32_t(request.Size.Width), C.uint32_t(request.Size.Height)
		set(C.kZimgGoSize)
	}
	if request.Steps != nil {
		fields.steps = C.uint32_t(*request.Steps)
		set(C.kZimgGoSteps)
	}
	if request.Guidance != nil {
		fields.guidance = C.double(*request.Guidance)
		set(C.kZimgGoGuidance)
	}
	if request.GuidanceNormalization != nil {
		fields.normalization = C.double(*request.GuidanceNormalization)
		set(C.kZimgGoNormalization)
	}
	if request.GuidanceTruncation != nil {
		fields.truncation = C.double(*request.GuidanceTruncation)
		set(C.kZimgGoTruncation)
	}
	if request.Seed != nil {
		fields.seed = C.uint64_t(*request.Seed)
		set(C.kZimgGoSeed)
	}
	if request.MatchLevel != nil {
		fields.match_level = C.zimg_match_level(*request.MatchLevel)
		set(C.kZimgGoMatchLevel)
	}
	if request.Namespace != nil {
		set(C.kZimgGoNamespace)
	}
	if request.Format != nil {
		fields.format = C.zimg_image_format(*request.Format)
		set(C.kZimgGoFormat)
	}
	if request.JPEGQuality != nil {
		fields.jpeg_quality = C.int32_t(*request.JPEGQuality)
		set(C.kZimgGoJpegQuality)
	}
	if request.TTL != nil {
		fields.ttl_ms = C.int64_t(request.TTL.Milliseconds())
		set(C.kZimgGoTtl)
	}
	fields.ttl_jitter = C.double(request.TTLJitter)
	fields.schedule = C.zimg_schedule(request.Schedule)
	fields.cache_mode = C.zimg_cache_mode(request.CacheMode)
	fields.is_random, fields.is_tiled = truth(request.RandomSeed), truth(request.VAETiling)
	fields.is_spliced, fields.is_pinned = truth(request.SpliceParameters), truth(request.Pin)
	fields.wants_preview = truth(request.Preview)
	fields.token = token
	if request.Progress != nil {
		fields.progress = C.uintptr_t(cgo.NewHandle(&progressCall{request.Progress, failed}))
	}
	return fields
}

// make gives a request in C, which the caller destroys.
func (request *Request) make(token *C.zimg_cancel_token, kept *failure) (*C.zimg_request, error) {
	fields := request.fields(token, kept)
	prompt, promptSize := chars(request.Prompt)
	negative, negativeSize := chars(request.NegativePrompt)
	name, nameSize := chars(request.namespace())
	tag, tagSize := chars(request.Tag)
	var raw *C.zimg_request
	var failed *C.zimg_error
	status := C.zimg_go_request_make(&fields, prompt, promptSize, negative, negativeSize, name, nameSize, tag, tagSize,
		&raw, &failed)
	if err := check(status, failed); err != nil {
		return nil, err
	}
	if request.Preset == nil {
		return raw, nil
	}
	if err := request.Preset.apply(raw, nil); err != nil {
		C.zimg_request_destroy(raw)
		return nil, err
	}
	return raw, nil
}

func (request *Request) namespace() string {
	if request.Namespace == nil {
		return ""
	}
	return *request.Namespace
}

// watch cancels by calling cancel once ctx is done: before it returns where ctx is done already, so that what follows does
// not begin. The function that it gives ends that, and returns when cancel cannot be called any more.
func watch(ctx context.Context, cancel func()) (end func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	if ctx.Err() != nil {
		cancel()
		return func() {}
	}
	finished, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-ctx.Done():
			cancel()
		case <-finished:
		}
	}()
	return func() {
		close(finished)
		<-ended
	}
}

// tokenOf is a cancel token that ctx cancels; nil where ctx never ends. The function ends the watch and the token.
func tokenOf(ctx context.Context) (*C.zimg_cancel_token, func(), error) {
	if ctx.Done() == nil {
		return nil, func() {}, nil
	}
	var token *C.zimg_cancel_token
	var failed *C.zimg_error
	if err := check(C.zimg_cancel_token_create(&token, &failed), failed); err != nil {
		return nil, nil, err
	}
	end := watch(ctx, func() { C.zimg_cancel_token_cancel(token) })
	return token, func() {
		end()
		C.zimg_cancel_token_destroy(token)
	}, nil
}
