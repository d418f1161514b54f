package zimg

// #include "glue.h"
import "C"

import (
	"context"
	"time"
)

// LMDBOptions is a store on a disk: where it is, and how it is opened.
type LMDBOptions struct {
	// A cache URL "lmdb:..."; where it is set, what it names holds unless a field below says otherwise.
	URL string
	// A folder, created 0700 with its parents when absent.
	Path string
	// 4 MiB to 16 TiB, rounded down to a multiple of 65,536; 0: the store's own, or for a new one the smaller of 10 GiB and
	// 10 % of the free disk.
	CapacityBytes uint64
	// How long a writer may wait for another process, in whole milliseconds. Nil is 100 ms.
	LockTimeout *time.Duration
	// A store on a network file system, where LMDB's locks do not hold across machines; false refuses it.
	AllowNetwork bool
	Policy       *Policy
	// The pictures of a namespace are encrypted (AES-256-GCM) under its secret. Those of the policy are added; of two for
	// one namespace, that of this list is taken.
	NamespaceSecrets []NamespaceSecret
}

// make gives options in C, which the caller destroys.
func (options *LMDBOptions) make() (*C.zimg_lmdb_options, error) {
	var raw *C.zimg_lmdb_options
	var failed *C.zimg_error
	var err error
	if options.URL != "" {
		data, size := chars(options.URL)
		err = check(C.zimg_lmdb_options_from_url(data, size, &raw, &failed), failed)
	} else {
		err = check(C.zimg_lmdb_options_create(&raw, &failed), failed)
	}
	if err != nil {
		return nil, err
	}
	if err := options.fill(raw); err != nil {
		C.zimg_lmdb_options_destroy(raw)
		return nil, err
	}
	return raw, nil
}

func (options *LMDBOptions) fill(raw *C.zimg_lmdb_options) error {
	var failed *C.zimg_error
	status := C.zimg_status(C.ZIMG_STATUS_OK)
	if options.Path != "" {
		data, size := chars(options.Path)
		status = C.zimg_lmdb_options_set_path(raw, data, size, &failed)
	}
	if status == C.ZIMG_STATUS_OK && options.CapacityBytes != 0 {
		status = C.zimg_lmdb_options_set_capacity_bytes(raw, C.uint64_t(options.CapacityBytes), &failed)
	}
	if status == C.ZIMG_STATUS_OK && options.LockTimeout != nil {
		ms, err := wholeMS("LockTimeout", *options.LockTimeout)
		if err != nil {
			return err
		}
		status = C.zimg_lmdb_options_set_lock_timeout_ms(raw, ms, &failed)
	}
	if status == C.ZIMG_STATUS_OK && options.AllowNetwork {
		status = C.zimg_lmdb_options_set_allow_network(raw, 1, &failed)
	}
	if err := check(status, failed); err != nil {
		return err
	}
	policy, end, err := options.Policy.borrow()
	if err != nil {
		return err
	}
	defer end()
	if policy != nil {
		status = C.zimg_lmdb_options_set_policy(raw, policy, &failed)
	}
	for i := 0; status == C.ZIMG_STATUS_OK && i < len(options.NamespaceSecrets); i++ {
		name, nameSize := chars(options.NamespaceSecrets[i].Namespace)
		secret, secretSize := octets(options.NamespaceSecrets[i].Secret)
		status = C.zimg_go_lmdb_options_add_secret(raw, name, nameSize, secret, secretSize, &failed)
	}
	return check(status, failed)
}

// tallied runs call with options in C.
func (options *LMDBOptions) tallied(running *run, call func(*C.zimg_lmdb_options, C.uintptr_t, **C.zimg_tally,
	**C.zimg_error) C.zimg_status) (Tally, error) {
	raw, err := options.make()
	if err != nil {
		return Tally{}, err
	}
	defer C.zimg_lmdb_options_destroy(raw)
	return running.tallied(func(handle C.uintptr_t, out **C.zimg_tally, failed **C.zimg_error) C.zimg_status {
		return call(raw, handle, out, failed)
	})
}

// VerifyStore is Cache.Verify of the store that options name, open elsewhere or not, without opening it here: child
// processes read it, since damage of its own records may end who does. Unreadable are, among others, the encrypted
// entries that the options have no secret for. progress may be nil.
func VerifyStore(ctx context.Context, options LMDBOptions, progress func(Tally)) (Tally, error) {
	return options.tallied(&run{ctx: ctx, tally: progress}, func(raw *C.zimg_lmdb_options, handle C.uintptr_t,
		out **C.zimg_tally, failed **C.zimg_error) C.zimg_status {
		return C.zimg_go_store_verify(raw, handle, out, failed)
	})
}

// RebuildStore copies every sound entry of a store that nobody has open into a fresh one, which takes its place: Entries
// PayloadBytes Lost Expired Unreadable Listed TreeDamages DiskBytesBefore DiskBytesAfter. progress may be nil.
func RebuildStore(ctx context.Context, options LMDBOptions, progress func(Tally)) (Tally, error) {
	return options.tallied(&run{ctx: ctx, tally: progress}, func(raw *C.zimg_lmdb_options, handle C.uintptr_t,
		out **C.zimg_tally, failed **C.zimg_error) C.zimg_status {
		return C.zimg_go_store_rebuild(raw, handle, out, failed)
	})
}

// ResizeStore gives the store that options name, and that nobody has open, their capacity.
func ResizeStore(options LMDBOptions) error {
	raw, err := options.make()
	if err != nil {
		return err
	}
	defer C.zimg_lmdb_options_destroy(raw)
	var failed *C.zimg_error
	return check(C.zimg_store_resize(raw, &failed), failed)
}
