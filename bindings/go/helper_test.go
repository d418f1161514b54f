package zimg

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// painter draws without a model: pixels of the seed and the prompt. While it is shut, it waits, until it is cancelled.
type painter struct {
	drawings, steps, waiting, widerBy int32
	isShut, panics                    int32
}

func (canvas *painter) Draw(drawing *Drawing) (*Picture, error) {
	atomic.AddInt32(&canvas.drawings, 1)
	if atomic.LoadInt32(&canvas.panics) != 0 {
		panic("out of paint")
	}
	atomic.AddInt32(&canvas.waiting, 1)
	for atomic.LoadInt32(&canvas.isShut) != 0 && !drawing.IsCancelled() {
		time.Sleep(time.Millisecond)
	}
	atomic.AddInt32(&canvas.waiting, -1)
	steps := uint32(atomic.LoadInt32(&canvas.steps))
	for step := uint32(0); step <= steps; step++ {
		if drawing.IsCancelled() {
			return nil, NewError(StatusCancelled, "the painter was told to stop")
		}
		var preview *Picture
		if drawing.WantsPreview {
			preview = &Picture{Width: 8, Height: 4, RGB: pixels(8, 4, step, "")}
		}
		if steps == 0 {
			break
		}
		if err := drawing.ReportProgress(step, steps, preview); err != nil {
			return nil, err
		}
	}
	width := drawing.Width + uint32(atomic.LoadInt32(&canvas.widerBy))
	return &Picture{
		Width: width, Height: drawing.Height, RGB: pixels(width, drawing.Height, drawing.Seed, drawing.Prompt),
		Stages: map[Stage]time.Duration{StageDenoise: 12500 * time.Microsecond},
	}, nil
}

func pixels(width, height, seed uint32, prompt string) []byte {
	salt := seed | 1
	for i := 0; i < len(prompt); i++ {
		salt = (salt*31 + uint32(prompt[i])) | 1
	}
	rgb := make([]byte, width*height*3)
	for i := range rgb {
		rgb[i] = byte((uint32(i) * salt) >> 3)
	}
	return rgb
}

func painted() (*painter, Options) {
	canvas := &painter{}
	return canvas, Options{Pipeline: canvas, PipelineIdentity: "painter 1"}
}

func closing(t testing.TB, closer interface{ Close() error }) {
	t.Cleanup(func() {
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	})
}

func generatorOf(t testing.TB, options Options, cache *Cache) *Generator {
	t.Helper()
	generator := must(NewGenerator(options, cache))
	closing(t, generator)
	return generator
}

func generatorWith(t testing.TB, cache *Cache) (*painter, *Generator) {
	t.Helper()
	canvas, options := painted()
	return canvas, generatorOf(t, options, cache)
}

func memory(t testing.TB) *Cache {
	t.Helper()
	cache := must(NewMemoryCache(64<<20, nil))
	closing(t, cache)
	return cache
}

// request is a small one.
func request(prompt string) Request {
	return Request{Prompt: prompt, Size: &Size{64, 64}}
}

func generated(t testing.TB, generator *Generator, asked Request) *Result {
	t.Helper()
	result := must(generator.Generate(context.Background(), asked))
	closing(t, result)
	return result
}

func outcome(t testing.TB, generator *Generator, asked Request) Outcome {
	t.Helper()
	report := must(generated(t, generator, asked).Report())
	check0(generator.Drain())
	return report.Outcome
}

// must is the value of a call that succeeds.
func must[T any](value T, err error) T {
	check0(err)
	return value
}

func check0(err error) {
	if err != nil {
		panic(err)
	}
}

// refused fails the test unless err is expected.
func refused(t testing.TB, expected Status, err error) string {
	t.Helper()
	if !errors.Is(err, expected) {
		t.Fatalf("%v is expected, not %v", expected, err)
	}
	if err.Error() == "" {
		t.Fatal("the error has no sentence")
	}
	return err.Error()
}

func equal[T comparable](t testing.TB, what string, found, expected T) {
	t.Helper()
	if found != expected {
		t.Fatalf("%s is %v; %v is expected", what, found, expected)
	}
}

func until(t testing.TB, what string, isSo func() bool) {
	t.Helper()
	for begin := time.Now(); !isSo(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 30*time.Second {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// shelf is a cache in Go that can be told to fail, to lie, to panic and to wait.
type shelf struct {
	mutex                        sync.Mutex
	entries                      map[Key]Entry
	fails, panics, lies, isShut_ int32
	waiting                      int32
}

func newShelf() *shelf {
	return &shelf{entries: map[Key]Entry{}}
}

func (shelf *shelf) check() error {
	if atomic.LoadInt32(&shelf.panics) != 0 {
		panic("the shelf fell down")
	}
	atomic.AddInt32(&shelf.waiting, 1)
	for atomic.LoadInt32(&shelf.isShut_) != 0 {
		time.Sleep(time.Millisecond)
	}
	atomic.AddInt32(&shelf.waiting, -1)
	if atomic.LoadInt32(&shelf.fails) != 0 {
		return NewError(StatusCache, "the shelf is locked")
	}
	return nil
}

func (shelf *shelf) Find(key Key) (*Entry, error) {
	if err := shelf.check(); err != nil {
		return nil, err
	}
	shelf.mutex.Lock()
	defer shelf.mutex.Unlock()
	found, isThere := shelf.entries[key]
	if !isThere {
		return nil, nil
	}
	if atomic.LoadInt32(&shelf.lies) != 0 {
		found.Payload = found.Payload[:10] // of another size than its digest is of
	}
	return &found, nil
}

func (shelf *shelf) Store(key Key, entry *Entry) (StoreOutcome, error) {
	if err := shelf.check(); err != nil {
		return 0, err
	}
	shelf.mutex.Lock()
	defer shelf.mutex.Unlock()
	shelf.entries[key] = *entry
	return StoreOutcomeStored, nil
}

func (shelf *shelf) Erase(key Key) (bool, error) {
	if err := shelf.check(); err != nil {
		return false, err
	}
	shelf.mutex.Lock()
	defer shelf.mutex.Unlock()
	_, isThere := shelf.entries[key]
	delete(shelf.entries, key)
	return isThere, nil
}

// fullShelf has all that a backend may have.
type fullShelf struct {
	*shelf
}

func (shelf fullShelf) List(visit EntryFunc) error {
	if err := shelf.check(); err != nil {
		return err
	}
	shelf.mutex.Lock()
	var keys []Key
	for key := range shelf.entries {
		keys = append(keys, key)
	}
	sortKeys(keys)
	entries := make([]Entry, len(keys))
	for i, key := range keys {
		entries[i] = shelf.entries[key]
	}
	shelf.mutex.Unlock()
	for i, key := range keys {
		if !visit(key, &entries[i], uint64(len(entries[i].Payload))) {
			break
		}
	}
	return nil
}

func sortKeys(keys []Key) {
	for i := range keys {
		for j := i; j > 0 && keys[j].String() < keys[j-1].String(); j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
		}
	}
}

func (shelf fullShelf) Contains(key Key) (bool, error) {
	shelf.mutex.Lock()
	defer shelf.mutex.Unlock()
	_, isThere := shelf.entries[key]
	return isThere, nil
}

func (shelf fullShelf) Pin(key Key, isPinned bool) (bool, error) {
	shelf.mutex.Lock()
	defer shelf.mutex.Unlock()
	entry, isThere := shelf.entries[key]
	if isThere {
		entry.IsPinned = isPinned
		shelf.entries[key] = entry
	}
	return isThere, nil
}

func (shelf fullShelf) Counts() (map[Count]uint64, error) {
	shelf.mutex.Lock()
	defer shelf.mutex.Unlock()
	return map[Count]uint64{CountEntries: uint64(len(shelf.entries))}, nil
}
