package zimg

// #include "glue.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Error is why a call failed: what kind of failure, and one English sentence that names the file, field or key, never a
// prompt or a secret.
type Error struct {
	Status  Status
	Message string
	cause   error
}

// NewError makes one, for a CacheBackend or a Pipeline, which report their failures as zimg does.
func NewError(status Status, message string) *Error {
	return &Error{Status: status, Message: message}
}

func (err *Error) Error() string {
	return err.Message
}

// Is makes errors.Is(err, ErrCancelled) and its like true.
func (err *Error) Is(target error) bool {
	status, isStatus := target.(Status)
	return isStatus && status == err.Status
}

// Unwrap is the context's error where a context ended the call; nil otherwise.
func (err *Error) Unwrap() error {
	return err.cause
}

// Error makes a Status an error.
func (value Status) Error() string {
	return "zimg: " + value.String()
}

// check is the error of a call that answered with status and left failure behind.
func check(status C.zimg_status, failure *C.zimg_error) error {
	if status == C.ZIMG_STATUS_OK {
		return nil
	}
	message := "there was no memory left to say what failed"
	if failure != nil {
		message = text(func(size *C.size_t) *C.char { return C.zimg_error_message(failure, size) })
		C.zimg_error_destroy(failure)
	}
	return &Error{Status: Status(status), Message: message}
}

// because adds the context's error to one that says that a call was cancelled.
func because(ctx context.Context, err error) error {
	return dueTo(ctx.Err(), err)
}

func dueTo(cause, err error) error {
	if failed, is := err.(*Error); is && failed.Status == StatusCancelled && cause != nil {
		failed.cause = cause
	}
	return err
}

// cancelled is the error of a call that a context ended before it began.
func cancelled(ctx context.Context) error {
	return &Error{Status: StatusCancelled, Message: "the request was cancelled before it began", cause: ctx.Err()}
}

// give hands err to zimg, from a callback: the status to return, with the error in out.
func give(err error, out **C.zimg_error) C.zimg_status {
	if err == nil {
		return C.ZIMG_STATUS_OK
	}
	status, message := told(err)
	if out != nil {
		data, size := chars(message)
		*out = C.zimg_error_create(C.zimg_status(status), data, size)
	}
	return C.zimg_status(status)
}

// told is what err says to zimg. The methods of an error may panic, as those of a nil pointer in it do.
func told(err error) (status Status, message string) {
	status, message = StatusInternal, fmt.Sprintf("an error of type %T, whose text cannot be made", err)
	_ = guard("the error", func() error {
		message = err.Error()
		var failed *Error
		var bare Status
		if errors.As(err, &failed) {
			bare = failed.Status
		} else {
			errors.As(err, &bare)
		}
		if bare != StatusOK {
			status = bare
		}
		return nil
	})
	return status, message
}

// guard runs call, a panic of which becomes an error that names it. Before Go 1.21 recover has nothing of panic(nil).
func guard(name string, call func() error) (err error) {
	hasReturned := false
	defer func() {
		if reason := recover(); !hasReturned {
			err = &Error{Status: StatusInternal, Message: fmt.Sprintf("%s panicked: %v", name, reason)}
		}
	}()
	err = call()
	hasReturned = true
	return err
}

// failure is where a callback leaves the error that C has no way for, until the call that it came from ends.
type failure struct {
	mutex sync.Mutex
	err   error
}

// keep keeps the first error: it is the cause, those after it are its consequences.
func (kept *failure) keep(err error) {
	if err == nil {
		return
	}
	kept.mutex.Lock()
	defer kept.mutex.Unlock()
	if kept.err == nil {
		kept.err = err
	}
}

// peek is what was kept, which stays; nil where nothing was.
func (kept *failure) peek() error {
	kept.mutex.Lock()
	defer kept.mutex.Unlock()
	return kept.err
}

func (kept *failure) isThere() bool {
	return kept.peek() != nil
}

// or is what was kept, which is gone then, or else err.
func (kept *failure) or(err error) error {
	kept.mutex.Lock()
	defer kept.mutex.Unlock()
	if kept.err != nil {
		err, kept.err = kept.err, nil
	}
	return err
}
