package zimg

// #include "glue.h"
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// Generator answers requests.
type Generator struct {
	handle
	failure *failure // of the hashing callback
}

// NewGenerator reads the model's configs. Weights stay unopened until something must be drawn, the engine as well, or until
// the first key on a machine with these options, environment and libtorch. Where cache is nil, the options' CacheURL is
// opened, if there is one.
func NewGenerator(options Options, cache *Cache) (*Generator, error) {
	kept := &failure{}
	made, err := options.make(kept)
	if err != nil {
		return nil, err
	}
	defer C.zimg_options_destroy(made)
	var rawCache *C.zimg_cache
	if cache != nil {
		raw, err := cache.use()
		if err != nil {
			return nil, err
		}
		defer cache.drop()
		rawCache = (*C.zimg_cache)(raw)
	}
	var raw *C.zimg_generator
	var failed *C.zimg_error
	err = check(C.zimg_generator_create(made, rawCache, &raw, &failed), failed)
	if err = kept.or(err); err != nil {
		C.zimg_generator_destroy(raw)
		return nil, err
	}
	generator := &Generator{failure: kept}
	generator.handle = own("generator", unsafe.Pointer(raw), func(raw unsafe.Pointer) {
		C.zimg_generator_destroy((*C.zimg_generator)(raw))
	})
	runtime.SetFinalizer(generator, (*Generator).Close)
	return generator, nil
}

// Generate blocks until the picture is there, or until ctx is done and the request has been cancelled.
func (generator *Generator) Generate(ctx context.Context, request Request) (*Result, error) {
	if ctx.Err() != nil {
		return nil, cancelled(ctx)
	}
	raw, err := generator.use()
	if err != nil {
		return nil, err
	}
	defer generator.drop()
	token, end, err := tokenOf(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var kept *failure
	if request.Progress != nil {
		kept = &failure{}
	}
	var out *C.zimg_result
	if request.Preset != nil {
		out, err = generatePreset((*C.zimg_generator)(raw), &request, token, kept)
	} else {
		out, err = generate((*C.zimg_generator)(raw), &request, token, kept)
	}
	if kept != nil {
		err = kept.or(err)
	}
	if err = generator.failure.or(err); err != nil {
		C.zimg_result_destroy(out)
		return nil, because(ctx, err)
	}
	return newResult(out), nil
}

// generate fills a request and asks for it, in one crossing.
func generate(generator *C.zimg_generator, request *Request, token *C.zimg_cancel_token,
	kept *failure) (*C.zimg_result, error) {
	prompt, promptSize := chars(request.Prompt)
	negative, negativeSize := chars(request.NegativePrompt)
	name, nameSize := chars(request.namespace())
	tag, tagSize := chars(request.Tag)
	answer := C.zimg_go_generate(generator, request.fields(token, kept), prompt, promptSize, negative, negativeSize,
		name, nameSize, tag, tagSize)
	return answer.result, check(answer.status, answer.error)
}

func generatePreset(generator *C.zimg_generator, request *Request, token *C.zimg_cancel_token,
	kept *failure) (*C.zimg_result, error) {
	made, err := request.make(token, kept)
	if err != nil {
		return nil, err
	}
	defer C.zimg_request_destroy(made)
	var out *C.zimg_result
	var failed *C.zimg_error
	err = check(C.zimg_generator_generate(generator, made, &out, &failed), failed)
	return out, err
}

// ask runs call with the generator and the request in C. Once ctx is done, what it hashes is given up.
func (generator *Generator) ask(ctx context.Context, request *Request,
	call func(*C.zimg_generator, *C.zimg_request, **C.zimg_error) C.zimg_status) error {
	raw, err := generator.use()
	if err != nil {
		return err
	}
	defer generator.drop()
	token, end, err := tokenOf(ctx)
	if err != nil {
		return err
	}
	defer end()
	made, err := request.make(token, &failure{})
	if err != nil {
		return err
	}
	defer C.zimg_request_destroy(made)
	var failed *C.zimg_error
	err = check(call((*C.zimg_generator)(raw), made, &failed), failed)
	return because(ctx, generator.failure.or(err))
}

// Key is the picture key, without drawing. The first one of a model waits until its files have been hashed, and the first
// one on a machine with these options, environment and libtorch opens the engine, to learn its profile.
func (generator *Generator) Key(ctx context.Context, request Request) (Key, error) {
	var key C.zimg_key
	err := generator.ask(ctx, &request, func(raw *C.zimg_generator, made *C.zimg_request, failed **C.zimg_error) C.zimg_status {
		return C.zimg_generator_key(raw, made, &key, failed)
	})
	return keyOf(&key), err
}

// ExplainKey is what the key is made of, field by field.
func (generator *Generator) ExplainKey(ctx context.Context, request Request) ([]KeyField, error) {
	var out *C.zimg_key_fields
	err := generator.ask(ctx, &request, func(raw *C.zimg_generator, made *C.zimg_request, failed **C.zimg_error) C.zimg_status {
		return C.zimg_generator_explain_key(raw, made, &out, failed)
	})
	if err != nil {
		C.zimg_key_fields_destroy(out)
		return nil, err
	}
	return takeFields(out), nil
}

// Metrics is what this generator has counted and timed.
func (generator *Generator) Metrics() (*Metrics, error) {
	raw, err := generator.use()
	if err != nil {
		return nil, err
	}
	defer generator.drop()
	var out *C.zimg_metrics
	var failed *C.zimg_error
	if err := check(C.zimg_generator_metrics((*C.zimg_generator)(raw), &out, &failed), failed); err != nil {
		return nil, err
	}
	return newMetrics(out), nil
}

// Drain waits until every pending store has committed or failed.
func (generator *Generator) Drain() error {
	raw, err := generator.use()
	if err != nil {
		return err
	}
	defer generator.drop()
	var failed *C.zimg_error
	return check(C.zimg_generator_drain((*C.zimg_generator)(raw), &failed), failed)
}

// ModelName is the name of its model; empty where it is closed.
func (generator *Generator) ModelName() string {
	raw, err := generator.use()
	if err != nil {
		return ""
	}
	defer generator.drop()
	return text(func(size *C.size_t) *C.char { return C.zimg_generator_model_name((*C.zimg_generator)(raw), size) })
}

// IsBuiltinModel says whether it draws with the built-in model.
func (generator *Generator) IsBuiltinModel() bool {
	raw, err := generator.use()
	if err != nil {
		return false
	}
	defer generator.drop()
	return C.zimg_generator_is_builtin_model((*C.zimg_generator)(raw)) != 0
}
