package main

import (
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"

	"zimg"
)

// subject is the fields of one case.
type subject map[string]string

var (
	escapes   = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\x00", `\0`)
	unescapes = strings.NewReplacer(`\\`, "\\", `\n`, "\n", `\r`, "\r", `\t`, "\t", `\0`, "\x00")
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func readCases(path string) []subject {
	octets, err := os.ReadFile(path)
	must(err)
	var cases []subject
	each := subject{}
	for _, line := range strings.Split(string(octets), "\n") {
		field, value, _ := strings.Cut(line, "\t")
		switch field {
		case "":
		case "end":
			cases = append(cases, each)
			each = subject{}
		default:
			each[field] = unescapes.Replace(value)
		}
	}
	return cases
}

// results is the answers, as they are given.
type results struct {
	folder, name string
	lines        strings.Builder
}

func (results *results) write(field string, value any) {
	text := fmt.Sprint(value)
	if status, is := value.(zimg.Status); is { // which is an error as well
		text = status.String()
	}
	fmt.Fprintf(&results.lines, "%s\t%s\n", field, escapes.Replace(text))
}

func (results *results) writeTruth(field string, value bool) {
	if value {
		results.write(field, 1)
	} else {
		results.write(field, 0)
	}
}

func (results *results) writeThousandths(field string, value float64) {
	results.write(field, int64(math.Round(value*1000)))
}

func (results *results) writeAll(field string, values []string) {
	for _, value := range values {
		results.write(field, value)
	}
}

func (results *results) writeOctets(number int, octets []byte) {
	must(os.WriteFile(filepath.Join(results.folder, fmt.Sprintf("%s.%d", results.name, number)), octets, 0o644))
}
