package zimg

// #include "glue.h"
import "C"

import (
	"context"
	"time"
)

// Prewarm is a list of pictures to have ready.
type Prewarm struct {
	Items []PrewarmItem
	// No drawing is begun once a budget is spent. Nil: no end.
	BudgetPictures *uint64
	BudgetTime     *time.Duration
	BudgetBytes    *uint64
	// Requests side by side, 1 to 64. Nil is 2.
	AtOnce *uint32
	// Told Listed Checked Missing Done DrawnBytes.
	Progress func(Tally)
}

// PrewarmItem is a request, whose cache mode and progress callback are not read. The higher priorities are drawn first.
type PrewarmItem struct {
	Request  Request
	Priority float64
}

// PrewarmReport is what became of a prewarming run.
type PrewarmReport struct {
	End PrewarmEnd
	// Why pictures are not stored; empty otherwise.
	Note string
	// Items in all; pictures that they ask for; those that were there already.
	Listed, Different, Found uint64
	// Of those drawn, the ones that were not kept.
	Drawn, Unstored uint64
	// What another run would draw.
	Left       uint64
	DrawnBytes uint64
	Took       time.Duration
	Failures   []PrewarmFailure
}

// PrewarmFailure is an item that could not be had ready.
type PrewarmFailure struct {
	// Its place in the list, from 0.
	Item int
	Err  *Error
}

// Prewarm draws what is missing of a list; blocks. Once ctx is done, it ends as PrewarmEndCancelled. That single items
// failed is told in the report.
func (generator *Generator) Prewarm(ctx context.Context, list Prewarm) (PrewarmReport, error) {
	raw, err := generator.use()
	if err != nil {
		return PrewarmReport{}, err
	}
	defer generator.drop()
	token, end, err := tokenOf(ctx)
	if err != nil {
		return PrewarmReport{}, err
	}
	defer end()
	made, err := list.make(token)
	if err != nil {
		return PrewarmReport{}, err
	}
	defer C.zimg_prewarm_destroy(made)
	var out *C.zimg_prewarm_report
	running := &run{ctx: context.Background(), tally: list.Progress} // the token is what stops it
	err = running.call(func(handle C.uintptr_t) error {
		var failed *C.zimg_error
		return check(C.zimg_go_prewarm_run(made, (*C.zimg_generator)(raw), handle, &out, &failed), failed)
	})
	defer C.zimg_prewarm_report_destroy(out)
	if err = generator.failure.or(err); err != nil {
		return PrewarmReport{}, because(ctx, err)
	}
	return prewarmReportOf(out), nil
}

// make gives the list in C, which the caller destroys.
func (list *Prewarm) make(token *C.zimg_cancel_token) (*C.zimg_prewarm, error) {
	var raw *C.zimg_prewarm
	var failed *C.zimg_error
	if err := check(C.zimg_prewarm_create(&raw, &failed), failed); err != nil {
		return nil, err
	}
	if err := list.fill(raw, token); err != nil {
		C.zimg_prewarm_destroy(raw)
		return nil, err
	}
	return raw, nil
}

func (list *Prewarm) fill(raw *C.zimg_prewarm, token *C.zimg_cancel_token) error {
	var failed *C.zimg_error
	for i := range list.Items {
		request, err := list.Items[i].Request.make(nil, &failure{})
		if err != nil {
			return err
		}
		err = check(C.zimg_prewarm_add(raw, request, C.double(list.Items[i].Priority), &failed), failed)
		C.zimg_request_destroy(request)
		if err != nil {
			return err
		}
	}
	status := C.zimg_status(C.ZIMG_STATUS_OK)
	if list.BudgetPictures != nil {
		status = C.zimg_prewarm_set_budget_pictures(raw, C.uint64_t(*list.BudgetPictures), &failed)
	}
	if status == C.ZIMG_STATUS_OK && list.BudgetTime != nil {
		status = C.zimg_prewarm_set_budget_seconds(raw, C.double(list.BudgetTime.Seconds()), &failed)
	}
	if status == C.ZIMG_STATUS_OK && list.BudgetBytes != nil {
		status = C.zimg_prewarm_set_budget_bytes(raw, C.uint64_t(*list.BudgetBytes), &failed)
	}
	if status == C.ZIMG_STATUS_OK && list.AtOnce != nil {
		status = C.zimg_prewarm_set_at_once(raw, C.uint32_t(*list.AtOnce), &failed)
	}
	if status == C.ZIMG_STATUS_OK && token != nil {
		status = C.zimg_prewarm_set_cancel_token(raw, token, &failed)
	}
	return check(status, failed)
}

func prewarmReportOf(raw *C.zimg_prewarm_report) PrewarmReport {
	count := func(count C.zimg_count) uint64 { return uint64(C.zimg_prewarm_report_count(raw, count)) }
	report := PrewarmReport{
		End:        PrewarmEnd(C.zimg_prewarm_report_end(raw)),
		Note:       text(func(size *C.size_t) *C.char { return C.zimg_prewarm_report_note(raw, size) }),
		Listed:     count(C.ZIMG_COUNT_LISTED),
		Different:  count(C.ZIMG_COUNT_DIFFERENT),
		Found:      count(C.ZIMG_COUNT_FOUND),
		Drawn:      count(C.ZIMG_COUNT_DRAWN),
		Unstored:   count(C.ZIMG_COUNT_UNSTORED),
		Left:       count(C.ZIMG_COUNT_LEFT),
		DrawnBytes: count(C.ZIMG_COUNT_DRAWN_BYTES),
		Took:       duration(C.zimg_prewarm_report_seconds(raw) * 1000),
	}
	for index := C.size_t(0); index < C.zimg_prewarm_report_failure_count(raw); index++ {
		message := text(func(size *C.size_t) *C.char { return C.zimg_prewarm_report_failure_message(raw, index, size) })
		report.Failures = append(report.Failures, PrewarmFailure{
			Item: int(C.zimg_prewarm_report_failure_item(raw, index)),
			Err:  NewError(Status(C.zimg_prewarm_report_failure_status(raw, index)), message),
		})
	}
	return report
}
