/* A program in C99 as a user of the library writes it: its own pipeline, a key, a drawing, a hit, a wrong request.
 * Given the argument "engine" it also draws with the engine and the built-in model, as they were installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zimg/zimg.h"

static int is_sound = 1;

static void expect(int condition, const char* what) {
  if (!condition) fprintf(stderr, "not so: %s\n", what);
  is_sound = is_sound && condition;
}

static void must(zimg_status status, zimg_error* error) {
  if (status == ZIMG_STATUS_OK) return;
  fprintf(stderr, "%s: %s\n", zimg_status_name(status), zimg_error_message(error, NULL));
  exit(1);
}

static zimg_status draw_gradient(void* user_data, const zimg_drawing* drawing, zimg_picture* out_picture,
                                 zimg_error** out_error) {
  const uint32_t width = zimg_drawing_width(drawing);
  const uint32_t height = zimg_drawing_height(drawing);
  const size_t size = (size_t)3 * width * height;
  uint8_t* const rgb = malloc(size);
  zimg_status status = ZIMG_STATUS_OUT_OF_MEMORY;
  size_t i = 0;
  (void)user_data;
  if (rgb == NULL) return status;
  for (; i < size; ++i) rgb[i] = (uint8_t)(i * 7 + zimg_drawing_seed(drawing));
  status = zimg_picture_set_rgb(out_picture, width, height, rgb, size, out_error);
  free(rgb);
  return status;
}

static zimg_result* draw(zimg_generator* generator, zimg_request* request) {
  zimg_result* result = NULL;
  zimg_error* error = NULL;
  must(zimg_generator_generate(generator, request, &result, &error), error);
  must(zimg_generator_drain(generator, &error), error);
  return result;
}

int main(int argc, char** argv) {
  const zimg_pipeline_vtable pipeline = {sizeof(zimg_pipeline_vtable), draw_gradient, NULL};
  const int has_engine = argc > 1 && strcmp(argv[1], "engine") == 0;
  zimg_options* options = NULL;
  zimg_cache* cache = NULL;
  zimg_generator* generator = NULL;
  zimg_request* request = NULL;
  zimg_error* error = NULL;
  zimg_result* drawn = NULL;
  zimg_result* found = NULL;
  size_t drawn_size = 0;
  size_t found_size = 0;

  must(zimg_options_create(&options, &error), error);
  if (!has_engine) must(zimg_options_set_pipeline(options, &pipeline, NULL, "gradient 1", 10, &error), error);
  if (argc > 2) must(zimg_options_set_model(options, argv[2], strlen(argv[2]), &error), error);
  must(zimg_cache_make_memory((uint64_t)1 << 24, NULL, &cache, &error), error);
  must(zimg_generator_create(options, cache, &generator, &error), error);
  must(zimg_request_create(&request, &error), error);
  must(zimg_request_set_prompt(request, "a red circle", 12, &error), error);
  must(zimg_request_set_size(request, 64, 64, &error), error);
  must(zimg_request_set_steps(request, 2, &error), error);

  drawn = draw(generator, request);
  found = draw(generator, request);
  expect(zimg_report_outcome(zimg_result_report(drawn)) == ZIMG_OUTCOME_DRAWN, "the first request is drawn");
  expect(zimg_report_is_hit(zimg_result_report(found)), "the second request is a hit");
  {
    const uint8_t* const first = zimg_result_bytes(drawn, &drawn_size);
    const uint8_t* const second = zimg_result_bytes(found, &found_size);
    expect(drawn_size == found_size && memcmp(first, second, drawn_size) == 0, "the hit returns the bytes of the miss");
  }
  must(zimg_request_set_size(request, 1, 64, &error), error);
  expect(zimg_generator_generate(generator, request, &found, &error) == ZIMG_STATUS_INVALID_ARGUMENT,
         "a width of 1 is refused");
  printf("zimg %s from C: %s, %lu bytes\n", zimg_version(), has_engine ? "engine" : "own pipeline",
         (unsigned long)drawn_size);

  zimg_error_destroy(error);
  zimg_result_destroy(found);
  zimg_result_destroy(drawn);
  zimg_request_destroy(request);
  zimg_generator_destroy(generator);
  zimg_cache_destroy(cache);
  zimg_options_destroy(options);
  return is_sound ? 0 : 1;
}
