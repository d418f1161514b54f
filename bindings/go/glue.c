#include "glue.h"

#include "_cgo_export.h"

// A cgo.Handle is a number; zimg carries it where C has a pointer.
static void* data_of(uintptr_t handle) {
  return (void*)handle;
}

static uintptr_t handle_of(void* user_data) {
  return (uintptr_t)user_data;
}

// ---- Callbacks -----------------------------------------------------------------------------------------------------

static void release(void* user_data) {
  zimgGoRelease(handle_of(user_data));
}

static void on_progress(void* user_data, const zimg_progress* progress) {
  zimgGoProgress(handle_of(user_data), (zimg_progress*)progress);
}

static void on_done(void* user_data, zimg_job* job) {
  (void)job;
  zimgGoDone(handle_of(user_data));
}

static void on_event(void* user_data, const zimg_trace_event* event) {
  zimgGoTrace(handle_of(user_data), (zimg_trace_event*)event);
}

static void on_bytes(void* user_data, uint64_t done_bytes, uint64_t total_bytes) {
  zimgGoBytes(handle_of(user_data), done_bytes, total_bytes);
}

static int64_t now_ms(void* user_data) {
  return zimgGoClock(handle_of(user_data));
}

static void on_warning(void* user_data, const char* warning, size_t size) {
  zimgGoWarning(handle_of(user_data), (char*)warning, size);
}

static int on_entry(void* user_data, const zimg_key* key, const zimg_entry* entry, uint64_t payload_bytes) {
  return zimgGoEntry(handle_of(user_data), (zimg_key*)key, (zimg_entry*)entry, payload_bytes);
}

static int on_tally(void* user_data, const zimg_tally* so_far) {
  return zimgGoTally(handle_of(user_data), (zimg_tally*)so_far);
}

static void on_refused(void* user_data, uint64_t number, const zimg_key* key, const char* reason, size_t size) {
  zimgGoRefused(handle_of(user_data), number, (zimg_key*)key, (char*)reason, size);
}

static zimg_status cache_find(void* user_data, const zimg_key* key, zimg_entry* out_entry, int* out_is_there,
                              zimg_error** out_error) {
  return zimgGoCacheFind(handle_of(user_data), (zimg_key*)key, out_entry, out_is_there, out_error);
}

static zimg_status cache_store(void* user_data, const zimg_key* key, const zimg_entry* entry,
                               zimg_store_outcome* out_outcome, zimg_error** out_error) {
  return zimgGoCacheStore(handle_of(user_data), (zimg_key*)key, (zimg_entry*)entry, out_outcome, out_error);
}

static zimg_status cache_erase(void* user_data, const zimg_key* key, int* out_was_there, zimg_error** out_error) {
  return zimgGoCacheErase(handle_of(user_data), (zimg_key*)key, out_was_there, out_error);
}

static zimg_status cache_list(void* user_data, zimg_entry_function visit, void* visit_data, zimg_error** out_error) {
  return zimgGoCacheList(handle_of(user_data), visit, visit_data, out_error);
}

static zimg_status cache_contains(void* user_data, const zimg_key* key, int* out_is_there, zimg_error** out_error) {
  return zimgGoCacheContains(handle_of(user_data), (zimg_key*)key, out_is_there, out_error);
}

static zimg_status cache_pin(void* user_data, const zimg_key* key, int is_pinned, int* out_is_there,
                             zimg_error** out_error) {
  return zimgGoCachePin(handle_of(user_data), (zimg_key*)key, is_pinned, out_is_there, out_error);
}

static zimg_status cache_stats(void* user_data, zimg_stats* out_stats, zimg_error** out_error) {
  return zimgGoCacheStats(handle_of(user_data), out_stats, out_error);
}

static zimg_status pipeline_draw(void* user_data, const zimg_drawing* drawing, zimg_picture* out_picture,
                                 zimg_error** out_error) {
  return zimgGoDraw(handle_of(user_data), (zimg_drawing*)drawing, out_picture, out_error);
}

// ---- Requests ------------------------------------------------------------------------------------------------------

static zimg_status set_fields(zimg_request* request, const zimg_go_request* fields, zimg_error** out_error) {
  zimg_status status = ZIMG_STATUS_OK;
#define SET(condition, call) \
  if (status == ZIMG_STATUS_OK && (condition)) status = call
  SET(fields->set & kZimgGoSize, zimg_request_set_size(request, fields->width, fields->height, out_error));
  SET(fields->set & kZimgGoSteps, zimg_request_set_steps(request, fields->steps, out_error));
  SET(fields->set & kZimgGoGuidance, zimg_request_set_guidance(request, fields->guidance, out_error));
  SET(fields->set & kZimgGoNormalization,
      zimg_request_set_guidance_normalization(request, fields->normalization, out_error));
  SET(fields->set & kZimgGoTruncation, zimg_request_set_guidance_truncation(request, fields->truncation, out_error));
  SET(fields->set & kZimgGoSeed, zimg_request_set_seed(request, fields->seed, out_error));
  SET(fields->set & kZimgGoMatchLevel, zimg_request_set_match_level(request, fields->match_level, out_error));
  SET(fields->set & kZimgGoFormat, zimg_request_set_format(request, fields->format, out_error));
  SET(fields->set & kZimgGoJpegQuality, zimg_request_set_jpeg_quality(request, fields->jpeg_quality, out_error));
  SET(fields->set & kZimgGoTtl, zimg_request_set_ttl_ms(request, fields->ttl_ms, out_error));
  SET(fields->ttl_jitter != 0, zimg_request_set_ttl_jitter(request, fields->ttl_jitter, out_error));
  SET(fields->schedule != 0, zimg_request_set_schedule(request, fields->schedule, out_error));
  SET(fields->cache_mode != 0, zimg_request_set_cache_mode(request, fields->cache_mode, out_error));
  SET(fields->is_random, zimg_request_set_random_seed(request, 1, out_error));
  SET(fields->is_tiled, zimg_request_set_vae_tiling(request, 1, out_error));
  SET(fields->is_spliced, zimg_request_set_splice_parameters(request, 1, out_error));
  SET(fields->is_pinned, zimg_request_set_pin(request, 1, out_error));
  SET(fields->wants_preview, zimg_request_set_preview(request, 1, out_error));
  SET(fields->token != NULL, zimg_request_set_cancel_token(request, fields->token, out_error));
#undef SET
  return status;
}

static zimg_status set_progress(zimg_request* request, uintptr_t handle, zimg_error** out_error) {
  const zimg_status status = zimg_request_set_progress(request, &on_progress, data_of(handle), &release, out_error);
  if (status != ZIMG_STATUS_OK) release(data_of(handle));
  return status;
}

zimg_status zimg_go_request_make(const zimg_go_request* fields, const char* prompt, size_t prompt_size,
                                 const char* negative, size_t negative_size, const char* name, size_t name_size,
                                 const char* tag, size_t tag_size, zimg_request** out_request, zimg_error** out_error) {
  zimg_request* request = NULL;
  zimg_status status = zimg_request_create(&request, out_error);
  if (status != ZIMG_STATUS_OK) {
    if (fields->progress != 0) release(data_of(fields->progress));
    return status;
  }
  if (fields->progress != 0) status = set_progress(request, fields->progress, out_error);
  if (status == ZIMG_STATUS_OK) status = zimg_request_set_prompt(request, prompt, prompt_size, out_error);
  if (status == ZIMG_STATUS_OK && negative_size != 0) {
    status = zimg_request_set_negative_prompt(request, negative, negative_size, out_error);
  }
  if (status == ZIMG_STATUS_OK && (fields->set & kZimgGoNamespace)) {
    status = zimg_request_set_namespace(request, name, name_size, out_error);
  }
  if (status == ZIMG_STATUS_OK && tag_size != 0) status = zimg_request_set_tag(request, tag, tag_size, out_error);
  if (status == ZIMG_STATUS_OK) status = set_fields(request, fields, out_error);
  if (status == ZIMG_STATUS_OK) {
    *out_request = request;
  } else {
    zimg_request_destroy(request);
  }
  return status;
}

zimg_go_answer zimg_go_generate(zimg_generator* generator, zimg_go_request fields, const char* prompt,
                                size_t prompt_size, const char* negative, size_t negative_size, const char* name,
                                size_t name_size, const char* tag, size_t tag_size) {
  zimg_go_answer answer = {ZIMG_STATUS_OK, NULL, NULL};
  zimg_request* request = NULL;
  answer.status = zimg_go_request_make(&fields, prompt, prompt_size, negative, negative_size, name, name_size, tag,
                                       tag_size, &request, &answer.error);
  if (answer.status != ZIMG_STATUS_OK) return answer;
  answer.status = zimg_generator_generate(generator, request, &answer.result, &answer.error);
  zimg_request_destroy(request);
  return answer;
}

int zimg_go_result_is_hit(const zimg_result* result) {
  return zimg_report_is_hit(zimg_result_report(result));
}

// ---- Entries -------------------------------------------------------------------------------------------------------

zimg_status zimg_go_options_add_secret(zimg_options* options, const char* name, size_t size, const uint8_t* secret,
                                       size_t secret_size, zimg_error** out_error) {
  return zimg_options_add_namespace_secret(options, name, size, secret, secret_size, out_error);
}

zimg_status zimg_go_policy_add_secret(zimg_policy* policy, const char* name, size_t size, const uint8_t* secret,
                                      size_t secret_size, zimg_error** out_error) {
  return zimg_policy_add_namespace_secret(policy, name, size, secret, secret_size, out_error);
}

zimg_status zimg_go_lmdb_options_add_secret(zimg_lmdb_options* options, const char* name, size_t size,
                                            const uint8_t* secret, size_t secret_size, zimg_error** out_error) {
  return zimg_lmdb_options_add_namespace_secret(options, name, size, secret, secret_size, out_error);
}

zimg_status zimg_go_picture_decode(const uint8_t* encoded, size_t size, zimg_picture** out_picture,
                                   zimg_error** out_error) {
  return zimg_picture_decode(encoded, size, out_picture, out_error);
}

zimg_status zimg_go_picture_facts_read(const uint8_t* encoded, size_t size, zimg_picture_facts** out_facts,
                                       zimg_error** out_error) {
  return zimg_picture_facts_read(encoded, size, out_facts, out_error);
}

zimg_status zimg_go_result_copy_bytes(const zimg_result* result, uint8_t* buffer, size_t capacity,
                                      zimg_error** out_error) {
  return zimg_result_copy_bytes(result, buffer, capacity, out_error);
}

zimg_go_entry zimg_go_entry_read(const zimg_entry* entry) {
  zimg_go_entry read;
  read.payload = zimg_entry_payload(entry, &read.payload_size);
  read.facts.format = zimg_entry_format(entry);
  read.facts.width = zimg_entry_width(entry);
  read.facts.height = zimg_entry_height(entry);
  read.facts.seed = zimg_entry_seed(entry);
  read.facts.steps = zimg_entry_steps(entry);
  read.facts.guidance = zimg_entry_guidance(entry);
  read.facts.draw_ms = zimg_entry_draw_ms(entry);
  read.facts.stored_at_ms = zimg_entry_stored_at_ms(entry);
  read.facts.expires_at_ms = zimg_entry_expires_at_ms(entry);
  read.facts.is_pinned = zimg_entry_is_pinned(entry);
  read.name = zimg_entry_namespace(entry, &read.name_size);
  read.model = zimg_entry_model(entry, &read.model_size);
  read.tag = zimg_entry_tag(entry, &read.tag_size);
  read.digest = zimg_entry_payload_sha256(entry);
  return read;
}

zimg_status zimg_go_entry_fill(zimg_entry* entry, const zimg_go_facts* facts, const uint8_t* payload,
                               size_t payload_size, const char* name, size_t name_size, const char* model,
                               size_t model_size, const char* tag, size_t tag_size, const uint8_t* digest,
                               zimg_error** out_error) {
  zimg_status status = ZIMG_STATUS_OK;
#define SET(call) status = status == ZIMG_STATUS_OK ? call : status
  // What Go leaves at its zero is left as zimg has it.
  if (payload != NULL) status = zimg_entry_set_payload(entry, payload, payload_size, out_error);
  if (facts->format != 0) SET(zimg_entry_set_format(entry, facts->format, out_error));
  SET(zimg_entry_set_size(entry, facts->width, facts->height, out_error));
  SET(zimg_entry_set_seed(entry, facts->seed, out_error));
  SET(zimg_entry_set_steps(entry, facts->steps, out_error));
  SET(zimg_entry_set_guidance(entry, facts->guidance, out_error));
  SET(zimg_entry_set_draw_ms(entry, facts->draw_ms, out_error));
  SET(zimg_entry_set_stored_at_ms(entry, facts->stored_at_ms, out_error));
  SET(zimg_entry_set_expires_at_ms(entry, facts->expires_at_ms, out_error));
  if (name_size != 0) SET(zimg_entry_set_namespace(entry, name, name_size, out_error));
  SET(zimg_entry_set_model(entry, model, model_size, out_error));
  SET(zimg_entry_set_tag(entry, tag, tag_size, out_error));
  SET(zimg_entry_set_pinned(entry, facts->is_pinned, out_error));
  SET(zimg_entry_set_payload_sha256(entry, digest, 32, out_error));
#undef SET
  return status;
}

void zimg_go_tally_counts(const zimg_tally* tally, uint64_t counts[kZimgGoCounts]) {
  for (zimg_count count = 0; count < kZimgGoCounts; ++count) counts[count] = zimg_tally_count(tally, count);
}

void zimg_go_stats_counts(const zimg_stats* stats, uint64_t counts[kZimgGoCounts]) {
  for (zimg_count count = 0; count < kZimgGoCounts; ++count) counts[count] = zimg_stats_count(stats, count);
}

// ---- Setters and calls with a handle -------------------------------------------------------------------------------

zimg_status zimg_go_job_set_done(zimg_job* job, uintptr_t handle, zimg_error** out_error) {
  return zimg_job_set_done(job, &on_done, data_of(handle), &release, out_error);
}

zimg_status zimg_go_options_set_trace(zimg_options* options, uintptr_t handle, int has_prompts,
                                      zimg_error** out_error) {
  return zimg_options_set_trace(options, &on_event, data_of(handle), &release, has_prompts, out_error);
}

zimg_status zimg_go_options_set_hashing(zimg_options* options, uintptr_t handle, zimg_error** out_error) {
  return zimg_options_set_hashing_progress(options, &on_bytes, data_of(handle), &release, out_error);
}

zimg_status zimg_go_options_set_pipeline(zimg_options* options, uintptr_t handle, const char* identity, size_t size,
                                         zimg_error** out_error) {
  const zimg_pipeline_vtable vtable = {sizeof(vtable), &pipeline_draw, &release};
  return zimg_options_set_pipeline(options, &vtable, data_of(handle), identity, size, out_error);
}

zimg_status zimg_go_policy_set_clock(zimg_policy* policy, uintptr_t handle, zimg_error** out_error) {
  return zimg_policy_set_clock(policy, &now_ms, data_of(handle), &release, out_error);
}

zimg_status zimg_go_policy_set_warning(zimg_policy* policy, uintptr_t handle, zimg_error** out_error) {
  return zimg_policy_set_warning(policy, &on_warning, data_of(handle), &release, out_error);
}

zimg_status zimg_go_cache_wrap(uintptr_t handle, int lists, int contains, int pins, int counts, const char* description,
                               size_t size, zimg_cache** out_cache, zimg_error** out_error) {
  const zimg_cache_vtable vtable = {sizeof(vtable),
                                    &cache_find,
                                    &cache_store,
                                    &cache_erase,
                                    &release,
                                    lists ? &cache_list : NULL,
                                    contains ? &cache_contains : NULL,
                                    pins ? &cache_pin : NULL,
                                    counts ? &cache_stats : NULL};
  return zimg_cache_wrap(&vtable, data_of(handle), description, size, out_cache, out_error);
}

zimg_status zimg_go_cache_list(zimg_cache* cache, uintptr_t handle, zimg_error** out_error) {
  return zimg_cache_list(cache, &on_entry, data_of(handle), out_error);
}

zimg_status zimg_go_cache_erase_if(zimg_cache* cache, uintptr_t handle, uint64_t* out_erased, zimg_error** out_error) {
  return zimg_cache_erase_if(cache, &on_entry, data_of(handle), out_erased, out_error);
}

zimg_status zimg_go_cache_verify(zimg_cache* cache, uintptr_t handle, zimg_tally** out_tally, zimg_error** out_error) {
  return zimg_cache_verify(cache, &on_tally, data_of(handle), out_tally, out_error);
}

zimg_status zimg_go_bundle_export(zimg_cache* cache, const char* path, size_t size, uintptr_t handle,
                                  zimg_tally** out_tally, zimg_error** out_error) {
  return zimg_bundle_export(cache, path, size, &on_entry, &on_tally, data_of(handle), out_tally, out_error);
}

zimg_status zimg_go_bundle_import(zimg_cache* cache, const char* path, size_t size, uintptr_t handle,
                                  zimg_tally** out_tally, zimg_error** out_error) {
  return zimg_bundle_import(cache, path, size, &on_refused, &on_tally, data_of(handle), out_tally, out_error);
}

zimg_status zimg_go_store_verify(const zimg_lmdb_options* options, uintptr_t handle, zimg_tally** out_tally,
                                 zimg_error** out_error) {
  return zimg_store_verify(options, &on_tally, data_of(handle), out_tally, out_error);
}

zimg_status zimg_go_store_rebuild(const zimg_lmdb_options* options, uintptr_t handle, zimg_tally** out_tally,
                                  zimg_error** out_error) {
  return zimg_store_rebuild(options, &on_tally, data_of(handle), out_tally, out_error);
}

zimg_status zimg_go_prewarm_run(const zimg_prewarm* prewarm, zimg_generator* generator, uintptr_t handle,
                                zimg_prewarm_report** out_report, zimg_error** out_error) {
  return zimg_prewarm_run(prewarm, generator, &on_tally, data_of(handle), out_report, out_error);
}

zimg_status zimg_go_model_convert(const char* path, size_t path_size, const char* out, size_t out_size,
                                  zimg_weight_type type, uintptr_t handle, zimg_error** out_error) {
  return zimg_model_convert(path, path_size, out, out_size, type, &on_bytes, data_of(handle), out_error);
}

int zimg_go_visit(zimg_entry_function visit, void* visit_data, const zimg_key* key, const zimg_entry* entry,
                  uint64_t payload_bytes) {
  return visit(visit_data, key, entry, payload_bytes);
}
