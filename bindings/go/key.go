package zimg

// #include "glue.h"
import "C"

import (
	"encoding/hex"
	"unsafe"
)

// Key names one picture: the SHA-256 or HMAC-SHA-256 of a canonical request.
type Key [32]byte

// String is 64 hexadecimal digits.
func (key Key) String() string {
	return hex.EncodeToString(key[:])
}

// ParseKey reads 64 hexadecimal digits of either case.
func ParseKey(digits string) (Key, error) {
	var key C.zimg_key
	var failed *C.zimg_error
	data, size := chars(digits)
	if err := check(C.zimg_key_from_hex(data, size, &key, &failed), failed); err != nil {
		return Key{}, err
	}
	return keyOf(&key), nil
}

func keyOf(key *C.zimg_key) Key {
	if key == nil {
		return Key{}
	}
	return *(*Key)(unsafe.Pointer(key))
}

// c is the key as C reads it.
func (key *Key) c() *C.zimg_key {
	return (*C.zimg_key)(unsafe.Pointer(key))
}

// KeyField is one field of what a key is made of.
type KeyField struct {
	Tag   uint16
	Name  string
	Value string
	// False: shown for completeness, not in the key.
	IsLive bool
}

func takeFields(raw *C.zimg_key_fields) []KeyField {
	defer C.zimg_key_fields_destroy(raw)
	var fields []KeyField
	for index := C.size_t(0); index < C.zimg_key_fields_count(raw); index++ {
		fields = append(fields, KeyField{
			Tag:    uint16(C.zimg_key_fields_tag(raw, index)),
			Name:   text(func(size *C.size_t) *C.char { return C.zimg_key_fields_name(raw, index, size) }),
			Value:  text(func(size *C.size_t) *C.char { return C.zimg_key_fields_value(raw, index, size) }),
			IsLive: C.zimg_key_fields_is_live(raw, index) != 0,
		})
	}
	return fields
}

// ArticleKey is the key of a published article, bit for bit, for programs that share its store. config is a JSON object
// with resolution, steps, cfg_scale and model_version.
func ArticleKey(prompt, negativePrompt, config string) (Key, error) {
	var key C.zimg_key
	var failed *C.zimg_error
	a, aSize := chars(prompt)
	b, bSize := chars(negativePrompt)
	c, cSize := chars(config)
	if err := check(C.zimg_article_key(a, aSize, b, bSize, c, cSize, &key, &failed), failed); err != nil {
		return Key{}, err
	}
	return keyOf(&key), nil
}

// ArticleText is the text that ArticleKey is the SHA-256 of.
func ArticleText(prompt, negativePrompt, config string) (string, error) {
	var out *C.zimg_text
	var failed *C.zimg_error
	a, aSize := chars(prompt)
	b, bSize := chars(negativePrompt)
	c, cSize := chars(config)
	if err := check(C.zimg_article_text(a, aSize, b, bSize, c, cSize, &out, &failed), failed); err != nil {
		return "", err
	}
	return takeText(out), nil
}

// ArticleKeyOfJSON is the ArticleKey of one JSON object with prompt, negative_prompt (absent is empty) and config.
func ArticleKeyOfJSON(json string) (Key, error) {
	var key C.zimg_key
	var failed *C.zimg_error
	data, size := chars(json)
	if err := check(C.zimg_article_key_of_json(data, size, &key, &failed), failed); err != nil {
		return Key{}, err
	}
	return keyOf(&key), nil
}

// ArticleTextOfJSON is the ArticleText of such an object.
func ArticleTextOfJSON(json string) (string, error) {
	var out *C.zimg_text
	var failed *C.zimg_error
	data, size := chars(json)
	if err := check(C.zimg_article_text_of_json(data, size, &out, &failed), failed); err != nil {
		return "", err
	}
	return takeText(out), nil
}
