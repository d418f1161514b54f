package zimg

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// doneContexts are contexts that are done before a call takes them.
func doneContexts(t *testing.T) map[error]context.Context {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	late, end := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	t.Cleanup(end)
	return map[error]context.Context{context.Canceled: cancelled, context.DeadlineExceeded: late}
}

func TestAContextThatIsDoneCancelsBeforeAnythingBegins(t *testing.T) {
	for cause, ctx := range doneContexts(t) {
		called := false
		watch(ctx, func() { called = true })()
		equal(t, "called for "+cause.Error(), called, true)
	}
	called := false
	ctx, cancel := context.WithCancel(context.Background())
	watch(ctx, func() { called = true })()
	cancel()
	equal(t, "called after the end", called, false)
}

func TestNoCallBeginsUnderAContextThatIsDone(t *testing.T) {
	cache := memory(t)
	canvas, generator := generatorWith(t, cache)
	outcome(t, generator, request("a"))
	path := filepath.Join(t.TempDir(), "pictures")
	told := func(Tally) { t.Error("progress of a call that was cancelled before it began") }
	show := func(Key, *Entry, uint64) bool {
		t.Error("an entry was shown")
		return true
	}
	for cause, ctx := range doneContexts(t) {
		calls := map[string]func() error{
			"Generate": func() error { _, err := generator.Generate(ctx, request("b")); return err },
			"Job": func() error {
				job := must(generator.NewJob(ctx, request("b")))
				defer job.Close()
				check0(job.Start())
				_, err := job.Wait(context.Background())
				return err
			},
			"List":         func() error { return cache.List(ctx, show) },
			"Verify":       func() error { _, err := cache.Verify(ctx, told); return err },
			"ExportBundle": func() error { _, err := ExportBundle(ctx, cache, path, show, told); return err },
			"ImportBundle": func() error { _, err := ImportBundle(ctx, cache, path, nil, told); return err },
			"RebuildStore": func() error { _, err := RebuildStore(ctx, LMDBOptions{Path: path}, told); return err },
		}
		for name, call := range calls {
			if err := call(); !errors.Is(err, ErrCancelled) || !errors.Is(err, cause) {
				t.Errorf("%s gave %v; cancelled by %v is expected", name, err, cause)
			}
		}
		report := must(generator.Prewarm(ctx, Prewarm{Items: []PrewarmItem{{request("b"), 0}}}))
		equal(t, "the end of Prewarm", report.End, PrewarmEndCancelled)
	}
	equal(t, "drawings", atomic.LoadInt32(&canvas.drawings), 1)
}
