package zimg

// #include "glue.h"
import "C"

import (
	"io"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

// Result is a delivered picture and its report.
type Result struct {
	handle
	report sync.RWMutex // RefreshStored writes what Report reads
}

func newResult(raw *C.zimg_result) *Result {
	result := &Result{handle: own("result", unsafe.Pointer(raw), destroyResult)}
	runtime.SetFinalizer(result, (*Result).Close)
	return result
}

func destroyResult(raw unsafe.Pointer) {
	C.zimg_result_destroy((*C.zimg_result)(raw))
}

// View shows the encoded picture to look, not copied. It is only valid until look returns.
func (result *Result) View(look func(picture []byte) error) error {
	raw, err := result.use()
	if err != nil {
		return err
	}
	defer result.drop()
	var size C.size_t
	data := C.zimg_result_bytes((*C.zimg_result)(raw), &size)
	return look(bytesOf(data, size))
}

// Bytes is a copy of the encoded picture.
func (result *Result) Bytes() ([]byte, error) {
	raw, err := result.use()
	if err != nil {
		return nil, err
	}
	defer result.drop()
	var size C.size_t
	C.zimg_result_bytes((*C.zimg_result)(raw), &size)
	picture := make([]byte, int(size))
	data, capacity := octets(picture)
	var failed *C.zimg_error
	return picture, check(C.zimg_go_result_copy_bytes((*C.zimg_result)(raw), data, capacity, &failed), failed)
}

// WriteTo writes the encoded picture.
func (result *Result) WriteTo(writer io.Writer) (written int64, err error) {
	err = result.View(func(picture []byte) error {
		count, err := writer.Write(picture)
		written = int64(count)
		return err
	})
	return written, err
}

// Share gives the same octets, not copied, for longer than the result is open.
func (result *Result) Share() (*SharedBytes, error) {
	raw, err := result.use()
	if err != nil {
		return nil, err
	}
	defer result.drop()
	var out *C.zimg_bytes
	var failed *C.zimg_error
	if err := check(C.zimg_result_share_bytes((*C.zimg_result)(raw), &out, &failed), failed); err != nil {
		return nil, err
	}
	shared := &SharedBytes{own("shared picture", unsafe.Pointer(out), func(raw unsafe.Pointer) {
		C.zimg_bytes_destroy((*C.zimg_bytes)(raw))
	})}
	runtime.SetFinalizer(shared, (*SharedBytes).Close)
	return shared, nil
}

// SharedBytes is immutable octets, shared with whoever else holds them.
type SharedBytes struct {
	handle
}

// View shows them to look. They are only valid until look returns.
func (shared *SharedBytes) View(look func(octets []byte) error) error {
	raw, err := shared.use()
	if err != nil {
		return err
	}
	defer shared.drop()
	var size C.size_t
	data := C.zimg_bytes_data((*C.zimg_bytes)(raw), &size)
	return look(bytesOf(data, size))
}

// Format is how the picture is encoded; 0 where the result is closed, as with Size.
func (result *Result) Format() ImageFormat {
	raw, err := result.use()
	if err != nil {
		return 0
	}
	defer result.drop()
	return ImageFormat(C.zimg_result_format((*C.zimg_result)(raw)))
}

// Size is that of the picture, in pixels.
func (result *Result) Size() Size {
	raw, err := result.use()
	if err != nil {
		return Size{}
	}
	defer result.drop()
	picture := (*C.zimg_result)(raw)
	return Size{uint32(C.zimg_result_width(picture)), uint32(C.zimg_result_height(picture))}
}

// IsHit says whether the picture was found; false where the result is closed.
func (result *Result) IsHit() bool {
	raw, err := result.use()
	if err != nil {
		return false
	}
	defer result.drop()
	return C.zimg_go_result_is_hit((*C.zimg_result)(raw)) != 0
}

// RefreshStored brings what the report says about storing up to date; final after Generator.Drain.
func (result *Result) RefreshStored() error {
	raw, err := result.use()
	if err != nil {
		return err
	}
	defer result.drop()
	result.report.Lock()
	defer result.report.Unlock()
	var failed *C.zimg_error
	return check(C.zimg_result_refresh_stored((*C.zimg_result)(raw), &failed), failed)
}

// Report is how a picture came about.
type Report struct {
	Outcome Outcome
	IsHit   bool
	Key     Key
	Stored  Stored
	// Why it was not stored, one sentence; empty otherwise.
	StoreNote string
	// A cache that could not be used, a flat picture: one sentence each.
	Warnings []string
	// What was folded before key and model saw it, one phrase each.
	Folded []string
	// Tags of the keyword lists that tag.
	Tags []string
	// A hit made from the stored PNG.
	IsConverted bool
	// A keyword list names a word of the prompt.
	IsFiltered bool
	// One colour: delivered, never stored.
	IsFlat bool
	// As drawn.
	Seed     uint32
	Steps    uint32
	Guidance float64
	Model    string
	// Of the request.
	Namespace string
	// 64 hexadecimal digits, of the picture as stored, before parameters are spliced in.
	PayloadSHA256 string
	stages        stages
}

// stages is how long each stage took, in milliseconds.
type stages [C.kZimgGoStages]C.double

func (all *stages) of(stage Stage) time.Duration {
	if stage < 0 || int(stage) >= len(all) {
		return 0
	}
	return duration(all[stage])
}

// Stage is how long one took; 0 for a stage that did not run.
func (report *Report) Stage(stage Stage) time.Duration {
	return report.stages.of(stage)
}

func list(count C.size_t, at func(index C.size_t, size *C.size_t) *C.char) []string {
	var all []string
	for index := C.size_t(0); index < count; index++ {
		all = append(all, text(func(size *C.size_t) *C.char { return at(index, size) }))
	}
	return all
}

// Report is a copy of how the picture came about.
func (result *Result) Report() (Report, error) {
	raw, err := result.use()
	if err != nil {
		return Report{}, err
	}
	defer result.drop()
	result.report.RLock()
	defer result.report.RUnlock()
	report := C.zimg_result_report((*C.zimg_result)(raw))
	made := Report{
		Outcome:     Outcome(C.zimg_report_outcome(report)),
		IsHit:       C.zimg_report_is_hit(report) != 0,
		Key:         keyOf(C.zimg_report_key(report)),
		Stored:      Stored(C.zimg_report_stored(report)),
		StoreNote:   text(func(size *C.size_t) *C.char { return C.zimg_report_store_note(report, size) }),
		IsConverted: C.zimg_report_is_converted(report) != 0,
		IsFiltered:  C.zimg_report_is_filtered(report) != 0,
		IsFlat:      C.zimg_report_is_flat(report) != 0,
		Seed:        uint32(C.zimg_report_seed(report)),
		Steps:       uint32(C.zimg_report_steps(report)),
		Guidance:    float64(C.zimg_report_guidance(report)),
		Model:       text(func(size *C.size_t) *C.char { return C.zimg_report_model(report, size) }),
		Namespace:   text(func(size *C.size_t) *C.char { return C.zimg_report_namespace(report, size) }),
	}
	made.PayloadSHA256 = text(func(size *C.size_t) *C.char { return C.zimg_report_payload_sha256(report, size) })
	made.Warnings = list(C.zimg_report_warning_count(report), func(index C.size_t, size *C.size_t) *C.char {
		return C.zimg_report_warning(report, index, size)
	})
	made.Folded = list(C.zimg_report_folded_count(report), func(index C.size_t, size *C.size_t) *C.char {
		return C.zimg_report_folded(report, index, size)
	})
	made.Tags = list(C.zimg_report_tag_count(report), func(index C.size_t, size *C.size_t) *C.char {
		return C.zimg_report_tag(report, index, size)
	})
	for stage := range made.stages {
		made.stages[stage] = C.zimg_report_stage_ms(report, C.zimg_stage(stage))
	}
	return made, nil
}
