package zimg

// #include "glue.h"
import "C"

import (
	"runtime"
	"time"
)

// Picture is pixels: interleaved 8-bit RGB, rows from the top.
type Picture struct {
	Width, Height uint32
	// Width * Height * 3 octets.
	RGB []byte
	// Of a Pipeline, for reports: how long drawing took, of StageWait StageLoad StageEncodeText StageDenoise StageDecode.
	Stages map[Stage]time.Duration
}

// DecodePicture gives the pixels of a PNG or a JPEG; what is transparent in it is laid on white.
func DecodePicture(encoded []byte) (*Picture, error) {
	data, size := octets(encoded)
	var out *C.zimg_picture
	var failed *C.zimg_error
	if err := check(C.zimg_go_picture_decode(data, size, &out, &failed), failed); err != nil {
		return nil, err
	}
	return takePicture(out), nil
}

func takePicture(raw *C.zimg_picture) *Picture {
	defer C.zimg_picture_destroy(raw)
	var size C.size_t
	rgb := C.zimg_picture_rgb(raw, &size)
	return &Picture{
		Width:  uint32(C.zimg_picture_width(raw)),
		Height: uint32(C.zimg_picture_height(raw)),
		RGB:    append([]byte(nil), bytesOf(rgb, size)...),
	}
}

// fill copies the picture into one of zimg's.
func (picture *Picture) fill(raw *C.zimg_picture) error {
	if picture == nil {
		return NewError(StatusInvalidArgument, "the picture is nil; one with pixels is expected")
	}
	data, size := octets(picture.RGB)
	var failed *C.zimg_error
	status := C.zimg_picture_set_rgb(raw, C.uint32_t(picture.Width), C.uint32_t(picture.Height), data, size, &failed)
	if err := check(status, failed); err != nil {
		return err
	}
	for stage, took := range picture.Stages {
		ms := C.double(float64(took) / float64(time.Millisecond))
		if err := check(C.zimg_picture_set_stage_ms(raw, C.zimg_stage(stage), ms, &failed), failed); err != nil {
			return err
		}
	}
	runtime.KeepAlive(picture)
	return nil
}

// PictureFacts is what a PNG or JPEG says about itself.
type PictureFacts struct {
	Format        ImageFormat
	Width, Height uint32
	// In file order: "parameters" (as A1111 writes it), "zimg" (JSON), and any other.
	Texts []PictureText
}

// PictureText is one text chunk.
type PictureText struct {
	Keyword, Text string
}

// ReadPictureFacts reads them without decoding the picture.
func ReadPictureFacts(encoded []byte) (PictureFacts, error) {
	data, size := octets(encoded)
	var raw *C.zimg_picture_facts
	var failed *C.zimg_error
	if err := check(C.zimg_go_picture_facts_read(data, size, &raw, &failed), failed); err != nil {
		return PictureFacts{}, err
	}
	defer C.zimg_picture_facts_destroy(raw)
	facts := PictureFacts{
		Format: ImageFormat(C.zimg_picture_facts_format(raw)),
		Width:  uint32(C.zimg_picture_facts_width(raw)),
		Height: uint32(C.zimg_picture_facts_height(raw)),
	}
	for index := C.size_t(0); index < C.zimg_picture_facts_text_count(raw); index++ {
		facts.Texts = append(facts.Texts, PictureText{
			text(func(size *C.size_t) *C.char { return C.zimg_picture_facts_keyword(raw, index, size) }),
			text(func(size *C.size_t) *C.char { return C.zimg_picture_facts_text(raw, index, size) }),
		})
	}
	return facts, nil
}
