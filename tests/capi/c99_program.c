/* The C API from C99 alone: what a program in C does with it, from the first call to the last. Prints what fails and
 * answers with how many did. Also run under valgrind by hand, see docs/c-abi.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zimg/zimg.h"

static int failures = 0;

static void check(int is_true, const char* what, int line) {
  if (is_true) return;
  printf("line %d: %s\n", line, what);
  ++failures;
}
#define CHECK(condition) check((condition) != 0, #condition, __LINE__)

static int must(zimg_status status, zimg_error* error, const char* what, int line) {
  if (status == ZIMG_STATUS_OK) return 1;
  printf("line %d: %s: %s: %s\n", line, what, zimg_status_name(status),
         error == NULL ? "(no error)" : zimg_error_message(error, NULL));
  ++failures;
  return 0;
}
#define MUST(call) must((call), error, #call, __LINE__)

/* Draws stripes. `user_data` counts the drawings. */
static zimg_status draw(void* user_data, const zimg_drawing* drawing, zimg_picture* out_picture,
                        zimg_error** out_error) {
  const uint32_t width = zimg_drawing_width(drawing);
  const uint32_t height = zimg_drawing_height(drawing);
  const size_t size = (size_t)width * height * 3;
  uint8_t* rgb = (uint8_t*)malloc(size);
  zimg_status status;
  size_t i;
  ++*(int*)user_data;
  if (rgb == NULL) {
    *out_error = zimg_error_create(ZIMG_STATUS_OUT_OF_MEMORY, "no paint", 8);
    return ZIMG_STATUS_OUT_OF_MEMORY;
  }
  for (i = 0; i < size; ++i) rgb[i] = (uint8_t)(i * (zimg_drawing_seed(drawing) + 3));
  status = zimg_drawing_report_progress(drawing, 1, 1, NULL, out_error);
  if (status == ZIMG_STATUS_OK) status = zimg_picture_set_rgb(out_picture, width, height, rgb, size, out_error);
  free(rgb);
  return status;
}

static void count_event(void* user_data, const zimg_trace_event* event) {
  if (zimg_trace_event_kind(event) <= ZIMG_TRACE_KIND_FAILED) ++*(int*)user_data;
}

static void count_progress(void* user_data, const zimg_progress* progress) {
  if (zimg_progress_steps(progress) == 1) ++*(int*)user_data;
}

static void count_done(void* user_data, zimg_job* job) {
  if (zimg_job_poll(job) == ZIMG_JOB_STATE_DONE) ++*(int*)user_data;
}

static int count_entry(void* user_data, const zimg_key* key, const zimg_entry* entry, uint64_t payload_bytes) {
  if (key->bytes[0] != 0 || zimg_entry_width(entry) == 64) *(uint64_t*)user_data += payload_bytes;
  return 1;
}

static void ask_and_look(zimg_generator* generator, zimg_cache* cache, zimg_request* request) {
  zimg_error* error = NULL;
  zimg_result* first = NULL;
  zimg_result* second = NULL;
  zimg_entry* entry = NULL;
  zimg_stats* stats = NULL;
  uint64_t listed = 0;
  size_t first_size = 0, second_size = 0;
  if (!MUST(zimg_generator_generate(generator, request, &first, &error))) return;
  MUST(zimg_generator_drain(generator, &error));
  if (!MUST(zimg_generator_generate(generator, request, &second, &error))) return;
  CHECK(zimg_report_outcome(zimg_result_report(first)) == ZIMG_OUTCOME_DRAWN);
  CHECK(zimg_report_is_hit(zimg_result_report(second)));
  CHECK(zimg_result_bytes(first, &first_size) != NULL && zimg_result_bytes(second, &second_size) != NULL);
  CHECK(first_size == second_size);
  CHECK(memcmp(zimg_result_bytes(first, NULL), zimg_result_bytes(second, NULL), first_size) == 0);
  MUST(zimg_cache_find(cache, zimg_report_key(zimg_result_report(second)), &entry, &error));
  CHECK(entry != NULL && zimg_entry_width(entry) == 64);
  MUST(zimg_cache_list(cache, count_entry, &listed, &error));
  CHECK(listed == first_size);
  MUST(zimg_cache_stats(cache, &stats, &error));
  CHECK(zimg_stats_count(stats, ZIMG_COUNT_ENTRIES) == 1);
  zimg_stats_destroy(stats);
  zimg_entry_destroy(entry);
  zimg_result_destroy(first);
  zimg_result_destroy(second);
}

static void run_jobs(zimg_generator* generator, zimg_request* request) {
  zimg_error* error = NULL;
  zimg_job* job = NULL;
  zimg_result* result = NULL;
  int done = 0, is_done = 0;
  MUST(zimg_request_set_seed(request, 7, &error));
  if (!MUST(zimg_job_create(generator, request, &job, &error))) return;
  MUST(zimg_job_set_done(job, count_done, &done, NULL, &error));
  MUST(zimg_job_start(job, &error));
  MUST(zimg_job_wait(job, -1, &is_done, &error));
  CHECK(is_done);
  MUST(zimg_job_result(job, &result, &error));
  zimg_result_destroy(result);
  zimg_job_destroy(job); /* waits for its thread, so for count_done too */
  CHECK(done == 1);

  result = NULL;
  MUST(zimg_job_create(generator, request, &job, &error));
  zimg_job_cancel(job);
  MUST(zimg_job_start(job, &error));
  MUST(zimg_job_wait(job, -1, &is_done, &error));
  CHECK(zimg_job_result(job, &result, &error) == ZIMG_STATUS_CANCELLED);
  CHECK(result == NULL && zimg_error_status(error) == ZIMG_STATUS_CANCELLED);
  zimg_error_destroy(error);
  zimg_job_destroy(job);
}

static void refuse_what_is_wrong(zimg_request* request) {
  zimg_error* error = NULL;
  CHECK(zimg_request_set_prompt(request, "a\0b", 3, &error) == ZIMG_STATUS_INVALID_ARGUMENT);
  CHECK(strstr(zimg_error_message(error, NULL), "NUL") != NULL);
  zimg_error_destroy(error);
  CHECK(zimg_request_set_match_level(request, 3, NULL) == ZIMG_STATUS_INVALID_ARGUMENT);
  CHECK(zimg_request_set_prompt(NULL, "a", 1, NULL) == ZIMG_STATUS_INVALID_ARGUMENT);
}

int main(void) {
  const zimg_pipeline_vtable pipeline = {sizeof(zimg_pipeline_vtable), draw, NULL};
  zimg_error* error = NULL;
  zimg_options* options = NULL;
  zimg_cache* cache = NULL;
  zimg_generator* generator = NULL;
  zimg_request* request = NULL;
  zimg_metrics* metrics = NULL;
  int drawings = 0, events = 0, steps = 0;
  CHECK(zimg_abi_version() >= ZIMG_ABI_MAJOR * 65536u + ZIMG_ABI_MINOR);
  if (!MUST(zimg_options_create(&options, &error)) || !MUST(zimg_request_create(&request, &error))) return 1;
  MUST(zimg_options_set_pipeline(options, &pipeline, &drawings, "stripes", 7, &error));
  MUST(zimg_options_set_trace(options, count_event, &events, NULL, 0, &error));
  MUST(zimg_request_set_prompt(request, "a red circle", 12, &error));
  MUST(zimg_request_set_size(request, 64, 64, &error));
  MUST(zimg_request_set_progress(request, count_progress, &steps, NULL, &error));
  if (MUST(zimg_cache_make_memory(8u << 20, NULL, &cache, &error)) &&
      MUST(zimg_generator_create(options, cache, &generator, &error))) {
    ask_and_look(generator, cache, request);
    run_jobs(generator, request);
    MUST(zimg_generator_metrics(generator, &metrics, &error));
    CHECK(zimg_metrics_count(metrics, ZIMG_COUNT_HITS) == 1);
    CHECK(drawings == 2 && steps == 2 && events == 4);
  }
  refuse_what_is_wrong(request);
  zimg_metrics_destroy(metrics);
  zimg_request_destroy(request);
  zimg_generator_destroy(generator);
  zimg_cache_destroy(cache);
  zimg_options_destroy(options);
  if (failures == 0) printf("all is well\n");
  return failures == 0 ? 0 : 1;
}
