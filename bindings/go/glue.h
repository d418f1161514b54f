// What cgo needs in C: the callbacks of zimg.h that call into Go, with a cgo.Handle as their user data, and calls that
// would otherwise cross between the languages once for each field.
#pragma once

#include <stdint.h>
#include <zimg/zimg.h>

enum { kZimgGoCounts = ZIMG_COUNT_DRAWN_BYTES + 1, kZimgGoStages = ZIMG_STAGE_TOTAL + 1 };

// Which fields of a request are set.
enum {
  kZimgGoSize = 1 << 0,
  kZimgGoSteps = 1 << 1,
  kZimgGoGuidance = 1 << 2,
  kZimgGoNormalization = 1 << 3,
  kZimgGoTruncation = 1 << 4,
  kZimgGoSeed = 1 << 5,
  kZimgGoMatchLevel = 1 << 6,
  kZimgGoNamespace = 1 << 7,
  kZimgGoFormat = 1 << 8,
  kZimgGoJpegQuality = 1 << 9,
  kZimgGoTtl = 1 << 10
};

typedef struct {
  uint32_t set;
  uint32_t width, height, steps;
  double guidance, normalization, truncation, ttl_jitter;
  int64_t ttl_ms;
  uint64_t seed;
  zimg_schedule schedule;
  zimg_match_level match_level;
  zimg_image_format format;
  int32_t jpeg_quality;
  zimg_cache_mode cache_mode;
  int is_random, is_tiled, is_spliced, is_pinned, wants_preview;
  uintptr_t progress;  // a cgo.Handle, or 0; taken over, also by a call that fails
  zimg_cancel_token* token;
} zimg_go_request;

typedef struct {
  zimg_image_format format;
  uint32_t width, height, seed, steps;
  double guidance, draw_ms;
  int64_t stored_at_ms, expires_at_ms;
  int is_pinned;
} zimg_go_facts;

typedef struct {
  zimg_go_facts facts;
  const uint8_t* payload;
  size_t payload_size;
  const char *name, *model, *tag;
  size_t name_size, model_size, tag_size;
  const uint8_t* digest;
} zimg_go_entry;

zimg_status zimg_go_request_make(const zimg_go_request* fields, const char* prompt, size_t prompt_size,
                                 const char* negative, size_t negative_size, const char* name, size_t name_size,
                                 const char* tag, size_t tag_size, zimg_request** out_request, zimg_error** out_error);

// A request made, asked for and let go of in one crossing. By value, so that nothing of it moves to Go's heap.
typedef struct {
  zimg_status status;
  zimg_error* error;
  zimg_result* result;
} zimg_go_answer;

zimg_go_answer zimg_go_generate(zimg_generator* generator, zimg_go_request fields, const char* prompt,
                                size_t prompt_size, const char* negative, size_t negative_size, const char* name,
                                size_t name_size, const char* tag, size_t tag_size);
int zimg_go_result_is_hit(const zimg_result* result);

// Calls that take octets, with pointers to octets: cgo looks through all of the Go object that a void pointer points
// into, and refuses one that holds other pointers, such as the struct that a slice is a part of.
zimg_status zimg_go_options_add_secret(zimg_options* options, const char* name, size_t size, const uint8_t* secret,
                                       size_t secret_size, zimg_error** out_error);
zimg_status zimg_go_policy_add_secret(zimg_policy* policy, const char* name, size_t size, const uint8_t* secret,
                                      size_t secret_size, zimg_error** out_error);
zimg_status zimg_go_lmdb_options_add_secret(zimg_lmdb_options* options, const char* name, size_t size,
                                            const uint8_t* secret, size_t secret_size, zimg_error** out_error);
zimg_status zimg_go_picture_decode(const uint8_t* encoded, size_t size, zimg_picture** out_picture,
                                   zimg_error** out_error);
zimg_status zimg_go_picture_facts_read(const uint8_t* encoded, size_t size, zimg_picture_facts** out_facts,
                                       zimg_error** out_error);
zimg_status zimg_go_result_copy_bytes(const zimg_result* result, uint8_t* buffer, size_t capacity,
                                      zimg_error** out_error);

zimg_go_entry zimg_go_entry_read(const zimg_entry* entry);
zimg_status zimg_go_entry_fill(zimg_entry* entry, const zimg_go_facts* facts, const uint8_t* payload,
                               size_t payload_size, const char* name, size_t name_size, const char* model,
                               size_t model_size, const char* tag, size_t tag_size, const uint8_t* digest,
                               zimg_error** out_error);

// The counts of a view, each at its own number.
void zimg_go_tally_counts(const zimg_tally* tally, uint64_t counts[kZimgGoCounts]);
void zimg_go_stats_counts(const zimg_stats* stats, uint64_t counts[kZimgGoCounts]);

// Setters and calls with a cgo.Handle in the place of callback and user data. Where a setter fails, the handle stays
// with the caller.
zimg_status zimg_go_job_set_done(zimg_job* job, uintptr_t handle, zimg_error** out_error);
zimg_status zimg_go_options_set_trace(zimg_options* options, uintptr_t handle, int has_prompts, zimg_error** out_error);
zimg_status zimg_go_options_set_hashing(zimg_options* options, uintptr_t handle, zimg_error** out_error);
zimg_status zimg_go_options_set_pipeline(zimg_options* options, uintptr_t handle, const char* identity, size_t size,
                                         zimg_error** out_error);
zimg_status zimg_go_policy_set_clock(zimg_policy* policy, uintptr_t handle, zimg_error** out_error);
zimg_status zimg_go_policy_set_warning(zimg_policy* policy, uintptr_t handle, zimg_error** out_error);
zimg_status zimg_go_cache_wrap(uintptr_t handle, int lists, int contains, int pins, int counts, const char* description,
                               size_t size, zimg_cache** out_cache, zimg_error** out_error);
zimg_status zimg_go_cache_list(zimg_cache* cache, uintptr_t handle, zimg_error** out_error);
zimg_status zimg_go_cache_erase_if(zimg_cache* cache, uintptr_t handle, uint64_t* out_erased, zimg_error** out_error);
zimg_status zimg_go_cache_verify(zimg_cache* cache, uintptr_t handle, zimg_tally** out_tally, zimg_error** out_error);
zimg_status zimg_go_bundle_export(zimg_cache* cache, const char* path, size_t size, uintptr_t handle,
                                  zimg_tally** out_tally, zimg_error** out_error);
zimg_status zimg_go_bundle_import(zimg_cache* cache, const char* path, size_t size, uintptr_t handle,
                                  zimg_tally** out_tally, zimg_error** out_error);
zimg_status zimg_go_store_verify(const zimg_lmdb_options* options, uintptr_t handle, zimg_tally** out_tally,
                                 zimg_error** out_error);
zimg_status zimg_go_store_rebuild(const zimg_lmdb_options* options, uintptr_t handle, zimg_tally** out_tally,
                                  zimg_error** out_error);
zimg_status zimg_go_prewarm_run(const zimg_prewarm* prewarm, zimg_generator* generator, uintptr_t handle,
                                zimg_prewarm_report** out_report, zimg_error** out_error);
zimg_status zimg_go_model_convert(const char* path, size_t path_size, const char* out, size_t out_size,
                                  zimg_weight_type type, uintptr_t handle, zimg_error** out_error);
int zimg_go_visit(zimg_entry_function visit, void* visit_data, const zimg_key* key, const zimg_entry* entry,
                  uint64_t payload_bytes);
