// Package chit times hits through the C API alone, for the benchmark to compare with. Test files may not use cgo.
package chit

/*
#cgo pkg-config: zimg
#include <stdint.h>
#include <string.h>
#include <zimg/zimg.h>

static zimg_status paint(void* user_data, const zimg_drawing* drawing, zimg_picture* out_picture,
                         zimg_error** out_error) {
  static uint8_t rgb[96 * 64 * 3];
  uint32_t state = 1;
  (void)user_data;
  for (size_t i = 0; i < sizeof rgb; ++i) rgb[i] = (uint8_t)((state = state * 1664525u + 1013904223u) >> 24);
  return zimg_picture_set_rgb(out_picture, zimg_drawing_width(drawing), zimg_drawing_height(drawing), rgb, sizeof rgb,
                              out_error);
}

typedef struct {
  zimg_generator* generator;
  zimg_request* request;
} hits;

static zimg_status prepare(hits* out) {
  static const zimg_pipeline_vtable vtable = {sizeof vtable, &paint, NULL};
  zimg_options* options = NULL;
  zimg_cache* cache = NULL;
  zimg_result* result = NULL;
  zimg_status status = zimg_options_create(&options, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_options_set_pipeline(options, &vtable, NULL, "noise", 5, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_cache_make_memory(1 << 24, NULL, &cache, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_generator_create(options, cache, &out->generator, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_request_create(&out->request, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_request_set_prompt(out->request, "noise", 5, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_request_set_size(out->request, 96, 64, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_generator_generate(out->generator, out->request, &result, NULL);
  if (status == ZIMG_STATUS_OK) status = zimg_generator_drain(out->generator, NULL);
  zimg_result_destroy(result);
  zimg_cache_destroy(cache);
  zimg_options_destroy(options);
  return status;
}

static size_t run(const hits* of, int count) {
  size_t octets = 0;
  for (int i = 0; i < count; ++i) {
    zimg_result* result = NULL;
    size_t size = 0;
    if (zimg_generator_generate(of->generator, of->request, &result, NULL) != ZIMG_STATUS_OK) return 0;
    if (!zimg_report_is_hit(zimg_result_report(result))) return 0;
    zimg_result_bytes(result, &size);
    octets += size;
    zimg_result_destroy(result);
  }
  return octets;
}

static void end(hits* of) {
  zimg_request_destroy(of->request);
  zimg_generator_destroy(of->generator);
}
*/
import "C"

import "errors"

// Hits is a generator that has one picture, and the request for it.
type Hits struct {
	hits C.hits
}

// Prepare draws the picture: noise of 96x64, whose PNG has about 18 kB.
func Prepare() (*Hits, error) {
	made := &Hits{}
	if status := C.prepare(&made.hits); status != C.ZIMG_STATUS_OK {
		return nil, errors.New(C.GoString(C.zimg_status_name(status)))
	}
	return made, nil
}

// Run asks for it count times in C, and gives the octets that came; 0 where one was no hit.
func (made *Hits) Run(count int) uint64 {
	return uint64(C.run(&made.hits, C.int(count)))
}

// Close lets go of it.
func (made *Hits) Close() {
	C.end(&made.hits)
}
