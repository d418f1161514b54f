package zimg

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func shutPainter(t *testing.T, cache *Cache) (*painter, *Generator) {
	canvas, generator := generatorWith(t, cache)
	atomic.StoreInt32(&canvas.isShut, 1)
	return canvas, generator
}

func draws(canvas *painter) func() bool {
	return func() bool { return atomic.LoadInt32(&canvas.waiting) == 1 }
}

func newJob(t *testing.T, generator *Generator, asked Request) *Job {
	job := must(generator.NewJob(context.Background(), asked))
	closing(t, job)
	return job
}

func TestAJobIsStartedWaitedForAndAnswersAsOftenAsOneLikes(t *testing.T) {
	canvas, generator := shutPainter(t, nil)
	job := newJob(t, generator, request("a"))
	equal(t, "the state", job.State(), JobStateCreated)
	_, err := job.Wait(context.Background())
	refused(t, StatusInvalidArgument, err)
	check0(job.Start())
	refused(t, StatusInvalidArgument, job.Start())
	_, err = job.Result()
	refused(t, StatusInvalidArgument, err)
	short, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	_, err = job.Wait(short)
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrCancelled) {
		t.Fatal(err)
	}
	equal(t, "the state", job.State(), JobStateRunning) // giving up waiting does not stop it
	atomic.StoreInt32(&canvas.isShut, 0)
	<-job.Done()
	first, second := must(job.Wait(context.Background())), must(job.Result())
	defer first.Close()
	defer second.Close()
	if !bytes.Equal(must(first.Bytes()), must(second.Bytes())) {
		t.Fatal("two answers of one job differ")
	}
	equal(t, "the state", job.State(), JobStateDone)
}

func TestProgressAndPreviewOfAJobAreThere(t *testing.T) {
	canvas, generator := generatorWith(t, nil)
	atomic.StoreInt32(&canvas.steps, 4)
	asked := request("a")
	asked.Preview = true
	job := newJob(t, generator, asked)
	_, err := job.Preview()
	refused(t, StatusNotFound, err)
	check0(job.Start())
	<-job.Done()
	step, steps := job.Progress()
	equal(t, "the progress", [2]uint32{step, steps}, [2]uint32{4, 4})
	equal(t, "the preview's octets", len(must(job.Preview()).RGB), 96)
}

func TestAJobIsCancelledBeforeItsStartTwiceAndAfterItsEnd(t *testing.T) {
	_, generator := generatorWith(t, nil)
	early := newJob(t, generator, request("a"))
	early.Cancel()
	early.Cancel()
	check0(early.Start())
	_, err := early.Wait(context.Background())
	refused(t, StatusCancelled, err)
	late := newJob(t, generator, request("a"))
	check0(late.Start())
	must(late.Wait(context.Background())).Close()
	late.Cancel()
	late.Cancel()
	must(late.Result()).Close()
}

func TestAContextCancelsAJob(t *testing.T) {
	canvas, generator := shutPainter(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	job := must(generator.NewJob(ctx, request("a")))
	defer job.Close()
	check0(job.Start())
	until(t, "it draws", draws(canvas))
	cancel()
	_, err := job.Wait(context.Background())
	if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrCancelled) {
		t.Fatal(err)
	}
}

func TestAContextCancelsADrawingAndIsWaitedFor(t *testing.T) {
	canvas, generator := shutPainter(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		until(t, "it draws", draws(canvas))
		cancel()
	}()
	_, err := generator.Generate(ctx, request("a"))
	if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrCancelled) {
		t.Fatal(err)
	}
	until(t, "the drawing has stopped", func() bool { return atomic.LoadInt32(&canvas.waiting) == 0 })
	_, err = generator.Generate(ctx, request("a")) // it stays cancelled
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	equal(t, "drawings", atomic.LoadInt32(&canvas.drawings), 1)
	short, end := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer end()
	_, err = generator.Generate(short, request("a"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func TestClosingAJobCancelsItAndWaits(t *testing.T) {
	canvas, generator := shutPainter(t, nil)
	job := must(generator.NewJob(context.Background(), request("a")))
	check0(job.Start())
	until(t, "it draws", draws(canvas))
	check0(job.Close())
	check0(job.Close())
	until(t, "the drawing has stopped", func() bool { return atomic.LoadInt32(&canvas.waiting) == 0 })
	refused(t, StatusClosed, job.Start())
	_, err := job.Result()
	refused(t, StatusClosed, err)
	check0(must(generator.NewJob(context.Background(), request("b"))).Close()) // never started
}

func TestClosingAJobThatAnotherWaitsForCancelsItAndWaits(t *testing.T) {
	canvas, generator := shutPainter(t, nil)
	job := must(generator.NewJob(context.Background(), request("a")))
	check0(job.Start())
	until(t, "it draws", draws(canvas))
	answer := make(chan error, 1)
	go func() {
		_, err := job.Wait(context.Background())
		answer <- err
	}()
	until(t, "another waits", func() bool {
		job.mutex.Lock()
		defer job.mutex.Unlock()
		return job.users == 1
	})
	check0(job.Close())
	equal(t, "done when Close returns", isClosed(job.done), true)
	until(t, "the drawing has stopped", func() bool { return atomic.LoadInt32(&canvas.waiting) == 0 })
	select {
	case err := <-answer:
		if refused(t, StatusCancelled, err); errors.Is(err, ErrClosed) {
			t.Fatal(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the one that waits was left waiting")
	}
}

func TestClosingAJobLeavesItsPictureToWhoWaits(t *testing.T) {
	_, generator := generatorWith(t, nil)
	job := must(generator.NewJob(context.Background(), request("a")))
	check0(job.Start())
	<-job.Done()
	raw := must(job.use()) // as Wait has it
	check0(job.Close())
	picture := must(job.resultOf(raw))
	job.drop()
	defer picture.Close()
	equal(t, "the size", picture.Size(), Size{64, 64})
}

func TestAProgressCallbackMayCloseItsJob(t *testing.T) {
	canvas, generator := generatorWith(t, nil)
	atomic.StoreInt32(&canvas.steps, 3)
	asked := request("a")
	var job *Job
	asked.Progress = func(Progress) { job.Close() }
	job = must(generator.NewJob(context.Background(), asked))
	check0(job.Start())
	_, err := job.Wait(context.Background())
	if !errors.Is(err, ErrCancelled) && !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	<-job.Done()
}

func TestTheResultOfAJobStaysWhatItWasFirst(t *testing.T) {
	_, generator := generatorWith(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	job := must(generator.NewJob(ctx, request("a")))
	closing(t, job)
	job.Cancel()
	check0(job.Start())
	<-job.Done()
	_, first := job.Result()
	refused(t, StatusCancelled, first)
	cancel() // which did not end it
	job.failure.keep(NewError(StatusInternal, "came late"))
	generator.failure.keep(NewError(StatusInternal, "another's"))
	if _, second := job.Result(); !reflect.DeepEqual(first, second) {
		t.Fatalf("%#v became %#v", first, second)
	}
	_, err := generator.Generate(context.Background(), request("b"))
	equal(t, "the other's failure", refused(t, StatusInternal, err), "another's")
}

func TestWaitingForAJobThatIsDoneGivesItsAnswerUnderAnyContext(t *testing.T) {
	_, generator := generatorWith(t, nil)
	job := newJob(t, generator, request("a"))
	check0(job.Start())
	<-job.Done()
	for i := 0; i < 50; i++ {
		for _, ctx := range doneContexts(t) {
			must(job.Wait(ctx)).Close()
		}
	}
}

func TestAJobOutlivesItsGenerator(t *testing.T) {
	canvas, generator := shutPainter(t, memory(t))
	job := newJob(t, generator, request("a"))
	check0(job.Start())
	until(t, "it draws", draws(canvas))
	check0(generator.Close())
	atomic.StoreInt32(&canvas.isShut, 0)
	result := must(job.Wait(context.Background()))
	defer result.Close()
	equal(t, "the size", result.Size(), Size{64, 64})
}

func TestAGeneratorIsClosedWhileOthersDrawAndWait(t *testing.T) {
	canvas, generator := shutPainter(t, memory(t))
	var all sync.WaitGroup
	pictures := make([][]byte, 4)
	for i := range pictures {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			result, err := generator.Generate(context.Background(), request("the same"))
			if err != nil {
				t.Error(err)
				return
			}
			defer result.Close()
			pictures[i] = must(result.Bytes())
		}(i)
	}
	users := func() bool {
		generator.mutex.Lock()
		defer generator.mutex.Unlock()
		return generator.users == len(pictures)
	}
	until(t, "all have asked", users)
	until(t, "one draws", draws(canvas))
	check0(generator.Close())
	_, err := generator.Generate(context.Background(), request("another"))
	refused(t, StatusClosed, err)
	atomic.StoreInt32(&canvas.isShut, 0)
	all.Wait()
	for _, picture := range pictures {
		if !bytes.Equal(picture, pictures[0]) {
			t.Fatal("the pictures differ")
		}
	}
	equal(t, "drawings", atomic.LoadInt32(&canvas.drawings), 1)
}

func TestOneGeneratorServesManyGoroutines(t *testing.T) {
	_, options := painted()
	options.DrawingsAtOnce = Set(uint32(4))
	generator := generatorOf(t, options, memory(t))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	for thread := 0; thread < 8; thread++ {
		all.Add(1)
		go func(thread int) {
			defer all.Done()
			for turn := 0; turn < 50; turn++ {
				asked := request("a circle")
				asked.Seed = Set(uint64((thread + turn) % 16))
				result, err := generator.Generate(ctx, asked)
				if err != nil {
					t.Error(err)
					return
				}
				result.Close()
			}
		}(thread)
	}
	all.Wait()
	check0(generator.Drain())
	metrics := must(generator.Metrics())
	defer metrics.Close()
	equal(t, "drawn", metrics.Count(CountDrawn), 16)
}
