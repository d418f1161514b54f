package zimg

import (
	"context"
	"testing"

	"zimg/internal/chit"
)

// noise is a pipeline whose PNG of 96x64 has about 18 kB.
type noise struct{}

func (noise) Draw(drawing *Drawing) (*Picture, error) {
	rgb := make([]byte, drawing.Width*drawing.Height*3)
	state := uint32(1)
	for i := range rgb {
		state = state*1664525 + 1013904223
		rgb[i] = byte(state >> 24)
	}
	return &Picture{Width: drawing.Width, Height: drawing.Height, RGB: rgb}, nil
}

// BenchmarkHitC is a hit through the C API alone.
func BenchmarkHitC(b *testing.B) {
	hits := must(chit.Prepare())
	defer hits.Close()
	b.ResetTimer()
	if hits.Run(b.N) == 0 {
		b.Fatal("no hit")
	}
}

func benchmarkHit(b *testing.B, ctx context.Context) {
	generator := generatorOf(b, Options{Pipeline: noise{}, PipelineIdentity: "noise"}, memory(b))
	asked := Request{Prompt: "noise", Size: &Size{96, 64}}
	generated(b, generator, asked)
	check0(generator.Drain())
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		result, err := generator.Generate(ctx, asked)
		if err != nil || !result.IsHit() {
			b.Fatal(err)
		}
		check0(result.View(func(picture []byte) error { return nil }))
		result.Close()
	}
}

// BenchmarkHit is a hit through this package.
func BenchmarkHit(b *testing.B) {
	benchmarkHit(b, context.Background())
}

// BenchmarkHitWithContext is one that a context may cancel.
func BenchmarkHitWithContext(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	benchmarkHit(b, ctx)
}
