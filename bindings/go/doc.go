// Package zimg draws a picture from a prompt with Z-Image-Turbo, and never draws the same picture twice.
//
//	generator, err := zimg.NewGenerator(zimg.Options{CacheURL: "memory:"}, nil)
//	...
//	defer generator.Close()
//	picture, err := generator.Generate(ctx, zimg.Request{Prompt: "a red circle"})
//	...
//	defer picture.Close()
//	picture.WriteTo(file)
//
// Errors are *Error: a Status and one sentence. errors.Is compares them with ErrCancelled and the like, and, where a
// context ended the call, with context.Canceled or context.DeadlineExceeded.
//
// A context comes first in every call that draws, makes a key or waits for a job, and in those that go through a whole store
// and can be stopped: List, Verify, ExportBundle, ImportBundle, VerifyStore and RebuildStore. When one is done the call is
// cancelled, and returns when it has ended. The drawing behind it, which others may share, stops within one denoiser layer
// where nobody else wants it. All other calls run to their end.
//
// Threads: every type may be used by any goroutines at once. What is plain data is copied when it is handed over.
//
// Close lets go of what a value holds in the library. It may be called twice, and while others use the value: their calls
// end as they would have, later ones fail with ErrClosed. What is never closed is closed when it is collected.
//
// Callbacks run on threads of the library. A panic in one is caught and becomes the error, ErrInternal, of the call that
// it came from. A callback must not end its goroutine (runtime.Goexit, so neither testing.T.FailNow).
//
// The raw layer is cgo's own view of zimg/zimg.h, which the compiler reads: it cannot differ from the library's.
package zimg

// #cgo pkg-config: zimg
// #cgo CFLAGS: -std=c99
// #include "glue.h"
import "C"
