//go:build growth

package zimg

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

func residentBytes() int {
	runtime.GC()
	time.Sleep(100 * time.Millisecond) // of the finalizers
	debug.FreeOSMemory()
	fields := strings.Fields(string(must(os.ReadFile("/proc/self/statm"))))
	return must(strconv.Atoi(fields[1])) * os.Getpagesize()
}

// stays runs turn count times, after a tenth as many to warm up, and fails where memory grows by more than 4 MiB each time it
// does so: less than 42 bytes for each of 100,000, of which Go's own heap takes the most. Three times, since what a thread of
// its own takes when Go starts another one (malloc gives it an arena) is taken once, and a leak goes on.
func stays(t *testing.T, name string, count int, turn func()) {
	t.Helper()
	for i := 0; i < count/10; i++ {
		turn()
	}
	const allowed = 4 << 20
	grown := allowed + 1
	for round := 0; grown > allowed && round < 3; round++ {
		before := residentBytes()
		for i := 0; i < count; i++ {
			turn()
		}
		grown = residentBytes() - before
		for patience := 50; grown > allowed && patience > 0; patience-- { // what is collected is let go of some time later
			grown = residentBytes() - before
		}
	}
	if grown > allowed {
		t.Errorf("%d times %s: memory grew by %d bytes, the third time in a row", count, name, grown)
	}
}

func TestMemoryDoesNotGrow(t *testing.T) {
	const light, heavy = 100_000, 1_000
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cache := must(NewMemoryCache(64<<20, nil))
	defer cache.Close()
	_, options := painted()
	generator := must(NewGenerator(options, cache))
	defer generator.Close()
	asked := request("a")
	asked.Progress = func(Progress) {}
	must(generator.Generate(ctx, asked)).Close()
	check0(generator.Drain())
	key := must(generator.Key(ctx, asked))
	stays(t, "a hit with a token, a callback and shared octets", light, func() {
		result := must(generator.Generate(ctx, asked))
		must(result.Share()).Close()
		result.Close()
	})
	stays(t, "a key", light, func() { must(generator.Key(ctx, asked)) })
	stays(t, "options", light, func() {
		_, err := LocateEngine(Options{EnginePath: "/nowhere", Trace: func(TraceEvent) {}})
		if err == nil {
			t.Fatal("found")
		}
	})
	stays(t, "a policy", light, func() {
		policy := must(NewPolicy())
		check0(policy.SetClock(time.Now))
		policy.Close()
	})
	stays(t, "an entry and a filter", light, func() {
		filter := PurgeFilter{Tag: Set("a")}
		must(filter.Matches(key, entry("one", "default", "a")))
	})
	stays(t, "an entry that is found", light, func() { must(cache.Find(key)) })
	stays(t, "a job that is not started", light/10, func() { must(generator.NewJob(ctx, asked)).Close() })
	stays(t, "a job", light/10, func() {
		job := must(generator.NewJob(ctx, asked))
		check0(job.Start())
		must(job.Wait(ctx)).Close()
		job.Close()
	})
	stays(t, "metrics", light/10, func() { must(generator.Metrics()).Close() })
	stays(t, "stats", light/10, func() { must(cache.Stats()) })
	stays(t, "a list to prewarm", light/10, func() {
		must(generator.Prewarm(context.Background(), Prewarm{}))
	})

	stays(t, "a cache in memory", heavy, func() { must(NewMemoryCache(1<<20, nil)).Close() })
	stays(t, "a cache in Go", heavy, func() { must(WrapCache(newShelf(), "a shelf")).Close() })
	url := "lmdb:" + filepath.Join(t.TempDir(), "store") + "?size=4MiB"
	stays(t, "a store", heavy, func() { must(OpenCache(url, nil)).Close() })
	stays(t, "a generator", heavy, func() { must(NewGenerator(options, cache)).Close() })
	made := 0
	stays(t, "a generator that is not closed", heavy, func() {
		must(NewGenerator(options, cache))
		if made++; made%25 == 0 { // so that few are there at once, which is another thing than growth
			residentBytes()
		}
	})
}
