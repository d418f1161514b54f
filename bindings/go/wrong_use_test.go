package zimg

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestStringsWithNULOrBadUTF8AreRefused(t *testing.T) {
	_, generator := generatorWith(t, nil)
	for _, wrong := range []string{"a\x00b", "a\xff", "\xed\xa0\x80"} {
		for name, asked := range map[string]Request{
			"prompt": {Prompt: wrong}, "negative": {NegativePrompt: wrong, Guidance: Set(1.0)}, "namespace": {Namespace: &wrong},
			"tag": {Tag: wrong}, "user": {Preset: &PresetUse{PresetPersonal, wrong}},
		} {
			if _, err := generator.Generate(context.Background(), asked); !errors.Is(err, ErrInvalidArgument) {
				t.Errorf("%s %q: %v", name, wrong, err)
			}
		}
		for name, options := range map[string]Options{
			"model": {Model: wrong}, "engine": {EnginePath: wrong}, "torch": {TorchPath: wrong}, "url": {CacheURL: wrong},
			"synonyms": {Synonyms: wrong},
		} {
			if _, err := NewGenerator(options, nil); !errors.Is(err, ErrInvalidArgument) {
				t.Errorf("%s %q: %v", name, wrong, err)
			}
		}
		_, err := OpenCache("memory:"+wrong, nil)
		refused(t, StatusInvalidArgument, err)
		_, err = ExportBundle(context.Background(), memory(t), wrong, nil, nil)
		refused(t, StatusInvalidArgument, err)
	}
}

func TestNumbersOutOfRangeAreRefusedByTheGenerator(t *testing.T) {
	_, generator := generatorWith(t, nil)
	for name, change := range map[string]func(*Request){
		"steps":     func(r *Request) { r.Steps = Set(uint32(0)) },
		"format":    func(r *Request) { r.Format = Set(ImageFormat(7)) },
		"schedule":  func(r *Request) { r.Schedule = -1 },
		"mode":      func(r *Request) { r.CacheMode = 99 },
		"level":     func(r *Request) { r.MatchLevel = Set(MatchLevel(5)) },
		"namespace": func(r *Request) { r.Namespace = Set("") },
		"size":      func(r *Request) { r.Size = &Size{63, 64} },
		"10 GB":     func(r *Request) { r.Size = &Size{60_000, 60_000} },
		"ttl":       func(r *Request) { r.TTL = Set(time.Duration(0)) },
		"prompt":    func(r *Request) { r.Prompt = strings.Repeat("a", 1<<20+1) },
	} {
		asked := request("a")
		change(&asked)
		if _, err := generator.Generate(context.Background(), asked); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := NewGenerator(Options{Device: 9}, nil)
	refused(t, StatusInvalidArgument, err)
	_, err = OpenCache("none:", nil)
	refused(t, StatusInvalidArgument, err)
}

func TestDurationsThatCWouldCutAreRefused(t *testing.T) {
	for _, wrong := range []time.Duration{-1, -time.Second, (1 << 32) * time.Millisecond} {
		_, options := painted()
		options.Patience = &wrong
		_, err := NewGenerator(options, nil)
		if !strings.Contains(refused(t, StatusInvalidArgument, err), "'Patience' is "+wrong.String()) {
			t.Error(err)
		}
		_, err = OpenLMDB(LMDBOptions{Path: t.TempDir(), LockTimeout: &wrong})
		if !strings.Contains(refused(t, StatusInvalidArgument, err), "'LockTimeout' is "+wrong.String()) {
			t.Error(err)
		}
	}
	_, options := painted()
	options.Patience = Set((1<<32 - 1) * time.Millisecond)
	generatorOf(t, options, nil)
}

func TestNilsAndZeroValuesAreErrors(t *testing.T) {
	_, err := (&Generator{}).Generate(context.Background(), request("a"))
	refused(t, StatusClosed, err)
	_, err = (&Cache{}).Find(key(1))
	refused(t, StatusClosed, err)
	_, err = (*Cache)(nil).Find(key(1))
	refused(t, StatusInvalidArgument, err)
	_, err = NewTier(nil, memory(t))
	refused(t, StatusInvalidArgument, err)
	_, err = WrapCache(nil, "nothing")
	refused(t, StatusInvalidArgument, err)
	_, err = memory(t).Store(key(1), nil)
	refused(t, StatusInvalidArgument, err)
	_, err = NewGenerator(Options{Pipeline: &painter{}}, nil) // without its identity
	refused(t, StatusInvalidArgument, err)
}

func TestAPipelineThatPanicsOrPaintsAnotherSizeIsAnErrorAndNotAnEnd(t *testing.T) {
	canvas, generator := generatorWith(t, memory(t))
	atomic.StoreInt32(&canvas.panics, 1)
	_, err := generator.Generate(context.Background(), request("a"))
	if !strings.Contains(refused(t, StatusInternal, err), "out of paint") {
		t.Fatal(err)
	}
	atomic.StoreInt32(&canvas.panics, 0)
	atomic.StoreInt32(&canvas.widerBy, 1)
	_, err = generator.Generate(context.Background(), request("a"))
	refused(t, StatusDevice, err)
	atomic.StoreInt32(&canvas.widerBy, 0)
	generated(t, generator, request("a"))
}

type drawFunc func(*Drawing) (*Picture, error)

func (draw drawFunc) Draw(drawing *Drawing) (*Picture, error) { return draw(drawing) }

func TestAPipelineThatGivesNothingOrAnErrorOfItsOwnIsAnError(t *testing.T) {
	var kept *Drawing
	for _, each := range []struct {
		err      error
		expected Status
	}{{nil, StatusInvalidArgument}, {errors.New("no paint"), StatusInternal}, {ErrDevice, StatusDevice},
		{NewError(StatusOK, "fine?"), StatusInternal}, {fmt.Errorf("the brush: %w", ErrCancelled), StatusCancelled},
		{fmt.Errorf("the brush: %w", NewError(StatusUnsupported, "no brush")), StatusUnsupported}} {
		draw := func(drawing *Drawing) (*Picture, error) {
			kept = drawing
			return nil, each.err
		}
		generator := generatorOf(t, Options{Pipeline: drawFunc(draw), PipelineIdentity: "none"}, nil)
		_, err := generator.Generate(context.Background(), request("a"))
		refused(t, each.expected, err)
		equal(t, "cancelled after its end", kept.IsCancelled(), true)
		refused(t, StatusClosed, kept.ReportProgress(1, 2, nil))
	}
}

func TestADrawingIsOverOnceItsGoroutinesHaveLeftIt(t *testing.T) {
	isInside, mayLeave := make(chan struct{}), make(chan struct{})
	draw := func(drawing *Drawing) (*Picture, error) {
		if drawing.Seed == 1 {
			go func() { _ = drawing.ReportProgress(0, 1, nil) }()
			<-isInside
		}
		return &Picture{Width: drawing.Width, Height: drawing.Height, RGB: pixels(drawing.Width, drawing.Height, 1, "")}, nil
	}
	generator := generatorOf(t, Options{Pipeline: drawFunc(draw), PipelineIdentity: "goroutines"}, nil)
	asked, next := request("a"), request("a")
	asked.Seed, next.Seed = Set(uint64(1)), Set(uint64(2))
	asked.Progress = func(Progress) {
		close(isInside)
		<-mayLeave
	}
	job, nextJob := newJob(t, generator, asked), newJob(t, generator, next)
	check0(job.Start())
	<-isInside
	check0(nextJob.Start())
	select {
	case <-nextJob.Done():
		t.Error("the drawing before it is not over")
	case <-time.After(200 * time.Millisecond):
	}
	close(mayLeave)
	closing(t, must(job.Wait(context.Background())))
	closing(t, must(nextJob.Wait(context.Background())))
}

type silentError struct{ text string }

func (err *silentError) Error() string { return err.text }

type findFunc func() (*Entry, error)

func (find findFunc) Find(Key) (*Entry, error)                { return find() }
func (find findFunc) Store(Key, *Entry) (StoreOutcome, error) { return StoreOutcomeStored, nil }
func (find findFunc) Erase(Key) (bool, error)                 { return false, nil }

func TestANilPointerAsAnErrorIsAnErrorAndNotAnEnd(t *testing.T) {
	for name, wrong := range map[string]error{"zimg.Error": (*Error)(nil), "zimg.silentError": (*silentError)(nil)} {
		cache := must(WrapCache(findFunc(func() (*Entry, error) { return nil, wrong }), "nil errors"))
		closing(t, cache)
		_, err := cache.Find(key(1))
		if !strings.Contains(refused(t, StatusInternal, err), name) {
			t.Errorf("%s: %v", name, err)
		}
		_, generator := generatorWith(t, cache)
		generated(t, generator, request("a"))
	}
}

type nilPanics struct{ CacheBackend }

func (nilPanics) Store(Key, *Entry) (StoreOutcome, error) { panic(nil) }

func TestAStoreThatPanicsWithNilHasNotStored(t *testing.T) {
	cache := must(WrapCache(nilPanics{newShelf()}, "panics"))
	closing(t, cache)
	_, err := cache.Store(key(1), &Entry{Payload: []byte("p"), Namespace: "default", Width: 1, Height: 1})
	refused(t, StatusInternal, err)
	_, generator := generatorWith(t, cache)
	result := generated(t, generator, request("a"))
	check0(generator.Drain())
	check0(result.RefreshStored())
	equal(t, "stored", must(result.Report()).Stored, StoredNo)
}

func TestAProgressCallbackThatPanicsFailsItsOwnRequest(t *testing.T) {
	canvas, generator := generatorWith(t, nil)
	atomic.StoreInt32(&canvas.steps, 3)
	calls := 0
	asked := request("a")
	asked.Progress = func(Progress) {
		calls++
		panic(fmt.Sprint("the bar broke at ", 7))
	}
	_, err := generator.Generate(context.Background(), asked)
	if !strings.Contains(refused(t, StatusInternal, err), "the bar broke at 7") {
		t.Fatal(err)
	}
	equal(t, "calls", calls, 1)
	job := newJob(t, generator, asked)
	check0(job.Start())
	_, err = job.Wait(context.Background())
	refused(t, StatusInternal, err)
	for i := 0; i < 2; i++ { // as often as one likes
		_, err = job.Result()
		if !strings.Contains(refused(t, StatusInternal, err), "the bar broke at 7") {
			t.Fatal(err)
		}
	}
	generated(t, generator, request("a"))
}

func TestATimeToLiveBelowAMillisecondIsNotTakenForNone(t *testing.T) {
	policy := must(NewPolicy())
	defer policy.Close()
	for _, ttl := range []time.Duration{time.Nanosecond, 999 * time.Microsecond, -time.Microsecond} {
		refused(t, StatusInvalidArgument, policy.AddNamespace("short", Rule{TTL: ttl}))
	}
	check0(policy.AddNamespace("short", Rule{TTL: time.Millisecond}))
	check0(policy.AddNamespace("for ever", Rule{}))
}

func TestATraceAClockAndAWarningThatPanicCostNothing(t *testing.T) {
	_, options := painted()
	options.Trace = func(TraceEvent) { panic("no trace") }
	policy := must(NewPolicy())
	defer policy.Close()
	check0(policy.SetClock(func() time.Time { panic("no time") }))
	check0(policy.SetWarning(func(string) { panic("no warning") }))
	cache := must(NewMemoryCache(10_000, policy))
	defer cache.Close()
	generated(t, generatorOf(t, options, cache), request("a"))
}

func TestVisitorsAndFiltersThatPanicEndTheRun(t *testing.T) {
	ctx := context.Background()
	cache := memory(t)
	_, generator := generatorWith(t, cache)
	outcome(t, generator, request("a"))
	outcome(t, generator, request("b"))
	calls := 0
	err := cache.List(ctx, func(Key, *Entry, uint64) bool {
		calls++
		panic("enough seen")
	})
	if !strings.Contains(refused(t, StatusInternal, err), "enough seen") || calls != 1 {
		t.Fatal(err, calls)
	}
	_, err = cache.Verify(ctx, func(Tally) { panic("enough") })
	refused(t, StatusInternal, err)
	_, err = cache.EraseIf(func(Key, *Entry, uint64) bool { panic("enough") })
	refused(t, StatusInternal, err)
	path := filepath.Join(t.TempDir(), "bundle")
	_, err = ExportBundle(ctx, cache, path, func(Key, *Entry, uint64) bool { panic("no") }, nil)
	refused(t, StatusInternal, err)
	list := Prewarm{Items: []PrewarmItem{{request("c"), 0}}, Progress: func(Tally) { panic("no") }}
	_, err = generator.Prewarm(ctx, list)
	refused(t, StatusInternal, err)
	stats := must(cache.Stats())
	equal(t, "entries", stats.Count(CountEntries), 2)
}

func TestACallbackThatAsksItsOwnGeneratorIsRefusedAndAnotherOneAnswers(t *testing.T) {
	canvas, generator := generatorWith(t, nil)
	atomic.StoreInt32(&canvas.steps, 1)
	_, other := generatorWith(t, nil)
	var own, drained, others error
	asked := request("a")
	asked.Progress = func(Progress) {
		_, own = generator.Generate(context.Background(), request("b"))
		drained = generator.Drain()
		var result *Result
		if result, others = other.Generate(context.Background(), request("b")); others == nil {
			result.Close()
		}
	}
	generated(t, generator, asked)
	if !strings.Contains(refused(t, StatusInvalidArgument, own), "callback") {
		t.Fatal(own)
	}
	refused(t, StatusInvalidArgument, drained)
	check0(others)
}

func TestACallbackMayCloseTheGeneratorThatItComesFrom(t *testing.T) {
	canvas, generator := generatorWith(t, nil)
	atomic.StoreInt32(&canvas.steps, 1)
	asked := request("a")
	asked.Progress = func(Progress) { generator.Close() }
	generated(t, generator, asked)
	_, err := generator.Generate(context.Background(), request("a"))
	refused(t, StatusClosed, err)
}

func TestEverythingIsClosedTwiceAndInAnyOrder(t *testing.T) {
	upper, lower := memory(t), memory(t)
	tier := must(NewTier(upper, lower))
	_, options := painted()
	generator := must(NewGenerator(options, tier))
	for _, each := range []interface{ Close() error }{upper, lower, tier, upper} {
		check0(each.Close())
	}
	result := must(generator.Generate(context.Background(), request("a")))
	metrics := must(generator.Metrics())
	for i := 0; i < 2; i++ {
		check0(generator.Close())
	}
	equal(t, "the outcome", must(result.Report()).Outcome, OutcomeDrawn)
	for i := 0; i < 2; i++ {
		check0(result.Close())
		check0(metrics.Close())
	}
	_, err := result.Report()
	refused(t, StatusClosed, err)
	_, err = result.Bytes()
	refused(t, StatusClosed, err)
	refused(t, StatusClosed, generator.Drain())
	equal(t, "a count", metrics.Count(CountHits), 0)
	equal(t, "a name", generator.ModelName(), "")
}

func TestAResultThatIsClosedWhileItIsLookedAtLastsUntilThen(t *testing.T) {
	_, generator := generatorWith(t, nil)
	result := must(generator.Generate(context.Background(), request("a")))
	check0(result.View(func(picture []byte) error {
		check0(result.Close())
		if result.raw == nil {
			t.Error("the picture was let go of under the eyes of its viewer")
		}
		return nil
	}))
	if result.raw != nil {
		t.Error("the picture outlives its last viewer")
	}
}
