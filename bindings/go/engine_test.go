//go:build engine

package zimg

import (
	"bytes"
	"context"
	"sync/atomic"
	"testing"
)

func engineOptions() Options {
	return Options{Device: DeviceCPU, Precision: PrecisionFP32, Threads: 2}
}

func TestTheBuiltInModelDrawsOnce(t *testing.T) {
	equal(t, "the engine", HasFeature(FeatureEngine), true)
	must(LocateEngine(Options{}))
	cache := memory(t)
	generator := generatorOf(t, engineOptions(), cache)
	var steps atomic.Uint32
	asked := Request{Prompt: "a red circle", Preview: true, Progress: func(progress Progress) { steps.Store(progress.Step) }}
	drawn := generated(t, generator, asked)
	report := must(drawn.Report())
	equal(t, "the outcome", report.Outcome, OutcomeDrawn)
	equal(t, "warnings", len(report.Warnings), 0)
	equal(t, "the last step", steps.Load(), report.Steps)
	check0(generator.Drain())
	found := generated(t, generatorOf(t, engineOptions(), cache), asked)
	equal(t, "a hit", found.IsHit(), true)
	if !bytes.Equal(must(found.Bytes()), must(drawn.Bytes())) {
		t.Fatal("a hit has other bytes than the miss")
	}
	picture := must(DecodePicture(must(drawn.Bytes())))
	middle := (picture.Height/2*picture.Width + picture.Width/2) * 3
	if red, green := picture.RGB[middle], picture.RGB[middle+1]; red <= 128 || green >= 128 {
		t.Fatalf("the middle of a red circle is red, not %d %d", red, green)
	}
}

func TestADrawingOfTheEngineIsCancelled(t *testing.T) {
	generator := generatorOf(t, engineOptions(), nil)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	asked := Request{Prompt: "a blue square", Steps: Set(uint32(500)), Progress: func(progress Progress) {
		if progress.Step == 1 {
			cancel()
		}
	}}
	_, err := generator.Generate(ctx, asked)
	refused(t, StatusCancelled, err)
}
