package zimg

// #include "glue.h"
import "C"

import (
	"runtime"
	"time"
	"unsafe"
)

// Metrics is what a generator has counted and timed, at the moment when it was asked. Its numbers are 0 once it is closed.
type Metrics struct {
	handle
}

func newMetrics(raw *C.zimg_metrics) *Metrics {
	metrics := &Metrics{own("metrics", unsafe.Pointer(raw), func(raw unsafe.Pointer) {
		C.zimg_metrics_destroy((*C.zimg_metrics)(raw))
	})}
	runtime.SetFinalizer(metrics, (*Metrics).Close)
	return metrics
}

func (metrics *Metrics) read(call func(raw *C.zimg_metrics)) {
	raw, err := metrics.use()
	if err != nil {
		return
	}
	defer metrics.drop()
	call((*C.zimg_metrics)(raw))
}

// Count is one of Hits Misses Joined Bypassed Failed Expired Invalidated Filtered Evicted Corrupt Drawn Stored Unstored
// SavedBytes; 0 for another.
func (metrics *Metrics) Count(count Count) (value uint64) {
	metrics.read(func(raw *C.zimg_metrics) { value = uint64(C.zimg_metrics_count(raw, C.zimg_count(count))) })
	return value
}

// HitRate is hits / (hits + misses).
func (metrics *Metrics) HitRate() (rate float64) {
	metrics.read(func(raw *C.zimg_metrics) { rate = float64(C.zimg_metrics_hit_rate(raw)) })
	return rate
}

// Saved is what drawing the hits would have taken.
func (metrics *Metrics) Saved() (saved time.Duration) {
	metrics.read(func(raw *C.zimg_metrics) { saved = duration(C.zimg_metrics_saved_ms(raw)) })
	return saved
}

// Buckets is how many latencies fell into each bucket: above the bound before and at most its own, of HistogramBounds; the
// last one, beyond them, holds what is longer than every bound.
func (metrics *Metrics) Buckets(histogram Histogram) (buckets []uint64) {
	metrics.read(func(raw *C.zimg_metrics) {
		for index := C.size_t(0); index <= C.zimg_histogram_bound_count(); index++ {
			buckets = append(buckets, uint64(C.zimg_metrics_bucket(raw, C.zimg_histogram(histogram), index)))
		}
	})
	return buckets
}

// Sum is all of the latencies together.
func (metrics *Metrics) Sum(histogram Histogram) (sum time.Duration) {
	metrics.read(func(raw *C.zimg_metrics) { sum = duration(C.zimg_metrics_sum_ms(raw, C.zimg_histogram(histogram))) })
	return sum
}

// Quantile is what the share quantile (0 to 1) of the latencies stayed below.
func (metrics *Metrics) Quantile(histogram Histogram, quantile float64) (latency time.Duration) {
	metrics.read(func(raw *C.zimg_metrics) {
		latency = duration(C.zimg_metrics_quantile_ms(raw, C.zimg_histogram(histogram), C.double(quantile)))
	})
	return latency
}

// Prometheus is all of them in the text format of Prometheus, version 0.0.4.
func (metrics *Metrics) Prometheus() (string, error) {
	raw, err := metrics.use()
	if err != nil {
		return "", err
	}
	defer metrics.drop()
	var out *C.zimg_text
	var failed *C.zimg_error
	if err := check(C.zimg_metrics_prometheus((*C.zimg_metrics)(raw), &out, &failed), failed); err != nil {
		return "", err
	}
	return takeText(out), nil
}

// HistogramBounds is the upper bounds of the buckets of every histogram.
func HistogramBounds() []time.Duration {
	var bounds []time.Duration
	for index := C.size_t(0); index < C.zimg_histogram_bound_count(); index++ {
		bounds = append(bounds, duration(C.zimg_histogram_bound_ms(index)))
	}
	return bounds
}

// TraceEvent is what happened to a request.
type TraceEvent struct {
	Kind TraceKind
	At   time.Time
	// The first 12 hexadecimal digits; empty where the request failed before it had a key.
	KeyPrefix string
	Namespace string
	Reason    string
	// Empty unless the trace was asked for prompts.
	Prompt string
	// The event as one JSON object on one line.
	JSON   string
	stages stages
}

// Stage is how long one took.
func (event *TraceEvent) Stage(stage Stage) time.Duration {
	return event.stages.of(stage)
}

func eventOf(raw *C.zimg_trace_event) (TraceEvent, error) {
	event := TraceEvent{
		Kind:      TraceKind(C.zimg_trace_event_kind(raw)),
		At:        timeOf(C.zimg_trace_event_at_ms(raw)),
		KeyPrefix: text(func(size *C.size_t) *C.char { return C.zimg_trace_event_key_prefix(raw, size) }),
		Namespace: text(func(size *C.size_t) *C.char { return C.zimg_trace_event_namespace(raw, size) }),
		Reason:    text(func(size *C.size_t) *C.char { return C.zimg_trace_event_reason(raw, size) }),
		Prompt:    text(func(size *C.size_t) *C.char { return C.zimg_trace_event_prompt(raw, size) }),
	}
	for stage := range event.stages {
		event.stages[stage] = C.zimg_trace_event_stage_ms(raw, C.zimg_stage(stage))
	}
	var out *C.zimg_text
	var failed *C.zimg_error
	if err := check(C.zimg_trace_event_json(raw, &out, &failed), failed); err != nil {
		return event, err
	}
	event.JSON = takeText(out)
	return event, nil
}
