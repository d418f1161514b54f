package zimg

// #include "glue.h"
import "C"

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

// Policy is which entries of a cache stay and which go.
type Policy struct {
	handle
}

// NewPolicy makes one without rules.
func NewPolicy() (*Policy, error) {
	var raw *C.zimg_policy
	var failed *C.zimg_error
	if err := check(C.zimg_policy_create(&raw, &failed), failed); err != nil {
		return nil, err
	}
	policy := &Policy{own("policy", unsafe.Pointer(raw), func(raw unsafe.Pointer) {
		C.zimg_policy_destroy((*C.zimg_policy)(raw))
	})}
	runtime.SetFinalizer(policy, (*Policy).Close)
	return policy, nil
}

func (policy *Policy) set(set func(raw *C.zimg_policy, failed **C.zimg_error) C.zimg_status) error {
	raw, err := policy.use()
	if err != nil {
		return err
	}
	defer policy.drop()
	var failed *C.zimg_error
	return check(set((*C.zimg_policy)(raw), &failed), failed)
}

// Rule is that of a namespace; 0 is no limit, no reserve, no time to live.
type Rule struct {
	LimitBytes, ReservedBytes uint64
	// In whole milliseconds; less than one is refused, as it is none.
	TTL time.Duration
}

// AddNamespace gives a namespace its rule; "*" is that of each which has none of its own.
func (policy *Policy) AddNamespace(name string, rule Rule) error {
	if rule.TTL != 0 && rule.TTL.Milliseconds() == 0 {
		message := fmt.Sprintf("the namespace '%s' has a time to live of %v; at least 1 ms, or 0 for none, is expected", name, rule.TTL)
		return NewError(StatusInvalidArgument, message)
	}
	return policy.set(func(raw *C.zimg_policy, failed **C.zimg_error) C.zimg_status {
		data, size := chars(name)
		limit, reserved := C.uint64_t(rule.LimitBytes), C.uint64_t(rule.ReservedBytes)
		return C.zimg_policy_add_namespace(raw, data, size, limit, reserved, C.int64_t(rule.TTL.Milliseconds()), failed)
	})
}

// AddNamespaceSecret lets a store on a disk encrypt the pictures of a namespace (AES-256-GCM) under the secret, where the
// cache URL says "encrypt=1" or where LMDBOptions have the policy; no other cache encrypts.
func (policy *Policy) AddNamespaceSecret(name string, secret []byte) error {
	return policy.set(func(raw *C.zimg_policy, failed **C.zimg_error) C.zimg_status {
		data, size := chars(name)
		hidden, hiddenSize := octets(secret)
		return C.zimg_go_policy_add_secret(raw, data, size, hidden, hiddenSize, failed)
	})
}

// AddPreset gives the namespace of a preset its rule; Request.Preset takes that namespace.
func (policy *Policy) AddPreset(use PresetUse) error {
	raw, err := policy.use()
	if err != nil {
		return err
	}
	defer policy.drop()
	made, err := (&Request{}).make(nil, &failure{})
	if err != nil {
		return err
	}
	defer C.zimg_request_destroy(made)
	return use.apply(made, (*C.zimg_policy)(raw))
}

// apply sets the namespace of request and gives it its rule in policy; nil is none.
func (use *PresetUse) apply(request *C.zimg_request, policy *C.zimg_policy) error {
	var failed *C.zimg_error
	if policy == nil {
		if err := check(C.zimg_policy_create(&policy, &failed), failed); err != nil {
			return err
		}
		defer C.zimg_policy_destroy(policy)
	}
	data, size := chars(use.User)
	return check(C.zimg_preset_apply(C.zimg_preset(use.Preset), data, size, request, policy, &failed), failed)
}

// PresetNamed is the preset "public-demo", "personal", "batch" or "ab-test"; ErrNotFound for another name.
func PresetNamed(name string) (Preset, error) {
	var out C.zimg_preset
	var failed *C.zimg_error
	data, size := chars(name)
	err := check(C.zimg_preset_named(data, size, &out, &failed), failed)
	return Preset(out), err
}

// SetTTLJitter sets the share of a rule's time to live, 0, as at first, to 1, that chance may take off.
func (policy *Policy) SetTTLJitter(jitter float64) error {
	return policy.set(func(raw *C.zimg_policy, failed **C.zimg_error) C.zimg_status {
		return C.zimg_policy_set_ttl_jitter(raw, C.double(jitter), failed)
	})
}

// SetWeighsEntries: true, as at first, lets what saves the fewest seconds for a byte go first; else the least recently
// used, or the oldest.
func (policy *Policy) SetWeighsEntries(isWeighing bool) error {
	return policy.set(func(raw *C.zimg_policy, failed **C.zimg_error) C.zimg_status {
		return C.zimg_policy_set_weighs_entries(raw, truth(isWeighing), failed)
	})
}

// SetClock gives the cache its time, from any thread. It must not call the cache. Where it panics, the system's time is
// taken.
func (policy *Policy) SetClock(now func() time.Time) error {
	return policy.set(func(raw *C.zimg_policy, failed **C.zimg_error) C.zimg_status {
		return handOver(now, func(handle C.uintptr_t) C.zimg_status {
			return C.zimg_go_policy_set_clock(raw, handle, failed)
		})
	})
}

// SetWarning sets what is called when a store fills the cache beyond 80 %, and again only after one that left it below
// 70 %. It must not call the cache, nor ask a generator for a picture. A panic loses the warning and nothing else.
func (policy *Policy) SetWarning(warn func(warning string)) error {
	return policy.set(func(raw *C.zimg_policy, failed **C.zimg_error) C.zimg_status {
		return handOver(warn, func(handle C.uintptr_t) C.zimg_status {
			return C.zimg_go_policy_set_warning(raw, handle, failed)
		})
	})
}

// raw is the policy in C for one call; nil where policy is nil.
func (policy *Policy) borrow() (raw *C.zimg_policy, end func(), err error) {
	if policy == nil {
		return nil, func() {}, nil
	}
	used, err := policy.use()
	if err != nil {
		return nil, nil, err
	}
	return (*C.zimg_policy)(used), policy.drop, nil
}
