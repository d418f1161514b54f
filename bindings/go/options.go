package zimg

// #include "glue.h"
import "C"

import (
	"runtime/cgo"
	"time"
)

// Options is what a generator is made of. A field that is nil or empty keeps zimg's default.
type Options struct {
	// The cache to open where none is handed over, as OpenCache reads it. One that cannot be opened is a warning in each
	// report, unless it is required.
	CacheURL      string
	RequiresCache bool
	// A model folder; empty is the built-in model.
	Model     string
	Device    Device
	Precision Precision
	// CPU threads of a drawing, at most 1024; 0 is one per core.
	Threads     uint32
	Fingerprint Fingerprint
	// The engine module; empty: beside libzimg, in ../lib from there, then the configured libdir.
	EnginePath string
	// A libtorch folder; empty: $ZIMG_TORCH, then the engine's own RUNPATH.
	TorchPath string
	// A file of words that mean the same, for MatchLevelLoose; empty is none.
	Synonyms string
	// The keys of a namespace become HMAC-SHA-256 under its secret. Never stored, never printed.
	NamespaceSecrets []NamespaceSecret
	Kept             Kept
	// Drawings side by side, at least 1; more serves a Pipeline. Nil is 1.
	DrawingsAtOnce *uint32
	// How long another process that draws an equal picture is waited for, in whole milliseconds, or three drawings if that
	// is longer. Nil is 30 s.
	Patience *time.Duration
	// How many drawn pictures may wait to be written, at least 1. Nil is 16.
	PendingStores *uint32
	Keywords      []Keywords
	// Told what happens to each request, one event at a time for each but from several threads for several. A panic loses
	// the event and nothing else.
	Trace func(TraceEvent)
	// Events hold the prompt.
	TracePrompts bool
	// Told bytes done and bytes in all while a model's files are hashed, once, which takes as long as reading them. After a
	// panic the call fails.
	HashingProgress func(done, total uint64)
	// Draws in place of the engine.
	Pipeline Pipeline
	// Not empty where there is a Pipeline: it stands for engine and precision in the key.
	PipelineIdentity string
}

// NamespaceSecret is a namespace and its secret.
type NamespaceSecret struct {
	Namespace string
	Secret    []byte
}

// Keywords is a file of words, and what becomes of a prompt that holds one. KeywordActionTag takes a Tag.
type Keywords struct {
	Path   string
	Action KeywordAction
	Tag    string
}

// setter sets one option; the steps of making options.
type setter func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status

func textSetter(value string, set func(*C.zimg_options, *C.char, C.size_t, **C.zimg_error) C.zimg_status) setter {
	return func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
		if value == "" {
			return C.ZIMG_STATUS_OK
		}
		data, size := chars(value)
		return set(raw, data, size, failed)
	}
}

func (options *Options) texts() []setter {
	return []setter{
		textSetter(options.CacheURL, func(raw *C.zimg_options, data *C.char, size C.size_t, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_cache_url(raw, data, size, failed)
		}),
		textSetter(options.Model, func(raw *C.zimg_options, data *C.char, size C.size_t, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_model(raw, data, size, failed)
		}),
		textSetter(options.EnginePath, func(raw *C.zimg_options, data *C.char, size C.size_t, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_engine_path(raw, data, size, failed)
		}),
		textSetter(options.TorchPath, func(raw *C.zimg_options, data *C.char, size C.size_t, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_torch_path(raw, data, size, failed)
		}),
		textSetter(options.Synonyms, func(raw *C.zimg_options, data *C.char, size C.size_t, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_synonyms(raw, data, size, failed)
		}),
	}
}

func (options *Options) numbers() []setter {
	steps := []setter{
		func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_requires_cache(raw, truth(options.RequiresCache), failed)
		},
		func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_device(raw, C.zimg_device(options.Device), failed)
		},
		func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_precision(raw, C.zimg_precision(options.Precision), failed)
		},
		func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_threads(raw, C.uint32_t(options.Threads), failed)
		},
		func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_fingerprint(raw, C.zimg_fingerprint(options.Fingerprint), failed)
		},
		func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_kept(raw, C.zimg_kept(options.Kept), failed)
		},
	}
	if options.DrawingsAtOnce != nil {
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_drawings_at_once(raw, C.uint32_t(*options.DrawingsAtOnce), failed)
		})
	}
	if options.Patience != nil {
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			ms, err := wholeMS("Patience", *options.Patience)
			if err != nil {
				return give(err, failed)
			}
			return C.zimg_options_set_patience_ms(raw, ms, failed)
		})
	}
	if options.PendingStores != nil {
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return C.zimg_options_set_pending_stores(raw, C.uint32_t(*options.PendingStores), failed)
		})
	}
	return steps
}

func (options *Options) lists() []setter {
	var steps []setter
	for i := range options.NamespaceSecrets {
		each := &options.NamespaceSecrets[i]
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			name, nameSize := chars(each.Namespace)
			secret, secretSize := octets(each.Secret)
			return C.zimg_go_options_add_secret(raw, name, nameSize, secret, secretSize, failed)
		})
	}
	for i := range options.Keywords {
		each := &options.Keywords[i]
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			path, pathSize := chars(each.Path)
			tag, tagSize := chars(each.Tag)
			return C.zimg_options_add_keywords(raw, path, pathSize, C.zimg_keyword_action(each.Action), tag, tagSize, failed)
		})
	}
	return steps
}

func (options *Options) callbacks(kept *failure) []setter {
	var steps []setter
	if options.Trace != nil {
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return handOver(options.Trace, func(handle C.uintptr_t) C.zimg_status {
				return C.zimg_go_options_set_trace(raw, handle, truth(options.TracePrompts), failed)
			})
		})
	}
	if options.HashingProgress != nil {
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return handOver(&bytesCall{options.HashingProgress, kept}, func(handle C.uintptr_t) C.zimg_status {
				return C.zimg_go_options_set_hashing(raw, handle, failed)
			})
		})
	}
	if options.Pipeline != nil {
		steps = append(steps, func(raw *C.zimg_options, failed **C.zimg_error) C.zimg_status {
			return handOver(options.Pipeline, func(handle C.uintptr_t) C.zimg_status {
				data, size := chars(options.PipelineIdentity)
				return C.zimg_go_options_set_pipeline(raw, handle, data, size, failed)
			})
		})
	}
	return steps
}

// handOver gives value to a setter, which keeps it where it succeeds.
func handOver(value any, set func(handle C.uintptr_t) C.zimg_status) C.zimg_status {
	handle := cgo.NewHandle(value)
	status := set(C.uintptr_t(handle))
	if status != C.ZIMG_STATUS_OK {
		handle.Delete()
	}
	return status
}

// make gives options in C, which the caller destroys. What callbacks fail with goes to kept.
func (options *Options) make(kept *failure) (*C.zimg_options, error) {
	var raw *C.zimg_options
	var failed *C.zimg_error
	if err := check(C.zimg_options_create(&raw, &failed), failed); err != nil {
		return nil, err
	}
	for _, steps := range [][]setter{options.texts(), options.numbers(), options.lists(), options.callbacks(kept)} {
		for _, set := range steps {
			if err := check(set(raw, &failed), failed); err != nil {
				C.zimg_options_destroy(raw)
				return nil, err
			}
		}
	}
	return raw, nil
}
