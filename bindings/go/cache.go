package zimg

// #include <stdlib.h>
// #include "glue.h"
import "C"

import (
	"context"
	"runtime"
	"time"
	"unsafe"
)

// Cache remembers encoded pictures by key. Its Close gives up this value; the cache ends with the last generator, job or
// tier that uses it.
type Cache struct {
	handle
}

func newCache(raw *C.zimg_cache) *Cache {
	cache := &Cache{own("cache", unsafe.Pointer(raw), func(raw unsafe.Pointer) {
		C.zimg_cache_destroy((*C.zimg_cache)(raw))
	})}
	runtime.SetFinalizer(cache, (*Cache).Close)
	return cache
}

// OpenCache opens "lmdb:PATH?size=10GiB&allow_network=1", "memory:?size=256MiB", or a tier of two joined by a comma. Empty
// is the store at its default place. "none:" is refused here: it is no cache. policy may be nil.
func OpenCache(url string, policy *Policy) (*Cache, error) {
	rules, end, err := policy.borrow()
	if err != nil {
		return nil, err
	}
	defer end()
	var out *C.zimg_cache
	var failed *C.zimg_error
	data, size := chars(url)
	if err := check(C.zimg_cache_open(data, size, rules, &out, &failed), failed); err != nil {
		return nil, err
	}
	if out == nil {
		message := "the cache URL '" + url + "' names no cache; leave the cache out instead"
		return nil, NewError(StatusInvalidArgument, message)
	}
	return newCache(out), nil
}

// OpenLMDB opens a store on a disk.
func OpenLMDB(options LMDBOptions) (*Cache, error) {
	raw, err := options.make()
	if err != nil {
		return nil, err
	}
	defer C.zimg_lmdb_options_destroy(raw)
	var out *C.zimg_cache
	var failed *C.zimg_error
	if err := check(C.zimg_cache_open_lmdb(raw, &out, &failed), failed); err != nil {
		return nil, err
	}
	return newCache(out), nil
}

// NewMemoryCache makes a cache of this process, gone with it. capacityBytes counts payloads; policy may be nil.
func NewMemoryCache(capacityBytes uint64, policy *Policy) (*Cache, error) {
	rules, end, err := policy.borrow()
	if err != nil {
		return nil, err
	}
	defer end()
	var out *C.zimg_cache
	var failed *C.zimg_error
	status := C.zimg_cache_make_memory(C.uint64_t(capacityBytes), rules, &out, &failed)
	if err := check(status, failed); err != nil {
		return nil, err
	}
	return newCache(out), nil
}

// NewTier puts upper, small and fast, before lower, large and lasting.
func NewTier(upper, lower *Cache) (*Cache, error) {
	var out *C.zimg_cache
	err := upper.call(func(first *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		second, err := lower.use()
		if err != nil {
			return give(err, failed)
		}
		defer lower.drop()
		return C.zimg_cache_make_tier(first, (*C.zimg_cache)(second), &out, failed)
	})
	if err != nil {
		return nil, err
	}
	return newCache(out), nil
}

// DefaultCachePath is where OpenCache with an empty URL keeps its pictures.
func DefaultCachePath() (string, error) {
	var out *C.zimg_text
	var failed *C.zimg_error
	if err := check(C.zimg_cache_default_path(&out, &failed), failed); err != nil {
		return "", err
	}
	return takeText(out), nil
}

// call runs call with the cache in C.
func (cache *Cache) call(call func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status) error {
	var owner *handle
	if cache != nil {
		owner = &cache.handle
	}
	raw, err := owner.use()
	if err != nil {
		return err
	}
	defer owner.drop()
	var failed *C.zimg_error
	return check(call((*C.zimg_cache)(raw), &failed), failed)
}

// Find is the entry under key; nil where there is none.
func (cache *Cache) Find(key Key) (*Entry, error) {
	return cache.find(func(raw *C.zimg_cache, out **C.zimg_entry, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_find(raw, key.c(), out, failed)
	})
}

// Peek is as Find, but counted nowhere.
func (cache *Cache) Peek(key Key) (*Entry, error) {
	return cache.find(func(raw *C.zimg_cache, out **C.zimg_entry, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_peek(raw, key.c(), out, failed)
	})
}

func (cache *Cache) find(find func(*C.zimg_cache, **C.zimg_entry, **C.zimg_error) C.zimg_status) (*Entry, error) {
	var out *C.zimg_entry
	err := cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status { return find(raw, &out, failed) })
	if err != nil || out == nil {
		return nil, err
	}
	defer C.zimg_entry_destroy(out)
	return entryOf(out), nil
}

// Contains says whether there is an entry under key.
func (cache *Cache) Contains(key Key) (bool, error) {
	var out C.int
	err := cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_contains(raw, key.c(), &out, failed)
	})
	return out != 0, err
}

// Store keeps entry, which has a payload, replacing what was there.
func (cache *Cache) Store(key Key, entry *Entry) (StoreOutcome, error) {
	made, err := entry.make()
	if err != nil {
		return 0, err
	}
	defer C.zimg_entry_destroy(made)
	var out C.zimg_store_outcome
	err = cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_store(raw, key.c(), made, &out, failed)
	})
	return StoreOutcome(out), err
}

// Keyed is an entry and its key.
type Keyed struct {
	Key   Key
	Entry *Entry
}

// StoreAll keeps all of them, committed together by a cache on a disk; an entry that fails a limit fails all.
func (cache *Cache) StoreAll(entries []Keyed) ([]StoreOutcome, error) {
	keys := make([]C.zimg_key, len(entries)+1) // one more, so that there is a first of none
	outcomes := make([]C.zimg_store_outcome, len(entries)+1)
	// The pointers lie in C, since what Go hands over may not hold pointers of its own to move.
	made := (**C.zimg_entry)(C.calloc(C.size_t(len(entries)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	all := unsafe.Slice(made, len(entries)+1)
	defer func() {
		for _, each := range all {
			C.zimg_entry_destroy(each)
		}
		C.free(unsafe.Pointer(made))
	}()
	for i := range entries {
		raw, err := entries[i].Entry.make()
		if err != nil {
			return nil, err
		}
		keys[i], all[i] = *entries[i].Key.c(), raw
	}
	err := cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_store_all(raw, &keys[0], made, C.size_t(len(entries)), &outcomes[0], failed)
	})
	if err != nil {
		return nil, err
	}
	results := make([]StoreOutcome, len(entries))
	for i := range results {
		results[i] = StoreOutcome(outcomes[i])
	}
	return results, nil
}

// Erase says whether there was such an entry.
func (cache *Cache) Erase(key Key) (bool, error) {
	var out C.int
	err := cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_erase(raw, key.c(), &out, failed)
	})
	return out != 0, err
}

// Pin pins the entry or lets it go, and says whether there is such an entry.
func (cache *Cache) Pin(key Key, isPinned bool) (bool, error) {
	var out C.int
	err := cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_pin(raw, key.c(), truth(isPinned), &out, failed)
	})
	return out != 0, err
}

// EntryFunc looks at one entry, whose payload is not read, and the bytes of that.
type EntryFunc func(key Key, entry *Entry, payloadBytes uint64) bool

// List shows each entry in key order until visit gives false. visit may call the cache.
func (cache *Cache) List(ctx context.Context, visit EntryFunc) error {
	return (&run{ctx: ctx, entry: visit}).call(func(handle C.uintptr_t) error {
		return cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
			return C.zimg_go_cache_list(raw, handle, failed)
		})
	})
}

// EraseIf erases the entries for which match gives true, and says how many. It must not call the cache.
func (cache *Cache) EraseIf(match EntryFunc) (uint64, error) {
	var out C.uint64_t
	err := (&run{ctx: context.Background(), entry: match}).call(func(handle C.uintptr_t) error {
		return cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
			return C.zimg_go_cache_erase_if(raw, handle, &out, failed)
		})
	})
	return uint64(out), err
}

// Purge erases what fits filter, and says how many.
func (cache *Cache) Purge(filter PurgeFilter) (uint64, error) {
	made, err := filter.make()
	if err != nil {
		return 0, err
	}
	defer C.zimg_purge_filter_destroy(made)
	var out C.uint64_t
	err = cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_purge(raw, made, &out, failed)
	})
	return uint64(out), err
}

// Verify reads every entry and erases those whose SHA-256 is wrong: Entries PayloadBytes Corrupt Unreadable Listed (those
// there at the beginning; 0 where unknown) TreeDamages (not 0: only RebuildStore makes the store whole). progress may be nil.
func (cache *Cache) Verify(ctx context.Context, progress func(Tally)) (tally Tally, err error) {
	return (&run{ctx: ctx, tally: progress}).talliedOf(cache, func(raw *C.zimg_cache, handle C.uintptr_t, out **C.zimg_tally, failed **C.zimg_error) C.zimg_status {
		return C.zimg_go_cache_verify(raw, handle, out, failed)
	})
}

// Stats is what the cache holds and did.
func (cache *Cache) Stats() (Stats, error) {
	var out *C.zimg_stats
	err := cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_stats(raw, &out, failed)
	})
	if err != nil {
		return Stats{}, err
	}
	return takeStats(out), nil
}

// Description is what a person would call it.
func (cache *Cache) Description() (string, error) {
	var out *C.zimg_text
	err := cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_description(raw, &out, failed)
	})
	if err != nil {
		return "", err
	}
	return takeText(out), nil
}

// Shut waits for the calls in flight and gives up what the cache holds open, for all who use it; later calls are ErrClosed.
// ErrInvalidArgument in a method of a CacheBackend and in a callback of a call to this cache, which would wait for itself.
func (cache *Cache) Shut() error {
	return cache.call(func(raw *C.zimg_cache, failed **C.zimg_error) C.zimg_status {
		return C.zimg_cache_close(raw, failed)
	})
}

// PurgeFilter fits every entry until something is set; then those that fit all that is set.
type PurgeFilter struct {
	Namespace, Model, Tag *string
	// The zero time is any.
	StoredBefore time.Time
	// Hexadecimal digits that the key begins with.
	KeyPrefix    string
	SparesPinned bool
}

// make gives a filter in C, which the caller destroys.
func (filter *PurgeFilter) make() (*C.zimg_purge_filter, error) {
	var raw *C.zimg_purge_filter
	var failed *C.zimg_error
	status := C.zimg_purge_filter_create(&raw, &failed)
	if status == C.ZIMG_STATUS_OK && filter.Namespace != nil {
		data, size := chars(*filter.Namespace)
		status = C.zimg_purge_filter_set_namespace(raw, data, size, &failed)
	}
	if status == C.ZIMG_STATUS_OK && filter.Model != nil {
		data, size := chars(*filter.Model)
		status = C.zimg_purge_filter_set_model(raw, data, size, &failed)
	}
	if status == C.ZIMG_STATUS_OK && filter.Tag != nil {
		data, size := chars(*filter.Tag)
		status = C.zimg_purge_filter_set_tag(raw, data, size, &failed)
	}
	if status == C.ZIMG_STATUS_OK && !filter.StoredBefore.IsZero() {
		status = C.zimg_purge_filter_set_stored_before_ms(raw, unixMS(filter.StoredBefore), &failed)
	}
	if status == C.ZIMG_STATUS_OK && filter.KeyPrefix != "" {
		data, size := chars(filter.KeyPrefix)
		status = C.zimg_purge_filter_set_key_prefix(raw, data, size, &failed)
	}
	if status == C.ZIMG_STATUS_OK && filter.SparesPinned {
		status = C.zimg_purge_filter_set_spares_pinned(raw, 1, &failed)
	}
	if err := check(status, failed); err != nil {
		C.zimg_purge_filter_destroy(raw)
		return nil, err
	}
	return raw, nil
}

// Matches says whether an entry fits.
func (filter *PurgeFilter) Matches(key Key, entry *Entry) (bool, error) {
	made, err := filter.make()
	if err != nil {
		return false, err
	}
	defer C.zimg_purge_filter_destroy(made)
	shown, err := entry.make()
	if err != nil {
		return false, err
	}
	defer C.zimg_entry_destroy(shown)
	return C.zimg_purge_filter_matches(made, key.c(), shown) != 0, nil
}
