package zimg

// #include "glue.h"
import "C"

import (
	"context"
	"runtime"
	"runtime/cgo"
	"sync"
	"unsafe"
)

// Job is one request, answered by a thread of its own.
type Job struct {
	handle
	failure   *failure // of the progress callback
	generator *failure
	done      chan struct{}
	context   context.Context

	// Once the job is done and was asked for its result: what callbacks and context made of it, from then on.
	settled sync.Once
	outcome error
	cause   error
}

// doneCall is what the job's thread calls at its end.
type doneCall struct {
	done chan struct{}
}

// NewJob makes a job of a copy of request. Nothing runs before Start. Once ctx is done, the job is cancelled.
func (generator *Generator) NewJob(ctx context.Context, request Request) (*Job, error) {
	raw, err := generator.use()
	if err != nil {
		return nil, err
	}
	defer generator.drop()
	kept := &failure{}
	made, err := request.make(nil, kept)
	if err != nil {
		return nil, err
	}
	defer C.zimg_request_destroy(made)
	var out *C.zimg_job
	var failed *C.zimg_error
	if err := check(C.zimg_job_create((*C.zimg_generator)(raw), made, &out, &failed), failed); err != nil {
		return nil, err
	}
	job := &Job{failure: kept, generator: generator.failure, done: make(chan struct{}), context: ctx}
	handle := cgo.NewHandle(&doneCall{job.done})
	if err := check(C.zimg_go_job_set_done(out, C.uintptr_t(handle), &failed), failed); err != nil {
		handle.Delete()
		C.zimg_job_destroy(out)
		return nil, err
	}
	end := watch(ctx, func() { C.zimg_job_cancel(out) })
	job.handle = own("job", unsafe.Pointer(out), func(raw unsafe.Pointer) {
		end()
		C.zimg_job_destroy((*C.zimg_job)(raw))
	})
	runtime.SetFinalizer(job, (*Job).Close)
	return job, nil
}

// Close cancels the job and waits for its thread, also where another goroutine is in Wait, which gets the job's answer. From
// a callback it does not wait. It never fails, and may be called twice.
func (job *Job) Close() error {
	if raw, err := job.use(); err == nil {
		C.zimg_job_cancel((*C.zimg_job)(raw))
		// Refused where there is nothing to wait for, and in a callback, which would wait for itself.
		if C.zimg_job_wait((*C.zimg_job)(raw), -1, nil, nil) == C.ZIMG_STATUS_OK {
			<-job.done
		}
		job.drop()
	}
	return job.handle.Close()
}

// Start begins the job. The second time is ErrInvalidArgument.
func (job *Job) Start() error {
	raw, err := job.use()
	if err != nil {
		return err
	}
	defer job.drop()
	var failed *C.zimg_error
	return check(C.zimg_job_start((*C.zimg_job)(raw), &failed), failed)
}

// State is how far it is. It never waits.
func (job *Job) State() JobState {
	raw, err := job.use()
	if err != nil {
		return JobStateCreated
	}
	defer job.drop()
	return JobState(C.zimg_job_poll((*C.zimg_job)(raw)))
}

// Done is closed when the job is done. It stays open for a job that is not started.
func (job *Job) Done() <-chan struct{} {
	return job.done
}

// Wait waits until the job is done and gives its answer. Where ctx is done before the job is, it gives up waiting, and the
// job goes on. A job that was not started is not waited for.
func (job *Job) Wait(ctx context.Context) (*Result, error) {
	raw, err := job.use()
	if err != nil {
		return nil, err
	}
	defer job.drop()
	if C.zimg_job_poll((*C.zimg_job)(raw)) == C.ZIMG_JOB_STATE_CREATED {
		return nil, NewError(StatusInvalidArgument, "the job was not started; a job that runs is waited for")
	}
	select {
	case <-job.done:
		return job.resultOf(raw)
	case <-ctx.Done():
		if isClosed(job.done) { // both are there, and the choice above is random
			return job.resultOf(raw)
		}
		return nil, &Error{Status: StatusCancelled, Message: "the wait for the job was given up", cause: ctx.Err()}
	}
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// Cancel cancels it, at any time, as often as one likes. A job that is cancelled before its start is done at once when it
// starts; one that is done stays as it is.
func (job *Job) Cancel() {
	raw, err := job.use()
	if err != nil {
		return
	}
	defer job.drop()
	C.zimg_job_cancel((*C.zimg_job)(raw))
}

// Progress is the newest step, and the steps in all; 0 of 0 before the first.
func (job *Job) Progress() (step, steps uint32) {
	raw, err := job.use()
	if err != nil {
		return 0, 0
	}
	defer job.drop()
	var outStep, outSteps C.uint32_t
	C.zimg_job_progress((*C.zimg_job)(raw), &outStep, &outSteps)
	return uint32(outStep), uint32(outSteps)
}

// Preview is the newest preview; ErrNotFound where there is none yet.
func (job *Job) Preview() (*Picture, error) {
	raw, err := job.use()
	if err != nil {
		return nil, err
	}
	defer job.drop()
	var out *C.zimg_picture
	var failed *C.zimg_error
	if err := check(C.zimg_job_preview((*C.zimg_job)(raw), &out, &failed), failed); err != nil {
		return nil, err
	}
	return takePicture(out), nil
}

// Result is what Generate would have given, as often as one likes. ErrInvalidArgument where the job is not done.
func (job *Job) Result() (*Result, error) {
	raw, err := job.use()
	if err != nil {
		return nil, err
	}
	defer job.drop()
	return job.resultOf(raw)
}

func (job *Job) resultOf(raw unsafe.Pointer) (*Result, error) {
	var out *C.zimg_result
	var failed *C.zimg_error
	err := check(C.zimg_job_result((*C.zimg_job)(raw), &out, &failed), failed)
	if C.zimg_job_poll((*C.zimg_job)(raw)) == C.ZIMG_JOB_STATE_DONE {
		job.settled.Do(job.settle)
		if err = dueTo(job.cause, err); job.outcome != nil {
			err = job.outcome
		}
	}
	if err != nil {
		C.zimg_result_destroy(out)
		return nil, err
	}
	return newResult(out), nil
}

// settle takes what callbacks left, and the context's error: the job is over, so what comes later is not why. The generator's
// failure belongs to whoever asks first.
func (job *Job) settle() {
	job.outcome, job.cause = job.generator.or(job.failure.peek()), job.context.Err()
}
