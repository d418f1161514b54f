package zimg

// #include "glue.h"
import "C"

// CacheBackend is a cache written in Go, for WrapCache. Its methods are called from any thread at any time. It may forget,
// never lie: zimg checks the SHA-256 of what is found and takes a wrong one for absent. A panic is the error ErrInternal of
// that call. They must not ask a generator for a picture or a key, drain one or shut a cache: that may be waiting for them, and
// is ErrInvalidArgument.
//
// CacheLister, CacheContainer, CachePinner and CacheCounter are what it may have besides.
type CacheBackend interface {
	// Find gives the entry under key, payload included; nil where there is none.
	Find(key Key) (*Entry, error)
	// Store keeps entry, all of its facts and its payload. The entry is the backend's to keep.
	Store(key Key, entry *Entry) (StoreOutcome, error)
	// Erase says whether there was such an entry.
	Erase(key Key) (bool, error)
}

// CacheLister shows what a backend holds. Without it, whoever lists, purges, verifies or exports gets ErrUnsupported.
type CacheLister interface {
	// List calls visit with each entry, whose payload need not be there, and the bytes of that, until it gives false.
	List(visit EntryFunc) error
}

// CacheContainer says whether there is an entry. Without it, that is made from Find.
type CacheContainer interface {
	Contains(key Key) (bool, error)
}

// CachePinner pins an entry or lets it go, and says whether there is one. Without it, that is made from Find and Store.
type CachePinner interface {
	Pin(key Key, isPinned bool) (bool, error)
}

// CacheCounter tells those of the counts of Stats.Count that it knows. Without it, all are 0 but those that zimg keeps.
type CacheCounter interface {
	Counts() (map[Count]uint64, error)
}

// WrapCache makes a cache of backend. description is what a person would call it.
func WrapCache(backend CacheBackend, description string) (*Cache, error) {
	if backend == nil {
		return nil, NewError(StatusInvalidArgument, "the backend is nil; a cache is expected")
	}
	_, lists := backend.(CacheLister)
	_, contains := backend.(CacheContainer)
	_, pins := backend.(CachePinner)
	_, counts := backend.(CacheCounter)
	var out *C.zimg_cache
	var failed *C.zimg_error
	status := handOver(backend, func(handle C.uintptr_t) C.zimg_status {
		data, size := chars(description)
		return C.zimg_go_cache_wrap(handle, truth(lists), truth(contains), truth(pins), truth(counts), data, size, &out, &failed)
	})
	if err := check(status, failed); err != nil {
		return nil, err
	}
	return newCache(out), nil
}
