#include "fill.h"

#include <stdlib.h>
#include <string.h>

#include "painter.h"

/* The fields are taken in the order in which the case has them; each line below is one of them. An unknown name is a
 * defect of the suite, so it fails the case. */
#define TEXT value, size
#define NUMBER(type) (type) strtod(value, NULL)
#define FIELD(field, call) \
  if (strcmp(name, field) == 0) return call

static zimg_status unknown(const char* name, zimg_error** out_error) {
  *out_error = zimg_error_create(ZIMG_STATUS_INTERNAL, name, strlen(name));
  return ZIMG_STATUS_INTERNAL;
}

static zimg_status set_option(const Case* subject, const char* name, const char* value, size_t size,
                              zimg_options* options, zimg_error** e) {
  const Field* other;
  FIELD("model", zimg_options_set_model(options, TEXT, e));
  FIELD("pipeline", set_painter(options, value, e));
  FIELD("device", zimg_options_set_device(options, NUMBER(int32_t), e));
  FIELD("precision", zimg_options_set_precision(options, NUMBER(int32_t), e));
  FIELD("fingerprint", zimg_options_set_fingerprint(options, NUMBER(int32_t), e));
  FIELD("threads", zimg_options_set_threads(options, NUMBER(uint32_t), e));
  FIELD("kept", zimg_options_set_kept(options, NUMBER(int32_t), e));
  FIELD("synonyms", zimg_options_set_synonyms(options, TEXT, e));
  FIELD("engine_path", zimg_options_set_engine_path(options, TEXT, e));
  FIELD("drawings_at_once", zimg_options_set_drawings_at_once(options, NUMBER(uint32_t), e));
  if (strcmp(name, "secret_namespace") == 0) {
    other = find_field(subject, "options.secret");
    return zimg_options_add_namespace_secret(options, value, size, other->value, other->size, e);
  }
  if (strcmp(name, "keywords") == 0) {
    other = find_field(subject, "options.keyword_tag");
    return zimg_options_add_keywords(options, value, size, (int32_t)number_of(subject, "options.keyword_action", -1),
                                     other == NULL ? NULL : other->value, other == NULL ? 0 : other->size, e);
  }
  /* Read with another field, or when the cache is opened. */
  FIELD("secret", ZIMG_STATUS_OK);
  FIELD("keyword_action", ZIMG_STATUS_OK);
  FIELD("keyword_tag", ZIMG_STATUS_OK);
  FIELD("cache", ZIMG_STATUS_OK);
  return unknown(name, e);
}

static void see(void* user_data, const zimg_progress* progress) {
  Seen* seen = user_data;
  size_t size = 0;
  ++seen->steps;
  if (zimg_progress_preview(progress, NULL, NULL, &size) != NULL && size != 0) ++seen->previews;
}

static zimg_status set_token(zimg_request* request, Seen* seen, zimg_error** e) {
  const zimg_status status = zimg_cancel_token_create(&seen->token, e);
  return status == ZIMG_STATUS_OK ? zimg_request_set_cancel_token(request, seen->token, e) : status;
}

static zimg_status set_request(const Case* subject, const char* name, const char* value, size_t size, Seen* seen,
                               zimg_request* request, zimg_error** e) {
  FIELD("prompt", zimg_request_set_prompt(request, TEXT, e));
  FIELD("negative_prompt", zimg_request_set_negative_prompt(request, TEXT, e));
  FIELD("width",
        zimg_request_set_size(request, NUMBER(uint32_t), (uint32_t)number_of(subject, "request.height", 0), e));
  FIELD("height", ZIMG_STATUS_OK);
  FIELD("steps", zimg_request_set_steps(request, NUMBER(uint32_t), e));
  FIELD("guidance", zimg_request_set_guidance(request, NUMBER(double), e));
  FIELD("guidance_normalization", zimg_request_set_guidance_normalization(request, NUMBER(double), e));
  FIELD("guidance_truncation", zimg_request_set_guidance_truncation(request, NUMBER(double), e));
  FIELD("schedule", zimg_request_set_schedule(request, NUMBER(int32_t), e));
  FIELD("seed", zimg_request_set_seed(request, strtoull(value, NULL, 10), e));
  FIELD("vae_tiling", zimg_request_set_vae_tiling(request, NUMBER(int), e));
  FIELD("match", zimg_request_set_match_level(request, NUMBER(int32_t), e));
  FIELD("namespace", zimg_request_set_namespace(request, TEXT, e));
  FIELD("format", zimg_request_set_format(request, NUMBER(int32_t), e));
  FIELD("jpeg_quality", zimg_request_set_jpeg_quality(request, NUMBER(int32_t), e));
  FIELD("splice_parameters", zimg_request_set_splice_parameters(request, NUMBER(int), e));
  FIELD("cache_mode", zimg_request_set_cache_mode(request, NUMBER(int32_t), e));
  FIELD("ttl_ms", zimg_request_set_ttl_ms(request, NUMBER(int64_t), e));
  FIELD("ttl_jitter", zimg_request_set_ttl_jitter(request, NUMBER(double), e));
  FIELD("tag", zimg_request_set_tag(request, TEXT, e));
  FIELD("pin", zimg_request_set_pin(request, NUMBER(int), e));
  FIELD("preview", zimg_request_set_preview(request, NUMBER(int), e));
  FIELD("progress", zimg_request_set_progress(request, &see, seen, NULL, e));
  FIELD("cancel", set_token(request, seen, e));
  return unknown(name, e);
}

static zimg_status set_entry(const Case* subject, const char* name, const char* value, size_t size, zimg_entry* entry,
                             zimg_error** e) {
  FIELD("payload", zimg_entry_set_payload(entry, TEXT, e));
  FIELD("format", zimg_entry_set_format(entry, NUMBER(int32_t), e));
  FIELD("width", zimg_entry_set_size(entry, NUMBER(uint32_t), (uint32_t)number_of(subject, "entry.height", 0), e));
  FIELD("height", ZIMG_STATUS_OK);
  FIELD("seed", zimg_entry_set_seed(entry, NUMBER(uint32_t), e));
  FIELD("steps", zimg_entry_set_steps(entry, NUMBER(uint32_t), e));
  FIELD("guidance", zimg_entry_set_guidance(entry, NUMBER(double), e));
  FIELD("draw_ms", zimg_entry_set_draw_ms(entry, NUMBER(double), e));
  FIELD("stored_at_ms", zimg_entry_set_stored_at_ms(entry, NUMBER(int64_t), e));
  FIELD("expires_at_ms", zimg_entry_set_expires_at_ms(entry, NUMBER(int64_t), e));
  FIELD("namespace", zimg_entry_set_namespace(entry, TEXT, e));
  FIELD("model", zimg_entry_set_model(entry, TEXT, e));
  FIELD("tag", zimg_entry_set_tag(entry, TEXT, e));
  FIELD("pinned", zimg_entry_set_pinned(entry, NUMBER(int), e));
  return unknown(name, e);
}

/* The name behind `prefix`, or NULL. */
static const char* behind(const Field* field, const char* prefix) {
  const size_t length = strlen(prefix);
  return strncmp(field->name, prefix, length) == 0 ? field->name + length : NULL;
}

zimg_status fill_options(const Case* subject, zimg_options* options, zimg_error** out_error) {
  zimg_status status = ZIMG_STATUS_OK;
  size_t i;
  for (i = 0; i < subject->count && status == ZIMG_STATUS_OK; ++i) {
    const Field* field = &subject->fields[i];
    const char* name = behind(field, "options.");
    if (name != NULL) status = set_option(subject, name, field->value, field->size, options, out_error);
  }
  return status;
}

zimg_status fill_request(const Case* subject, zimg_request* request, Seen* seen, zimg_error** out_error) {
  zimg_status status = ZIMG_STATUS_OK;
  size_t i;
  for (i = 0; i < subject->count && status == ZIMG_STATUS_OK; ++i) {
    const Field* field = &subject->fields[i];
    const char* name = behind(field, "request.");
    if (name != NULL) status = set_request(subject, name, field->value, field->size, seen, request, out_error);
  }
  return status;
}

zimg_status fill_entry(const Case* subject, zimg_entry* entry, zimg_error** out_error) {
  zimg_status status = ZIMG_STATUS_OK;
  size_t i;
  for (i = 0; i < subject->count && status == ZIMG_STATUS_OK; ++i) {
    const Field* field = &subject->fields[i];
    const char* name = behind(field, "entry.");
    if (name != NULL) status = set_entry(subject, name, field->value, field->size, entry, out_error);
  }
  return status;
}
