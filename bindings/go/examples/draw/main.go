// Draws a prompt into a file, or finds it in the store on the disk: go run ./examples/draw "a red circle" circle.png
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"zimg"
)

func draw(ctx context.Context, prompt, path string) error {
	cache, err := zimg.OpenCache("", nil)
	if err != nil {
		return err
	}
	defer cache.Close()
	generator, err := zimg.NewGenerator(zimg.Options{}, cache)
	if err != nil {
		return err
	}
	defer generator.Close()
	picture, err := generator.Generate(ctx, zimg.Request{Prompt: prompt, Progress: func(progress zimg.Progress) {
		fmt.Fprintf(os.Stderr, "\rstep %d of %d ", progress.Step, progress.Steps)
	}})
	if err != nil {
		return err
	}
	defer picture.Close()
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := picture.WriteTo(file); err != nil {
		return err
	}
	report, err := picture.Report()
	if err != nil {
		return err
	}
	fmt.Printf("%s: %v, %v\n", path, report.Outcome, report.Key)
	return file.Close()
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: draw PROMPT FILE")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt) // Ctrl-C cancels the drawing
	defer stop()
	if err := draw(ctx, os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}
