package zimg

// #include "glue.h"
import "C"

import (
	"runtime/cgo"
	"time"
	"unsafe"
)

// What zimg calls. Each is given a cgo.Handle as its user data; nothing may panic out of them.

//export zimgGoRelease
func zimgGoRelease(handle C.uintptr_t) {
	cgo.Handle(handle).Delete()
}

//export zimgGoProgress
func zimgGoProgress(handle C.uintptr_t, raw *C.zimg_progress) {
	call := cgo.Handle(handle).Value().(*progressCall)
	if call.failure.isThere() {
		return
	}
	call.failure.keep(guard("the progress callback", func() error {
		progress := Progress{Step: uint32(C.zimg_progress_step(raw)), Steps: uint32(C.zimg_progress_steps(raw))}
		var width, height C.uint32_t
		var size C.size_t
		if rgb := C.zimg_progress_preview(raw, &width, &height, &size); rgb != nil {
			pixels := append([]byte(nil), bytesOf(rgb, size)...)
			progress.Preview = &Picture{Width: uint32(width), Height: uint32(height), RGB: pixels}
		}
		call.function(progress)
		return nil
	}))
}

//export zimgGoDone
func zimgGoDone(handle C.uintptr_t) {
	close(cgo.Handle(handle).Value().(*doneCall).done)
}

//export zimgGoTrace
func zimgGoTrace(handle C.uintptr_t, raw *C.zimg_trace_event) {
	trace := cgo.Handle(handle).Value().(func(TraceEvent))
	// A trace that fails costs the event and nothing else, in every language.
	_ = guard("the trace callback", func() error {
		event, err := eventOf(raw)
		if err == nil {
			trace(event)
		}
		return err
	})
}

//export zimgGoBytes
func zimgGoBytes(handle C.uintptr_t, done, total C.uint64_t) {
	call := cgo.Handle(handle).Value().(*bytesCall)
	if call.failure.isThere() {
		return
	}
	call.failure.keep(guard("the callback for bytes done", func() error {
		call.function(uint64(done), uint64(total))
		return nil
	}))
}

//export zimgGoClock
func zimgGoClock(handle C.uintptr_t) C.int64_t {
	now := time.Now()
	// A clock that fails leaves the system's time.
	_ = guard("the clock", func() error {
		now = cgo.Handle(handle).Value().(func() time.Time)()
		return nil
	})
	return C.int64_t(now.UnixMilli())
}

//export zimgGoWarning
func zimgGoWarning(handle C.uintptr_t, warning *C.char, size C.size_t) {
	// A warning that fails is lost; the store that it comes from stands.
	_ = guard("the warning callback", func() error {
		cgo.Handle(handle).Value().(func(string))(textOf(warning, size))
		return nil
	})
}

//export zimgGoEntry
func zimgGoEntry(handle C.uintptr_t, key *C.zimg_key, entry *C.zimg_entry, payloadBytes C.uint64_t) C.int {
	running := cgo.Handle(handle).Value().(*run)
	if running.stops() {
		return 0
	}
	answer := false
	running.failure.keep(guard("the callback", func() error {
		answer = running.entry(keyOf(key), entryOf(entry), uint64(payloadBytes))
		return nil
	}))
	return truth(answer)
}

//export zimgGoTally
func zimgGoTally(handle C.uintptr_t, soFar *C.zimg_tally) C.int {
	running := cgo.Handle(handle).Value().(*run)
	if running.stops() {
		return 0
	}
	if running.tally != nil {
		running.failure.keep(guard("the callback", func() error {
			running.tally(tallyOf(soFar))
			return nil
		}))
	}
	return truth(!running.stops())
}

//export zimgGoRefused
func zimgGoRefused(handle C.uintptr_t, number C.uint64_t, key *C.zimg_key, reason *C.char, size C.size_t) {
	running := cgo.Handle(handle).Value().(*run)
	if running.refused == nil || running.failure.isThere() {
		return
	}
	running.failure.keep(guard("the callback", func() error {
		refused := Refused{Number: uint64(number), Reason: textOf(reason, size)}
		if key != nil {
			refused.Key = Set(keyOf(key))
		}
		running.refused(refused)
		return nil
	}))
}

//export zimgGoCacheFind
func zimgGoCacheFind(handle C.uintptr_t, key *C.zimg_key, out *C.zimg_entry, isThere *C.int, failed **C.zimg_error) C.zimg_status {
	return give(guard("the cache's find", func() error {
		found, err := cgo.Handle(handle).Value().(CacheBackend).Find(keyOf(key))
		if err != nil || found == nil {
			return err
		}
		*isThere = 1
		return found.fill(out)
	}), failed)
}

//export zimgGoCacheStore
func zimgGoCacheStore(handle C.uintptr_t, key *C.zimg_key, entry *C.zimg_entry, outcome *C.zimg_store_outcome, failed **C.zimg_error) C.zimg_status {
	return give(guard("the cache's store", func() error {
		answer, err := cgo.Handle(handle).Value().(CacheBackend).Store(keyOf(key), entryOf(entry))
		*outcome = C.zimg_store_outcome(answer)
		return err
	}), failed)
}

//export zimgGoCacheErase
func zimgGoCacheErase(handle C.uintptr_t, key *C.zimg_key, wasThere *C.int, failed **C.zimg_error) C.zimg_status {
	return give(guard("the cache's erase", func() error {
		answer, err := cgo.Handle(handle).Value().(CacheBackend).Erase(keyOf(key))
		*wasThere = truth(answer)
		return err
	}), failed)
}

//export zimgGoCacheContains
func zimgGoCacheContains(handle C.uintptr_t, key *C.zimg_key, isThere *C.int, failed **C.zimg_error) C.zimg_status {
	return give(guard("the cache's contains", func() error {
		answer, err := cgo.Handle(handle).Value().(CacheContainer).Contains(keyOf(key))
		*isThere = truth(answer)
		return err
	}), failed)
}

//export zimgGoCachePin
func zimgGoCachePin(handle C.uintptr_t, key *C.zimg_key, isPinned C.int, isThere *C.int, failed **C.zimg_error) C.zimg_status {
	return give(guard("the cache's pin", func() error {
		answer, err := cgo.Handle(handle).Value().(CachePinner).Pin(keyOf(key), isPinned != 0)
		*isThere = truth(answer)
		return err
	}), failed)
}

//export zimgGoCacheList
func zimgGoCacheList(handle C.uintptr_t, visit C.zimg_entry_function, data unsafe.Pointer, failed **C.zimg_error) C.zimg_status {
	return give(guard("the cache's list", func() error {
		var wrong error // of an entry, which ends the list
		err := cgo.Handle(handle).Value().(CacheLister).List(func(key Key, entry *Entry, payloadBytes uint64) bool {
			if wrong != nil {
				return false
			}
			shown, err := entry.make()
			if err != nil {
				wrong = err
				return false
			}
			defer C.zimg_entry_destroy(shown)
			return C.zimg_go_visit(visit, data, key.c(), shown, C.uint64_t(payloadBytes)) != 0
		})
		if wrong != nil {
			return wrong
		}
		return err
	}), failed)
}

//export zimgGoCacheStats
func zimgGoCacheStats(handle C.uintptr_t, stats *C.zimg_stats, failed **C.zimg_error) C.zimg_status {
	return give(guard("the cache's counts", func() error {
		counts, err := cgo.Handle(handle).Value().(CacheCounter).Counts()
		if err != nil {
			return err
		}
		for count, value := range counts {
			var wrong *C.zimg_error
			status := C.zimg_stats_set_count(stats, C.zimg_count(count), C.uint64_t(value), &wrong)
			if err := check(status, wrong); err != nil {
				return err
			}
		}
		return nil
	}), failed)
}

//export zimgGoDraw
func zimgGoDraw(handle C.uintptr_t, order *C.zimg_drawing, out *C.zimg_picture, failed **C.zimg_error) C.zimg_status {
	return give(guard("the pipeline's draw", func() error {
		drawing := drawingOf(order)
		defer drawing.end()
		picture, err := cgo.Handle(handle).Value().(Pipeline).Draw(drawing)
		if err != nil {
			return err
		}
		return picture.fill(out)
	}), failed)
}
