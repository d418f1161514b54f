package main

import (
	"log"
	"strconv"
	"strings"
	"time"

	"zimg"
)

func number[T ~int32 | ~uint32 | ~int64 | ~uint64](text string) T {
	if value, err := strconv.ParseUint(text, 10, 64); err == nil {
		return T(value)
	}
	value, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return T(value)
}

func float(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	must(err)
	return value
}

// fields calls set with each field of a part of the case; set says whether it knows it.
func fields(subject subject, part string, set func(name, value string) bool) {
	for name, value := range subject {
		if strings.HasPrefix(name, part) && !set(strings.TrimPrefix(name, part), value) {
			log.Fatalf("%s is not known", name)
		}
	}
}

func optionsOf(subject subject) (options zimg.Options) {
	fields(subject, "options.", func(name, value string) bool {
		switch name {
		case "model":
			options.Model = value
		case "device":
			options.Device = number[zimg.Device](value)
		case "precision":
			options.Precision = number[zimg.Precision](value)
		case "fingerprint":
			options.Fingerprint = number[zimg.Fingerprint](value)
		case "kept":
			options.Kept = number[zimg.Kept](value)
		case "threads":
			options.Threads = number[uint32](value)
		case "drawings_at_once":
			options.DrawingsAtOnce = zimg.Set(number[uint32](value))
		case "synonyms":
			options.Synonyms = value
		case "engine_path":
			options.EnginePath = value
		case "pipeline":
			options.Pipeline, options.PipelineIdentity = painter(value), "conformance 1"
		case "secret_namespace":
			secret := zimg.NamespaceSecret{Namespace: value, Secret: []byte(subject["options.secret"])}
			options.NamespaceSecrets = append(options.NamespaceSecrets, secret)
		case "keywords":
			action := number[zimg.KeywordAction](subject["options.keyword_action"])
			list := zimg.Keywords{Path: value, Action: action, Tag: subject["options.keyword_tag"]}
			options.Keywords = append(options.Keywords, list)
		case "cache", "secret", "keyword_action", "keyword_tag":
		default:
			return false
		}
		return true
	})
	return options
}

// seen is what the progress callback has counted.
type seen struct {
	steps, previews int
}

func requestOf(subject subject, seen *seen) (asked zimg.Request) {
	fields(subject, "request.", func(name, value string) bool {
		switch name {
		case "prompt":
			asked.Prompt = value
		case "negative_prompt":
			asked.NegativePrompt = value
		case "width":
			asked.Size = &zimg.Size{Width: number[uint32](value), Height: number[uint32](subject["request.height"])}
		case "height":
		case "steps":
			asked.Steps = zimg.Set(number[uint32](value))
		case "guidance":
			asked.Guidance = zimg.Set(float(value))
		case "guidance_normalization":
			asked.GuidanceNormalization = zimg.Set(float(value))
		case "guidance_truncation":
			asked.GuidanceTruncation = zimg.Set(float(value))
		case "schedule":
			asked.Schedule = number[zimg.Schedule](value)
		case "seed":
			asked.Seed = zimg.Set(number[uint64](value))
		case "vae_tiling":
			asked.VAETiling = value == "1"
		case "match":
			asked.MatchLevel = zimg.Set(number[zimg.MatchLevel](value))
		case "namespace":
			asked.Namespace = &value
		case "format":
			asked.Format = zimg.Set(number[zimg.ImageFormat](value))
		case "jpeg_quality":
			asked.JPEGQuality = zimg.Set(number[int32](value))
		case "splice_parameters":
			asked.SpliceParameters = value == "1"
		case "cache_mode":
			asked.CacheMode = number[zimg.CacheMode](value)
		case "ttl_ms":
			asked.TTL = zimg.Set(time.Duration(number[int64](value)) * time.Millisecond)
		case "ttl_jitter":
			asked.TTLJitter = float(value)
		case "tag":
			asked.Tag = value
		case "pin":
			asked.Pin = value == "1"
		case "preview":
			asked.Preview = value == "1"
		case "cancel": // by the context
		case "progress":
			asked.Progress = func(progress zimg.Progress) {
				seen.steps++
				if progress.Preview != nil {
					seen.previews++
				}
			}
		default:
			return false
		}
		return true
	})
	return asked
}

func entryOf(subject subject) *zimg.Entry {
	entry := &zimg.Entry{}
	fields(subject, "entry.", func(name, value string) bool {
		switch name {
		case "payload":
			entry.Payload = []byte(value)
		case "format":
			entry.Format = number[zimg.ImageFormat](value)
		case "width":
			entry.Width = number[uint32](value)
		case "height":
			entry.Height = number[uint32](value)
		case "seed":
			entry.Seed = number[uint32](value)
		case "steps":
			entry.Steps = number[uint32](value)
		case "guidance":
			entry.Guidance = float(value)
		case "draw_ms":
			entry.DrawTime = time.Duration(float(value) * float64(time.Millisecond))
		case "stored_at_ms":
			entry.StoredAt = time.UnixMilli(number[int64](value))
		case "expires_at_ms":
			entry.ExpiresAt = time.UnixMilli(number[int64](value))
		case "namespace":
			entry.Namespace = value
		case "model":
			entry.Model = value
		case "tag":
			entry.Tag = value
		case "pinned":
			entry.IsPinned = value == "1"
		default:
			return false
		}
		return true
	})
	return entry
}
