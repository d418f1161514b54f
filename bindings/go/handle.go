package zimg

// #include "glue.h"
import "C"

import (
	"fmt"
	"math"
	"sync"
	"time"
	"unsafe"
)

// handle owns a handle of the library for as long as it is open or a call uses it.
type handle struct {
	mutex    sync.Mutex
	raw      unsafe.Pointer
	users    int
	isClosed bool
	destroy  func(raw unsafe.Pointer)
	name     string
}

func own(name string, raw unsafe.Pointer, destroy func(raw unsafe.Pointer)) handle {
	return handle{name: name, raw: raw, destroy: destroy}
}

// use is the raw handle until drop is called.
func (owner *handle) use() (unsafe.Pointer, error) {
	if owner == nil {
		return nil, NewError(StatusInvalidArgument, "a nil was used where something of zimg is required")
	}
	owner.mutex.Lock()
	defer owner.mutex.Unlock()
	if owner.isClosed || owner.raw == nil {
		name := owner.name
		if name == "" {
			name = "value"
		}
		return nil, NewError(StatusClosed, "the "+name+" was closed, or never made")
	}
	owner.users++
	return owner.raw, nil
}

func (owner *handle) drop() {
	owner.mutex.Lock()
	owner.users--
	raw := owner.takeIfUnused()
	owner.mutex.Unlock()
	if raw != nil {
		owner.destroy(raw)
	}
}

// takeIfUnused takes the raw handle out where it is closed and nobody uses it, for the caller to destroy.
func (owner *handle) takeIfUnused() unsafe.Pointer {
	if !owner.isClosed || owner.users > 0 {
		return nil
	}
	raw := owner.raw
	owner.raw = nil
	return raw
}

// Close lets go of it; with the last call that uses it, or here, it ends. It never fails, and may be called twice.
func (owner *handle) Close() error {
	owner.mutex.Lock()
	owner.isClosed = true
	raw := owner.takeIfUnused()
	owner.mutex.Unlock()
	if raw != nil {
		owner.destroy(raw)
	}
	return nil
}

// chars is text as C reads it: a pointer and a length, for one call.
func chars(text string) (*C.char, C.size_t) {
	return *(**C.char)(unsafe.Pointer(&text)), C.size_t(len(text))
}

// octets is data as C reads it.
func octets(data []byte) (*C.uint8_t, C.size_t) {
	return *(**C.uint8_t)(unsafe.Pointer(&data)), C.size_t(len(data))
}

// text is a copy of what getter points to.
func text(getter func(size *C.size_t) *C.char) string {
	var size C.size_t
	data := getter(&size)
	return textOf(data, size)
}

func textOf(data *C.char, size C.size_t) string {
	if data == nil {
		return ""
	}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(data)), int(size)))
}

// bytesOf is the octets at data, for as long as zimg keeps them.
func bytesOf(data *C.uint8_t, size C.size_t) []byte {
	if data == nil {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(data)), int(size))
}

// takeText takes over a text that a call made.
func takeText(raw *C.zimg_text) string {
	defer C.zimg_text_destroy(raw)
	return text(func(size *C.size_t) *C.char { return C.zimg_text_data(raw, size) })
}

func truth(value bool) C.int {
	if value {
		return 1
	}
	return 0
}

// Set makes a pointer to value, for the fields that may be left out.
func Set[T any](value T) *T {
	return &value
}

func duration(ms C.double) time.Duration {
	return time.Duration(float64(ms) * float64(time.Millisecond))
}

// wholeMS is value in whole milliseconds, which C has 32 bits for. name is the field that it is of.
func wholeMS(name string, value time.Duration) (C.uint32_t, error) {
	ms := value.Milliseconds()
	if value < 0 || ms > math.MaxUint32 {
		message := fmt.Sprintf("the field '%s' is %v; 0 to %d ms are expected", name, value, uint32(math.MaxUint32))
		return 0, NewError(StatusInvalidArgument, message)
	}
	return C.uint32_t(ms), nil
}

// unixMS is a point in time as zimg has it, whose 0 is none.
func unixMS(when time.Time) C.int64_t {
	if when.IsZero() {
		return 0
	}
	return C.int64_t(when.UnixMilli())
}

func timeOf(ms C.int64_t) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(ms))
}
