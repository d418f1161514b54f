package zimg

// #include "glue.h"
import "C"

import (
	"context"
	"runtime/cgo"
)

// run is a call that tells how far it is, or shows single entries, while it lasts. A context that is done stops it.
type run struct {
	ctx     context.Context
	entry   EntryFunc
	tally   func(Tally)
	refused func(Refused)
	failure failure
}

// stops says whether no more is wanted.
func (running *run) stops() bool {
	return running.ctx.Err() != nil || running.failure.isThere()
}

func (running *run) call(call func(handle C.uintptr_t) error) error {
	if running.ctx.Err() != nil {
		return cancelled(running.ctx)
	}
	handle := cgo.NewHandle(running)
	defer handle.Delete()
	err := running.failure.or(call(C.uintptr_t(handle)))
	if err == nil && running.entry != nil && running.ctx.Err() != nil {
		return &Error{Status: StatusCancelled, Message: "the context was done before the end", cause: running.ctx.Err()}
	}
	return because(running.ctx, err)
}

func (running *run) tallied(call func(C.uintptr_t, **C.zimg_tally, **C.zimg_error) C.zimg_status) (Tally, error) {
	var out *C.zimg_tally
	err := running.call(func(handle C.uintptr_t) error {
		var failed *C.zimg_error
		return check(call(handle, &out, &failed), failed)
	})
	tally := takeTally(out)
	if err != nil {
		return Tally{}, err
	}
	return tally, nil
}

func (running *run) talliedOf(cache *Cache,
	call func(*C.zimg_cache, C.uintptr_t, **C.zimg_tally, **C.zimg_error) C.zimg_status) (Tally, error) {
	var out *C.zimg_tally
	err := running.call(func(handle C.uintptr_t) error {
		return cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
			return call(raw, handle, &out, failed)
		})
	})
	tally := takeTally(out)
	if err != nil {
		return Tally{}, err
	}
	return tally, nil
}
