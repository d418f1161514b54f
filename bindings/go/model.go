package zimg

// #include "glue.h"
import "C"

import (
	"runtime"
	"runtime/cgo"
	"unsafe"
)

type bytesCall struct {
	function func(done, total uint64)
	failure  *failure
}

// ConvertModel rewrites the model at path into the folder out, which appears whole or not at all. progress, which may be
// nil, is told bytes done and bytes in all.
func ConvertModel(path, out string, weights WeightType, progress func(done, total uint64)) error {
	if progress == nil {
		progress = func(done, total uint64) {}
	}
	kept := &failure{}
	handle := cgo.NewHandle(&bytesCall{progress, kept})
	defer handle.Delete()
	from, fromSize := chars(path)
	to, toSize := chars(out)
	var failed *C.zimg_error
	status := C.zimg_go_model_convert(from, fromSize, to, toSize, C.zimg_weight_type(weights), C.uintptr_t(handle), &failed)
	return kept.or(check(status, failed))
}

// Inspection is what was found in a model folder.
type Inspection struct {
	Path, Name, Layout string
	// Empty unless it was asked for.
	Identity string
	// Defaults of requests, and what sizes may be.
	Width, Height, SizeStep, MaxSide, Steps uint32
	Guidance, Shift                         float64
	Parts                                   []ModelPart
	// What is wrong with the model, one sentence each; none: it is sound.
	Problems []string
}

// ModelPart is a part of a model.
type ModelPart struct {
	// "text_encoder", "transformer" or "vae".
	Role                       string
	DTypes                     string
	Tensors, Parameters, Bytes uint64
	Files                      []string
}

// InspectModel checks every tensor's name, shape, dtype and place. The identity, which takes hashing all files, is only
// there where hasIdentity is set.
func InspectModel(path string, hasIdentity bool) (Inspection, error) {
	var raw *C.zimg_inspection
	var failed *C.zimg_error
	data, size := chars(path)
	if err := check(C.zimg_model_inspect(data, size, truth(hasIdentity), &raw, &failed), failed); err != nil {
		return Inspection{}, err
	}
	defer C.zimg_inspection_destroy(raw)
	inspection := Inspection{
		Path:     text(func(size *C.size_t) *C.char { return C.zimg_inspection_path(raw, size) }),
		Name:     text(func(size *C.size_t) *C.char { return C.zimg_inspection_name(raw, size) }),
		Layout:   text(func(size *C.size_t) *C.char { return C.zimg_inspection_layout(raw, size) }),
		Identity: text(func(size *C.size_t) *C.char { return C.zimg_inspection_identity(raw, size) }),
		Width:    uint32(C.zimg_inspection_width(raw)),
		Height:   uint32(C.zimg_inspection_height(raw)),
		SizeStep: uint32(C.zimg_inspection_size_step(raw)),
		MaxSide:  uint32(C.zimg_inspection_max_side(raw)),
		Steps:    uint32(C.zimg_inspection_steps(raw)),
		Guidance: float64(C.zimg_inspection_guidance(raw)),
		Shift:    float64(C.zimg_inspection_shift(raw)),
	}
	for part := C.size_t(0); part < C.zimg_inspection_part_count(raw); part++ {
		inspection.Parts = append(inspection.Parts, modelPartOf(raw, part))
	}
	inspection.Problems = list(C.zimg_inspection_problem_count(raw), func(index C.size_t, size *C.size_t) *C.char {
		return C.zimg_inspection_problem(raw, index, size)
	})
	return inspection, nil
}

func modelPartOf(raw *C.zimg_inspection, part C.size_t) ModelPart {
	return ModelPart{
		Role:       text(func(size *C.size_t) *C.char { return C.zimg_inspection_part_role(raw, part, size) }),
		DTypes:     text(func(size *C.size_t) *C.char { return C.zimg_inspection_part_dtypes(raw, part, size) }),
		Tensors:    uint64(C.zimg_inspection_part_tensors(raw, part)),
		Parameters: uint64(C.zimg_inspection_part_parameters(raw, part)),
		Bytes:      uint64(C.zimg_inspection_part_bytes(raw, part)),
		Files: list(C.zimg_inspection_part_file_count(raw, part), func(index C.size_t, size *C.size_t) *C.char {
			return C.zimg_inspection_part_file(raw, part, index, size)
		}),
	}
}

// Tokenizer is how a model reads text.
type Tokenizer struct {
	handle
}

// OpenTokenizer opens that of the model in the folder model.
func OpenTokenizer(model string) (*Tokenizer, error) {
	var raw *C.zimg_tokenizer
	var failed *C.zimg_error
	data, size := chars(model)
	if err := check(C.zimg_tokenizer_open(data, size, &raw, &failed), failed); err != nil {
		return nil, err
	}
	tokenizer := &Tokenizer{own("tokenizer", unsafe.Pointer(raw), func(raw unsafe.Pointer) {
		C.zimg_tokenizer_destroy((*C.zimg_tokenizer)(raw))
	})}
	runtime.SetFinalizer(tokenizer, (*Tokenizer).Close)
	return tokenizer, nil
}

// Encode gives the ids of text as it stands.
func (tokenizer *Tokenizer) Encode(text string) ([]uint32, error) {
	return tokenizer.ids(text, 0)
}

// EncodePrompt gives the ids of prompt in the prompt template, cut to 512.
func (tokenizer *Tokenizer) EncodePrompt(prompt string) ([]uint32, error) {
	return tokenizer.ids(prompt, 1)
}

func (tokenizer *Tokenizer) ids(text string, isPrompt C.int) ([]uint32, error) {
	raw, err := tokenizer.use()
	if err != nil {
		return nil, err
	}
	defer tokenizer.drop()
	data, size := chars(text)
	ids := make([]C.uint32_t, len(text)+513) // a token stands for an octet at least; the template has a few
	var count C.size_t
	var failed *C.zimg_error
	capacity := C.size_t(len(ids))
	status := C.zimg_tokenizer_encode((*C.zimg_tokenizer)(raw), data, size, isPrompt, &ids[0], capacity, &count, &failed)
	if err := check(status, failed); err != nil {
		return nil, err
	}
	all := make([]uint32, 0, int(count))
	for _, id := range ids[:int(count)] {
		all = append(all, uint32(id))
	}
	return all, nil
}

// Piece is the octets that one id stands for; none for an unused id.
func (tokenizer *Tokenizer) Piece(id uint32) ([]byte, error) {
	raw, err := tokenizer.use()
	if err != nil {
		return nil, err
	}
	defer tokenizer.drop()
	var out *C.zimg_bytes
	var failed *C.zimg_error
	status := C.zimg_tokenizer_piece((*C.zimg_tokenizer)(raw), C.uint32_t(id), &out, &failed)
	if err := check(status, failed); err != nil {
		return nil, err
	}
	defer C.zimg_bytes_destroy(out)
	var size C.size_t
	data := C.zimg_bytes_data(out, &size)
	return append([]byte{}, bytesOf(data, size)...), nil
}
