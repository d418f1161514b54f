//go:build engine

package zimg

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheExamplesOfThePages compiles each program on docs/go.md and its twin in a module of its own, as a reader would, and
// runs it.
func TestTheExamplesOfThePages(t *testing.T) {
	here := must(os.Getwd())
	expected := []string{"true", "true true", "false\ntrue"}
	for _, page := range []string{"go.md", "go.zh.md"} {
		text := must(os.ReadFile(filepath.Join(here, "..", "..", "docs", page)))
		programs := regexp.MustCompile("(?ms)^```go\n(.*?)^```").FindAllStringSubmatch(string(text), -1)
		if len(programs) != len(expected) {
			t.Fatalf("%s has %d programs; %d are expected", page, len(programs), len(expected))
		}
		for i, program := range programs {
			folder := t.TempDir()
			module := fmt.Sprintf("module example\n\ngo 1.19\n\nrequire zimg v0.1.0\n\nreplace zimg => %s\n", here)
			check0(os.WriteFile(filepath.Join(folder, "go.mod"), []byte(module), 0o644))
			check0(os.WriteFile(filepath.Join(folder, "main.go"), []byte(program[1]), 0o644))
			command := exec.Command("go", "run", ".")
			command.Dir = folder
			output, err := command.CombinedOutput()
			if err != nil || !strings.Contains(string(output), expected[i]) {
				t.Errorf("program %d of %s: %v\n%s", i+1, page, err, output)
			}
		}
	}
}
