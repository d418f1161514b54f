package zimg

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// header is include/zimg/zimg.h without its comments.
func header(t *testing.T) string {
	folder := os.Getenv("ZIMG_INCLUDE_DIR")
	if folder == "" {
		folder = "../../include"
	}
	octets, err := os.ReadFile(filepath.Join(folder, "zimg", "zimg.h"))
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(octets), " ")
}

// sources is the code of this package, tests aside.
func sources(t *testing.T) string {
	var all strings.Builder
	for _, pattern := range []string{"*.go", "glue.c"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			octets, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(octets)
		}
	}
	return all.String()
}

// What a Go program does without, and what it has instead.
var elsewhere = map[string]string{
	"zimg_entry_clone":               "an Entry is copied by assignment",
	"zimg_key_to_hex":                "Key.String",
	"zimg_request_clone":             "a Request is copied by assignment",
	"zimg_cancel_token_is_cancelled": "context.Context.Err",
	"zimg_error_status":              "Error.Status, which the call has returned",
	"zimg_job_wait":                  "Job.Wait, which waits for Job.Done",
}

// words are those of the sources that match pattern.
func words(t *testing.T, pattern string) map[string]bool {
	found := map[string]bool{}
	for _, word := range regexp.MustCompile(pattern).FindAllString(sources(t), -1) {
		found[word] = true
	}
	return found
}

func TestEveryFunctionOfTheHeaderHasItsCounterpart(t *testing.T) {
	used := words(t, `zimg_\w+\(`)
	functions := regexp.MustCompile(`(?m)^ZIMG_SINCE_\w+ [\w *]*?\b(zimg_\w+)\(`).FindAllStringSubmatch(header(t), -1)
	if len(functions) < 300 {
		t.Fatalf("the header has %d functions; more are expected", len(functions))
	}
	for _, match := range functions {
		if elsewhere[match[1]] == "" && !used[match[1]+"("] {
			t.Errorf("%s is not used", match[1])
		}
	}
}

func TestEveryEnumeratorOfTheHeaderHasItsConstant(t *testing.T) {
	used := words(t, `= C\.ZIMG_\w+`)
	enumerators := regexp.MustCompile(`\b(ZIMG_[A-Z0-9_]+) = \d+`).FindAllStringSubmatch(header(t), -1)
	if len(enumerators) < 120 {
		t.Fatalf("the header has %d enumerators; more are expected", len(enumerators))
	}
	for _, match := range enumerators {
		if !used["= C."+match[1]] {
			t.Errorf("%s has no constant", match[1])
		}
	}
}
