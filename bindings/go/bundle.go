package zimg

// #include "glue.h"
import "C"

import "context"

// Refused is an entry that was not imported.
type Refused struct {
	// Its place in the bundle.
	Number uint64
	// Nil where it could not be read.
	Key *Key
	// Why, one sentence.
	Reason string
}

// ExportBundle writes the entries for which filter gives true (nil: all) to the file path, in key order: Entries
// PayloadBytes LeftOut. The file appears when it is whole, with mode 0600, in place of one that was there. progress may be
// nil.
func ExportBundle(ctx context.Context, cache *Cache, path string, filter EntryFunc, progress func(Tally)) (Tally, error) {
	if filter == nil {
		filter = func(Key, *Entry, uint64) bool { return true }
	}
	return (&run{ctx: ctx, entry: filter, tally: progress}).talliedOf(cache, func(raw *C.zimg_cache, handle C.uintptr_t, out **C.zimg_tally, failed **C.zimg_error) C.zimg_status {
		data, size := chars(path)
		return C.zimg_go_bundle_export(raw, data, size, handle, out, failed)
	})
}

// ImportBundle stores every sound entry of the bundle: Entries Stored PayloadBytes Refused ReadBytes FileBytes IsWhole.
// refused and progress may be nil.
func ImportBundle(ctx context.Context, cache *Cache, path string, refused func(Refused), progress func(Tally)) (Tally, error) {
	return (&run{ctx: ctx, tally: progress, refused: refused}).talliedOf(cache, func(raw *C.zimg_cache, handle C.uintptr_t, out **C.zimg_tally, failed **C.zimg_error) C.zimg_status {
		data, size := chars(path)
		return C.zimg_go_bundle_import(raw, data, size, handle, out, failed)
	})
}
