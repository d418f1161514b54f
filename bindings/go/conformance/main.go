// The conformance suite through the package zimg: conformance CASES FOLDER. tests/conformance/README.md tells what it reads
// and writes.
package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"zimg"
)

// cacheOf is the cache that the case names; nil where it names none.
func cacheOf(subject subject) (*zimg.Cache, error) {
	if subject["options.cache"] == "none:" {
		return nil, nil
	}
	return zimg.OpenCache(subject["options.cache"], nil)
}

func writeFirst(results *results, result *zimg.Result, seen *seen) error {
	report, err := result.Report()
	if err != nil {
		return err
	}
	picture, err := result.Bytes()
	if err != nil {
		return err
	}
	results.writeOctets(1, picture)
	results.write("first", report.Outcome)
	results.write("progress", seen.steps)
	results.write("previews", seen.previews)
	results.write("format", int32(result.Format()))
	results.write("width", result.Size().Width)
	results.write("height", result.Size().Height)
	results.write("seed", report.Seed)
	results.write("steps", report.Steps)
	results.writeThousandths("guidance", report.Guidance)
	results.write("model", report.Model)
	results.write("namespace", report.Namespace)
	results.writeTruth("flat", report.IsFlat)
	results.writeTruth("filtered", report.IsFiltered)
	results.writeAll("folded", report.Folded)
	results.writeAll("tag", report.Tags)
	results.writeAll("warning", report.Warnings)
	results.write("stored", report.Stored)
	results.write("store_note", report.StoreNote)
	results.write("payload_sha256", report.PayloadSHA256)
	return nil
}

func generateTwice(ctx context.Context, results *results, generator *zimg.Generator, asked zimg.Request, seen *seen) error {
	first, err := generator.Generate(ctx, asked)
	if err != nil {
		return err
	}
	defer first.Close()
	if err := generator.Drain(); err != nil {
		return err
	}
	if err := first.RefreshStored(); err != nil {
		return err
	}
	if err := writeFirst(results, first, seen); err != nil {
		return err
	}
	second, err := generator.Generate(ctx, asked)
	if err != nil {
		return err
	}
	defer second.Close()
	picture, err := second.Bytes()
	if err != nil {
		return err
	}
	report, err := second.Report()
	if err != nil {
		return err
	}
	results.writeOctets(2, picture)
	results.write("second", report.Outcome)
	results.writeTruth("converted", report.IsConverted)
	metrics, err := generator.Metrics()
	if err != nil {
		return err
	}
	defer metrics.Close()
	results.write("hits", metrics.Count(zimg.CountHits))
	results.write("misses", metrics.Count(zimg.CountMisses))
	results.write("drawn", metrics.Count(zimg.CountDrawn))
	return nil
}

func ask(subject subject, results *results) error {
	cache, err := cacheOf(subject)
	if err != nil {
		return err
	}
	if cache != nil {
		defer cache.Close()
	}
	generator, err := zimg.NewGenerator(optionsOf(subject), cache)
	if err != nil {
		return err
	}
	defer generator.Close()
	seen := &seen{}
	asked := requestOf(subject, seen)
	key, err := generator.Key(context.Background(), asked)
	if err != nil {
		return err
	}
	results.write("key", key)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if subject["request.cancel"] == "1" {
		cancel()
	}
	if subject["do"] == "generate" {
		return generateTwice(ctx, results, generator, asked, seen)
	}
	fields, err := generator.ExplainKey(context.Background(), asked)
	for _, field := range fields {
		results.write("field_tag", field.Tag)
		results.write("field_name", field.Name)
		results.write("field_value", field.Value)
		results.writeTruth("field_is_live", field.IsLive)
	}
	return err
}

func article(subject subject, results *results) error {
	prompt, negative, config := subject["article.prompt"], subject["article.negative_prompt"], subject["article.config"]
	key, err := zimg.ArticleKey(prompt, negative, config)
	if err != nil {
		return err
	}
	results.write("key", key)
	text, err := zimg.ArticleText(prompt, negative, config)
	if err == nil {
		results.write("text", text)
	}
	return err
}

func hexOf(subject subject, results *results) error {
	key, err := zimg.ParseKey(subject["text"])
	if err == nil {
		results.write("key", key)
	}
	return err
}

func writeEntry(results *results, entry *zimg.Entry) {
	results.writeOctets(1, entry.Payload)
	results.write("format", int32(entry.Format))
	results.write("width", entry.Width)
	results.write("height", entry.Height)
	results.write("seed", entry.Seed)
	results.write("steps", entry.Steps)
	results.writeThousandths("guidance", entry.Guidance)
	results.writeThousandths("draw_ms", float64(entry.DrawTime)/1e6)
	results.write("stored_at_ms", entry.StoredAt.UnixMilli())
	expires := int64(0)
	if !entry.ExpiresAt.IsZero() {
		expires = entry.ExpiresAt.UnixMilli()
	}
	results.write("expires_at_ms", expires)
	results.write("namespace", entry.Namespace)
	results.write("model", entry.Model)
	results.write("tag", entry.Tag)
	results.writeTruth("pinned", entry.IsPinned)
	results.write("payload_sha256", hex.EncodeToString(entry.PayloadSHA256[:]))
}

func entry(subject subject, results *results) error {
	cache, err := cacheOf(subject)
	if err != nil {
		return err
	}
	defer cache.Close()
	var key zimg.Key
	for i := range key {
		key[i] = byte(i)
	}
	outcome, err := cache.Store(key, entryOf(subject))
	if err != nil {
		return err
	}
	results.write("outcome", int32(outcome))
	found, err := cache.Find(key)
	if err != nil {
		return err
	}
	results.writeTruth("found", found != nil)
	if found != nil {
		writeEntry(results, found)
	}
	erased, err := cache.Erase(key)
	if err == nil {
		results.writeTruth("erased", erased)
	}
	return err
}

func run(subject subject, results *results) {
	results.name = subject["case"]
	results.write("case", subject["case"])
	var err error
	switch subject["do"] {
	case "generate", "key":
		err = ask(subject, results)
	case "article":
		err = article(subject, results)
	case "hex":
		err = hexOf(subject, results)
	case "entry":
		err = entry(subject, results)
	default:
		log.Fatalf("'%s' is not known", subject["do"])
	}
	status := zimg.StatusOK
	var failed *zimg.Error
	if errors.As(err, &failed) {
		status = failed.Status
	} else if err != nil {
		log.Fatalf("%s: %v is no error of zimg", subject["case"], err)
	}
	results.write("status", status)
	if err != nil {
		results.write("error", err)
	}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: conformance CASES FOLDER")
		os.Exit(2)
	}
	results := &results{folder: os.Args[2]}
	for _, subject := range readCases(os.Args[1]) {
		run(subject, results)
	}
	must(os.WriteFile(filepath.Join(results.folder, "results.txt"), []byte(results.lines.String()), 0o644))
}
