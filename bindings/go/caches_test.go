package zimg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func entry(payload, namespace, tag string) *Entry {
	return &Entry{
		Payload: []byte(payload), Format: ImageFormatPNG, Width: 64, Height: 32, Seed: 3, Steps: 4, Guidance: 1.5,
		DrawTime: 100 * time.Millisecond, Namespace: namespace, Model: "a model", Tag: tag,
	}
}

func key(number byte) (key Key) {
	for i := range key {
		key[i] = number
	}
	return key
}

// behaves is what every cache does.
func behaves(t *testing.T, cache *Cache) {
	ctx := context.Background()
	if found := must(cache.Find(key(1))); found != nil {
		t.Fatal("an empty cache has an entry")
	}
	equal(t, "the outcome", must(cache.Store(key(1), entry("one", "default", "first"))), StoreOutcomeStored)
	outcomes := must(cache.StoreAll([]Keyed{{key(2), entry("two", "default", "")}, {key(3), entry("three", "gallery", "")}}))
	equal(t, "outcomes", len(outcomes), 2)
	equal(t, "no outcomes", len(must(cache.StoreAll(nil))), 0)
	found := must(cache.Find(key(1)))
	if string(found.Payload) != "one" || found.Width != 64 || found.Height != 32 || found.Seed != 3 || found.Steps != 4 ||
		found.Guidance != 1.5 || found.DrawTime != 100*time.Millisecond || found.Format != ImageFormatPNG ||
		found.Namespace != "default" || found.Model != "a model" || found.Tag != "first" || found.StoredAt.IsZero() ||
		!found.ExpiresAt.IsZero() || found.IsPinned || found.PayloadSHA256 == [32]byte{} {
		t.Fatalf("%+v", found)
	}
	equal(t, "peeked", string(must(cache.Peek(key(2))).Payload), "two")
	equal(t, "contained", must(cache.Contains(key(3))), true)
	equal(t, "contained", must(cache.Contains(key(4))), false)
	equal(t, "pinned", must(cache.Pin(key(1), true)), true)
	equal(t, "pinned", must(cache.Pin(key(4), true)), false)
	equal(t, "pinned", must(cache.Peek(key(1))).IsPinned, true)
	var seen []Key
	check0(cache.List(ctx, func(key Key, entry *Entry, payloadBytes uint64) bool {
		isThere, err := cache.Contains(key) // it may call the cache
		if err != nil || !isThere || entry.Namespace != "default" || payloadBytes != 3 {
			t.Errorf("%v %v %+v", isThere, err, entry)
		}
		seen = append(seen, key)
		return len(seen) < 2
	}))
	equal(t, "seen", len(seen), 2)
	tally := must(cache.Verify(ctx, nil))
	equal(t, "entries", tally.Count(CountEntries), 3)
	equal(t, "corrupt", tally.Count(CountCorrupt), 0)
	stopped, cancel := context.WithCancel(ctx)
	_, err := cache.Verify(stopped, func(Tally) { cancel() })
	refused(t, StatusCancelled, err)
	refused(t, StatusCancelled, cache.List(stopped, func(Key, *Entry, uint64) bool { return true }))
	equal(t, "erased", must(cache.Erase(key(2))), true)
	equal(t, "erased", must(cache.Erase(key(2))), false)
	erased := must(cache.EraseIf(func(_ Key, entry *Entry, _ uint64) bool { return entry.Namespace == "gallery" }))
	equal(t, "erased", erased, 1)
	stats := must(cache.Stats())
	equal(t, "entries", stats.Count(CountEntries), 1)
	filter := PurgeFilter{Namespace: Set("default"), SparesPinned: true}
	equal(t, "purged", must(cache.Purge(filter)), 0)
	if must(cache.Description()) == "" {
		t.Fatal("no description")
	}
	must(cache.Pin(key(1), false))
	equal(t, "purged", must(cache.Purge(filter)), 1)
	check0(cache.Shut())
	check0(cache.Shut())
}

func TestCachesBehave(t *testing.T) {
	store := must(OpenCache("lmdb:"+filepath.Join(t.TempDir(), "store")+"?size=16MiB", nil))
	foreign := must(WrapCache(fullShelf{newShelf()}, "a shelf"))
	equal(t, "the description", must(foreign.Description()), "a shelf")
	for name, cache := range map[string]*Cache{
		"memory": memory(t), "a store": store, "a tier": must(NewTier(memory(t), memory(t))), "a cache in Go": foreign,
	} {
		t.Run(name, func(t *testing.T) { behaves(t, cache) })
	}
	for _, cache := range []*Cache{store, foreign} {
		_, err := cache.Find(key(1))
		refused(t, StatusClosed, err)
		check0(cache.Close())
	}
}

func TestACacheInGoNeedsThreeMethodsOnly(t *testing.T) {
	cache := must(WrapCache(newShelf(), "a shelf"))
	defer cache.Close()
	must(cache.Store(key(1), entry("one", "default", "")))
	equal(t, "contained", must(cache.Contains(key(1))), true)
	equal(t, "pinned", must(cache.Pin(key(1), true)), true)
	equal(t, "pinned", must(cache.Find(key(1))).IsPinned, true)
	refused(t, StatusUnsupported, cache.List(context.Background(), func(Key, *Entry, uint64) bool { return true }))
	_, err := cache.Verify(context.Background(), nil)
	refused(t, StatusUnsupported, err)
}

func TestACacheInGoServesAGeneratorWhateverItDoes(t *testing.T) {
	backend := newShelf()
	cache := must(WrapCache(fullShelf{backend}, "a shelf"))
	defer cache.Close()
	canvas, generator := generatorWith(t, cache)
	equal(t, "first", outcome(t, generator, request("a")), OutcomeDrawn)
	equal(t, "second", outcome(t, generator, request("a")), OutcomeHit)
	atomic.StoreInt32(&backend.fails, 1)
	report := must(generated(t, generator, request("a")).Report())
	check0(generator.Drain())
	if report.Outcome != OutcomeDrawn || len(report.Warnings) == 0 || !strings.Contains(report.Warnings[0], "the shelf is locked") {
		t.Fatalf("%+v", report)
	}
	_, err := cache.Find(key(1))
	equal(t, "the sentence", refused(t, StatusCache, err), "the shelf is locked")
	atomic.StoreInt32(&backend.fails, 0)
	atomic.StoreInt32(&backend.panics, 1)
	equal(t, "where it panics", outcome(t, generator, request("a")), OutcomeDrawn)
	_, err = cache.Find(key(1))
	if !strings.Contains(refused(t, StatusInternal, err), "the shelf fell down") {
		t.Fatal(err)
	}
	atomic.StoreInt32(&backend.panics, 0)
	atomic.StoreInt32(&backend.lies, 1)
	equal(t, "where it lies", outcome(t, generator, request("a")), OutcomeDrawn)
	atomic.StoreInt32(&backend.lies, 0)
	equal(t, "last", outcome(t, generator, request("a")), OutcomeHit)
	equal(t, "drawings", atomic.LoadInt32(&canvas.drawings), 4)
}

// listing shows its entries, to the end whatever it is told.
type listing struct {
	*shelf
	entries []*Entry
}

func (list listing) List(visit EntryFunc) error {
	for i, entry := range list.entries {
		visit(key(byte(i)), entry, 3)
	}
	return NewError(StatusCache, "a consequence")
}

func TestAnEntryThatCannotBeShownIsTheErrorOfTheList(t *testing.T) {
	for what, wrong := range map[string]*Entry{"is nil": nil, "has a NUL": entry("two", "default", "a\x00b")} {
		cache := must(WrapCache(listing{newShelf(), []*Entry{entry("one", "default", ""), wrong, entry("two", "default", "")}}, "a list"))
		seen := 0
		err := cache.List(context.Background(), func(Key, *Entry, uint64) bool { seen++; return true })
		if !strings.Contains(refused(t, StatusInvalidArgument, err), what) {
			t.Error(err)
		}
		equal(t, "entries seen", seen, 1)
		check0(cache.Close())
	}
}

// asking is a cache that asks what it must not before it answers.
type asking struct {
	*shelf
	ask func() error
	err error
}

func (asks *asking) Find(key Key) (*Entry, error) {
	asks.err = asks.ask()
	return asks.shelf.Find(key)
}

func TestACacheInGoIsRefusedWhatWouldWaitForIt(t *testing.T) {
	_, generator := generatorWith(t, nil)
	shut := memory(t)
	for what, ask := range map[string]func() error{
		"a picture": func() error { _, err := generator.Generate(context.Background(), request("a")); return err },
		"a key":     func() error { _, err := generator.Key(context.Background(), request("a")); return err },
		"draining":  generator.Drain,
		"shutting":  shut.Shut,
	} {
		backend := &asking{shelf: newShelf(), ask: ask}
		cache := must(WrapCache(backend, "a shelf"))
		if must(cache.Find(key(1))) != nil {
			t.Errorf("%s: an empty cache has an entry", what)
		}
		if !errors.Is(backend.err, ErrInvalidArgument) {
			t.Errorf("%s gave %v; invalid_argument is expected", what, backend.err)
		}
		check0(cache.Close())
	}
	check0(shut.Shut())
}

func TestACacheInGoThatBlocksHoldsUpItsOwnCallersOnly(t *testing.T) {
	backend := newShelf()
	cache := must(WrapCache(backend, "a shelf"))
	defer cache.Close()
	_, generator := generatorWith(t, cache)
	atomic.StoreInt32(&backend.isShut_, 1)
	answer := make(chan error)
	go func() {
		result, err := generator.Generate(context.Background(), request("a"))
		if err == nil {
			err = result.Close()
		}
		answer <- err
	}()
	until(t, "it waits in the cache", func() bool { return atomic.LoadInt32(&backend.waiting) > 0 })
	bypassing := request("b")
	bypassing.CacheMode = CacheModeBypass
	generated(t, generator, bypassing)
	atomic.StoreInt32(&backend.isShut_, 0)
	check0(<-answer)
}

func TestPoliciesLimitWarnAndExpire(t *testing.T) {
	var now atomic.Int64
	var warnings atomic.Int32
	now.Store(1_700_000_000_000)
	policy := must(NewPolicy())
	check0(policy.AddNamespace("small", Rule{LimitBytes: 1000}))
	check0(policy.AddNamespace("*", Rule{TTL: time.Minute}))
	check0(policy.SetTTLJitter(0))
	check0(policy.SetWeighsEntries(false))
	check0(policy.SetClock(func() time.Time { return time.UnixMilli(now.Load()) }))
	check0(policy.SetWarning(func(warning string) {
		if warning != "" {
			warnings.Add(1)
		}
	}))
	cache := must(NewMemoryCache(10_000, policy))
	defer cache.Close()
	check0(policy.Close())
	check0(policy.Close())
	refused(t, StatusClosed, policy.SetTTLJitter(0))
	store := func(number byte, size int, namespace string) StoreOutcome {
		return must(cache.Store(key(number), entry(strings.Repeat("x", size), namespace, "")))
	}
	equal(t, "the outcome", store(1, 2000, "small"), StoreOutcomeOverQuota)
	equal(t, "the outcome", store(2, 20_000, "any"), StoreOutcomeTooLarge)
	equal(t, "the outcome", store(3, 8500, "any"), StoreOutcomeStored)
	equal(t, "warnings", warnings.Load(), 1)
	equal(t, "contained", must(cache.Contains(key(3))), true)
	now.Add(61_000)
	equal(t, "contained", must(cache.Contains(key(3))), false)
}

func TestPresetsGiveANamespaceAndItsRule(t *testing.T) {
	equal(t, "the preset", must(PresetNamed("personal")), PresetPersonal)
	_, err := PresetNamed("none such")
	refused(t, StatusNotFound, err)
	use := PresetUse{PresetPersonal, "ada"}
	policy := must(NewPolicy())
	defer policy.Close()
	check0(policy.AddPreset(use))
	cache := must(NewMemoryCache(1<<20, policy))
	defer cache.Close()
	_, generator := generatorWith(t, cache)
	asked := request("a")
	asked.Preset = &use
	if report := must(generated(t, generator, asked).Report()); !strings.Contains(report.Namespace, "ada") {
		t.Fatalf("%+v", report)
	}
	asked.Preset = &PresetUse{PresetPersonal, ""}
	_, err = generator.Generate(context.Background(), asked)
	refused(t, StatusInvalidArgument, err)
}

func TestStatsTellWhatACacheHoldsAndDid(t *testing.T) {
	cache := memory(t)
	must(cache.Store(key(1), entry("one", "default", "")))
	must(cache.Store(key(2), entry("two", "gallery", "")))
	must(cache.Find(key(1)))
	must(cache.Find(key(9)))
	stats := must(cache.Stats())
	equal(t, "hits", stats.Count(CountHits), 1)
	equal(t, "octets", stats.Count(CountPayloadBytes), 6)
	equal(t, "the hit rate", stats.HitRate, 0.5)
	equal(t, "saved", stats.Saved, 100*time.Millisecond)
	equal(t, "points", len(stats.Points), 3)
	equal(t, "namespaces", len(stats.Namespaces), 2)
	equal(t, "the first", stats.Namespaces[0].Name, "default")
	equal(t, "its hits", stats.Namespaces[0].Count(CountHits), 1)
	equal(t, "no such count", stats.Count(-1)+stats.Count(1000), 0)
}

func TestFiltersFitWhatTheyName(t *testing.T) {
	filter := PurgeFilter{Tag: Set("first"), Model: Set("a model"), KeyPrefix: "ab", StoredBefore: time.UnixMilli(10)}
	shown := entry("one", "default", "first")
	equal(t, "fits", must(filter.Matches(key(0xab), shown)), true)
	equal(t, "fits", must(filter.Matches(key(0xac), shown)), false)
	filter.Tag = Set("second")
	equal(t, "fits", must(filter.Matches(key(0xab), shown)), false)
	_, err := memory(t).Purge(PurgeFilter{KeyPrefix: "xy"})
	refused(t, StatusInvalidArgument, err)
}

func TestBundlesAreWrittenAndRead(t *testing.T) {
	ctx := context.Background()
	from, to := memory(t), memory(t)
	_, generator := generatorWith(t, from)
	for _, prompt := range []string{"a", "b", "c"} {
		outcome(t, generator, request(prompt))
	}
	path := filepath.Join(t.TempDir(), "pictures.bundle")
	leftOut := must(generator.Key(ctx, request("b")))
	tally := must(ExportBundle(ctx, from, path, func(key Key, _ *Entry, _ uint64) bool { return key != leftOut }, nil))
	equal(t, "entries", tally.Count(CountEntries), 2)
	tally = must(ImportBundle(ctx, to, path, nil, nil))
	equal(t, "stored", tally.Count(CountStored), 2)
	equal(t, "whole", tally.Count(CountIsWhole), 1)
	octets := must(os.ReadFile(path))
	octets[len(octets)/4] ^= 1 // of the first entry's payload
	check0(os.WriteFile(path, octets, 0600))
	var seen []Refused
	must(ImportBundle(ctx, to, path, func(refused Refused) { seen = append(seen, refused) }, nil))
	if len(seen) != 1 || seen[0].Reason == "" {
		t.Fatalf("%+v", seen)
	}
	stopped, cancel := context.WithCancel(ctx)
	_, err := ExportBundle(stopped, from, path+"2", nil, func(Tally) { cancel() })
	refused(t, StatusCancelled, err)
	if _, err := ImportBundle(ctx, to, path+"3", nil, nil); err == nil {
		t.Fatal("a bundle that is not there was read")
	}
}

func TestPrewarmingDrawsWhatIsMissing(t *testing.T) {
	cache := memory(t)
	canvas, generator := generatorWith(t, cache)
	outcome(t, generator, request("a"))
	told := 0
	list := Prewarm{AtOnce: Set(uint32(1)), BudgetPictures: Set(uint64(1)), Progress: func(soFar Tally) {
		told += int(soFar.Count(CountListed)) / 4
	}}
	for i, prompt := range []string{"a", "b", "b", "c"} {
		list.Items = append(list.Items, PrewarmItem{request(prompt), float64(i)})
	}
	report := must(generator.Prewarm(context.Background(), list))
	if report.End != PrewarmEndPicturesSpent || report.Drawn != 1 || report.Found != 1 || report.Different != 3 ||
		report.Listed != 4 || report.Left != 1 || len(report.Failures) != 0 || told == 0 {
		t.Fatalf("%+v %d", report, told)
	}
	equal(t, "contained", must(cache.Contains(must(generator.Key(context.Background(), request("c"))))), true)
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	list.BudgetPictures, list.BudgetTime, list.BudgetBytes = nil, Set(time.Minute), Set(uint64(1<<30))
	equal(t, "the end", must(generator.Prewarm(stopped, list)).End, PrewarmEndCancelled)
	wrong := request("d")
	wrong.Steps = Set(uint32(5000))
	report = must(generator.Prewarm(context.Background(), Prewarm{Items: []PrewarmItem{{wrong, 0}}}))
	refused(t, StatusInvalidArgument, report.Failures[0].Err)
	equal(t, "drawings", atomic.LoadInt32(&canvas.drawings), 2)
}
