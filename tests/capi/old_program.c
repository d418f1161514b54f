/* A program compiled against the header of first_release/ that runs on the library of today: a cache and a pipeline of
 * its own, whose structs are the older ones. */
#include <stdio.h>
#include <stdlib.h>

#include "zimg/zimg.h"

typedef struct calls {
  int finds, stores, erases, releases;
} calls;

static zimg_status find(void* data, const zimg_key* key, zimg_entry* out_entry, int* out_is_there,
                        zimg_error** out_error) {
  (void)key, (void)out_entry, (void)out_is_there, (void)out_error;
  ++((calls*)data)->finds;
  return ZIMG_STATUS_OK;
}

static zimg_status store(void* data, const zimg_key* key, const zimg_entry* entry, zimg_store_outcome* out_outcome,
                         zimg_error** out_error) {
  (void)key, (void)entry, (void)out_outcome, (void)out_error;
  ++((calls*)data)->stores;
  return ZIMG_STATUS_OK;
}

static zimg_status erase(void* data, const zimg_key* key, int* out_was_there, zimg_error** out_error) {
  (void)key, (void)out_was_there, (void)out_error;
  ++((calls*)data)->erases;
  return ZIMG_STATUS_OK;
}

static void release(void* data) {
  ++((calls*)data)->releases;
}

static int visit(void* data, const zimg_key* key, const zimg_entry* entry, uint64_t bytes) {
  (void)data, (void)key, (void)entry, (void)bytes;
  return 1;
}

static zimg_status draw(void* data, const zimg_drawing* drawing, zimg_picture* out_picture, zimg_error** out_error) {
  static uint8_t rgb[3 * 64 * 64];
  size_t i;
  (void)data, (void)drawing;
  for (i = 0; i < sizeof(rgb); ++i) rgb[i] = (uint8_t)(i * 5);
  return zimg_picture_set_rgb(out_picture, 64, 64, rgb, sizeof(rgb), out_error);
}

static void must(zimg_status status, zimg_error* error) {
  if (status == ZIMG_STATUS_OK) return;
  printf("%s\n", error == NULL ? "no error" : zimg_error_message(error, NULL));
  exit(1);
}

int main(void) {
  calls counted = {0, 0, 0, 0};
  const zimg_cache_vtable cache_table = {sizeof(zimg_cache_vtable), find, store, erase, release};
  const zimg_pipeline_vtable pipeline_table = {sizeof(zimg_pipeline_vtable), draw, NULL};
  const zimg_key key = {{0}};
  zimg_error* error = NULL;
  zimg_cache* cache = NULL;
  zimg_options* options = NULL;
  zimg_generator* generator = NULL;
  zimg_request* request = NULL;
  zimg_result* result = NULL;
  int is_there = 1, outcome;
  must(zimg_cache_wrap(&cache_table, &counted, "old", 3, &cache, &error), error);
  must(zimg_cache_contains(cache, &key, &is_there, &error), error); /* a function that the old struct has not */
  if (is_there || counted.finds != 1) return 2;
  if (zimg_cache_list(cache, visit, NULL, NULL) != ZIMG_STATUS_UNSUPPORTED) return 3;
  must(zimg_options_create(&options, &error), error);
  must(zimg_options_set_pipeline(options, &pipeline_table, NULL, "old", 3, &error), error);
  must(zimg_generator_create(options, cache, &generator, &error), error);
  must(zimg_request_create(&request, &error), error);
  must(zimg_request_set_prompt(request, "a circle", 8, &error), error);
  must(zimg_request_set_size(request, 64, 64, &error), error);
  must(zimg_generator_generate(generator, request, &result, &error), error);
  must(zimg_generator_drain(generator, &error), error);
  outcome = zimg_report_outcome(zimg_result_report(result));
  zimg_result_destroy(result);
  zimg_request_destroy(request);
  zimg_generator_destroy(generator);
  zimg_options_destroy(options);
  zimg_cache_destroy(cache);
  return outcome == ZIMG_OUTCOME_DRAWN && counted.stores == 1 && counted.releases == 1 ? 0 : 4;
}
