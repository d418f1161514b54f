package zimg

// #include "glue.h"
import "C"

import (
	"time"
	"unsafe"
)

// Entry is an encoded picture and the facts beside it.
type Entry struct {
	// The encoded picture; nil where it was not read.
	Payload                    []byte
	Format                     ImageFormat
	Width, Height, Seed, Steps uint32
	Guidance                   float64
	// What drawing it again would cost.
	DrawTime time.Duration
	// The zero time lets the cache set it.
	StoredAt time.Time
	// The zero time is never.
	ExpiresAt time.Time
	// At most 64 bytes.
	Namespace string
	// At most 255 bytes each.
	Model, Tag string
	IsPinned   bool
	// Of the payload; all zero lets the cache compute it.
	PayloadSHA256 [32]byte
}

// entryOf is a copy of one of zimg's.
func entryOf(raw *C.zimg_entry) *Entry {
	read := C.zimg_go_entry_read(raw)
	entry := &Entry{
		Format:    ImageFormat(read.facts.format),
		Width:     uint32(read.facts.width),
		Height:    uint32(read.facts.height),
		Seed:      uint32(read.facts.seed),
		Steps:     uint32(read.facts.steps),
		Guidance:  float64(read.facts.guidance),
		DrawTime:  duration(read.facts.draw_ms),
		StoredAt:  timeOf(read.facts.stored_at_ms),
		ExpiresAt: timeOf(read.facts.expires_at_ms),
		Namespace: textOf(read.name, read.name_size),
		Model:     textOf(read.model, read.model_size),
		Tag:       textOf(read.tag, read.tag_size),
		IsPinned:  read.facts.is_pinned != 0,
	}
	copy(entry.PayloadSHA256[:], bytesOf(read.digest, 32))
	if read.payload != nil {
		entry.Payload = append([]byte{}, bytesOf(read.payload, read.payload_size)...)
	}
	return entry
}

// fill copies the entry into one of zimg's.
func (entry *Entry) fill(raw *C.zimg_entry) error {
	facts := C.zimg_go_facts{
		format:        C.zimg_image_format(entry.Format),
		width:         C.uint32_t(entry.Width),
		height:        C.uint32_t(entry.Height),
		seed:          C.uint32_t(entry.Seed),
		steps:         C.uint32_t(entry.Steps),
		guidance:      C.double(entry.Guidance),
		draw_ms:       C.double(float64(entry.DrawTime) / float64(time.Millisecond)),
		stored_at_ms:  unixMS(entry.StoredAt),
		expires_at_ms: unixMS(entry.ExpiresAt),
		is_pinned:     truth(entry.IsPinned),
	}
	payload, payloadSize := octets(entry.Payload)
	name, nameSize := chars(entry.Namespace)
	model, modelSize := chars(entry.Model)
	tag, tagSize := chars(entry.Tag)
	digest := (*C.uint8_t)(unsafe.Pointer(&entry.PayloadSHA256[0]))
	var failed *C.zimg_error
	status := C.zimg_go_entry_fill(raw, &facts, payload, payloadSize, name, nameSize, model, modelSize, tag, tagSize,
		digest, &failed)
	return check(status, failed)
}

// make gives an entry in C, which the caller destroys.
func (entry *Entry) make() (*C.zimg_entry, error) {
	var raw *C.zimg_entry
	var failed *C.zimg_error
	if entry == nil {
		return nil, NewError(StatusInvalidArgument, "the entry is nil; one with a payload is expected")
	}
	if err := check(C.zimg_entry_create(&raw, &failed), failed); err != nil {
		return nil, err
	}
	if err := entry.fill(raw); err != nil {
		C.zimg_entry_destroy(raw)
		return nil, err
	}
	return raw, nil
}
