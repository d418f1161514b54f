/* The conformance suite through the C API: conformance CASES FOLDER. README.md tells what it reads and writes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zimg/zimg.h>

#include "case.h"
#include "fill.h"
#include "results.h"

static void write_key(const Results* results, const zimg_key* key) {
  write_hex(results, "key", key->bytes, sizeof key->bytes);
}

static zimg_status open_cache(const Case* subject, zimg_cache** out_cache, zimg_error** e) {
  const Field* url = find_field(subject, "options.cache");
  return zimg_cache_open(url->value, url->size, NULL, out_cache, e);
}

static zimg_status make_generator(const Case* subject, zimg_generator** out_generator, zimg_error** e) {
  zimg_options* options = NULL;
  zimg_cache* cache = NULL;
  zimg_status status = zimg_options_create(&options, e);
  if (status == ZIMG_STATUS_OK) status = fill_options(subject, options, e);
  if (status == ZIMG_STATUS_OK) status = open_cache(subject, &cache, e);
  if (status == ZIMG_STATUS_OK) status = zimg_generator_create(options, cache, out_generator, e);
  zimg_cache_destroy(cache);
  zimg_options_destroy(options);
  return status;
}

typedef const char* (*Listed)(const zimg_report* report, size_t index, size_t* out_size);

static void write_list(const Results* results, const char* field, const zimg_report* report, size_t count, Listed get) {
  size_t i;
  for (i = 0; i < count; ++i) {
    size_t size = 0;
    const char* text = get(report, i, &size);
    write_text(results, field, text, size);
  }
}

static void write_first(const Results* results, zimg_result* result, const Seen* seen) {
  const zimg_report* report = zimg_result_report(result);
  const char* outcome = zimg_outcome_name(zimg_report_outcome(report));
  const char* stored = zimg_stored_name(zimg_report_stored(report));
  const char* text;
  size_t size = 0;
  const uint8_t* bytes = zimg_result_bytes(result, &size);
  write_octets(results, 1, bytes, size);
  write_text(results, "first", outcome, strlen(outcome));
  write_number(results, "progress", seen->steps);
  write_number(results, "previews", seen->previews);
  write_number(results, "format", zimg_result_format(result));
  write_number(results, "width", zimg_result_width(result));
  write_number(results, "height", zimg_result_height(result));
  write_number(results, "seed", zimg_report_seed(report));
  write_number(results, "steps", zimg_report_steps(report));
  write_thousandths(results, "guidance", zimg_report_guidance(report));
  text = zimg_report_model(report, &size);
  write_text(results, "model", text, size);
  text = zimg_report_namespace(report, &size);
  write_text(results, "namespace", text, size);
  write_number(results, "flat", zimg_report_is_flat(report));
  write_number(results, "filtered", zimg_report_is_filtered(report));
  write_list(results, "folded", report, zimg_report_folded_count(report), &zimg_report_folded);
  write_list(results, "tag", report, zimg_report_tag_count(report), &zimg_report_tag);
  write_list(results, "warning", report, zimg_report_warning_count(report), &zimg_report_warning);
  write_text(results, "stored", stored, strlen(stored));
  text = zimg_report_store_note(report, &size);
  write_text(results, "store_note", text, size);
  text = zimg_report_payload_sha256(report, &size);
  write_text(results, "payload_sha256", text, size);
}

static void write_second(const Results* results, const zimg_result* result) {
  const zimg_report* report = zimg_result_report(result);
  const char* outcome = zimg_outcome_name(zimg_report_outcome(report));
  size_t size = 0;
  const uint8_t* bytes = zimg_result_bytes(result, &size);
  write_octets(results, 2, bytes, size);
  write_text(results, "second", outcome, strlen(outcome));
  write_number(results, "converted", zimg_report_is_converted(report));
}

static zimg_status write_counts(const Results* results, zimg_generator* generator, zimg_error** e) {
  zimg_metrics* metrics = NULL;
  const zimg_status status = zimg_generator_metrics(generator, &metrics, e);
  if (status != ZIMG_STATUS_OK) return status;
  write_number(results, "hits", (int64_t)zimg_metrics_count(metrics, ZIMG_COUNT_HITS));
  write_number(results, "misses", (int64_t)zimg_metrics_count(metrics, ZIMG_COUNT_MISSES));
  write_number(results, "drawn", (int64_t)zimg_metrics_count(metrics, ZIMG_COUNT_DRAWN));
  zimg_metrics_destroy(metrics);
  return status;
}

static zimg_status generate_twice(const Results* results, zimg_generator* generator, const zimg_request* request,
                                  const Seen* seen, zimg_error** e) {
  zimg_result* first = NULL;
  zimg_result* second = NULL;
  zimg_status status = zimg_generator_generate(generator, request, &first, e);
  if (status == ZIMG_STATUS_OK) status = zimg_generator_drain(generator, e);
  if (status == ZIMG_STATUS_OK) status = zimg_result_refresh_stored(first, e);
  if (status == ZIMG_STATUS_OK) {
    write_first(results, first, seen);
    status = zimg_generator_generate(generator, request, &second, e);
  }
  if (status == ZIMG_STATUS_OK) {
    write_second(results, second);
    status = write_counts(results, generator, e);
  }
  zimg_result_destroy(first);
  zimg_result_destroy(second);
  return status;
}

static zimg_status explain(const Results* results, zimg_generator* generator, const zimg_request* request,
                           zimg_error** e) {
  zimg_key_fields* fields = NULL;
  const zimg_status status = zimg_generator_explain_key(generator, request, &fields, e);
  size_t i;
  for (i = 0; i < zimg_key_fields_count(fields); ++i) {
    size_t size = 0;
    const char* text = zimg_key_fields_name(fields, i, &size);
    write_number(results, "field_tag", zimg_key_fields_tag(fields, i));
    write_text(results, "field_name", text, size);
    text = zimg_key_fields_value(fields, i, &size);
    write_text(results, "field_value", text, size);
    write_number(results, "field_is_live", zimg_key_fields_is_live(fields, i));
  }
  zimg_key_fields_destroy(fields);
  return status;
}

/* `generate` and `key`. */
static zimg_status ask(const Case* subject, const Results* results, int is_drawn, zimg_error** e) {
  zimg_generator* generator = NULL;
  zimg_request* request = NULL;
  zimg_key key;
  Seen seen = {0, 0, NULL};
  zimg_status status = make_generator(subject, &generator, e);
  if (status == ZIMG_STATUS_OK) status = zimg_request_create(&request, e);
  if (status == ZIMG_STATUS_OK) status = fill_request(subject, request, &seen, e);
  if (status == ZIMG_STATUS_OK) status = zimg_generator_key(generator, request, &key, e);
  if (status == ZIMG_STATUS_OK) {
    write_key(results, &key);
    zimg_cancel_token_cancel(seen.token);
    status = is_drawn ? generate_twice(results, generator, request, &seen, e) : explain(results, generator, request, e);
  }
  zimg_generator_destroy(generator);
  zimg_request_destroy(request);
  zimg_cancel_token_destroy(seen.token);
  return status;
}

static zimg_status article(const Case* subject, const Results* results, zimg_error** e) {
  const Field* prompt = find_field(subject, "article.prompt");
  const Field* negative = find_field(subject, "article.negative_prompt");
  const Field* config = find_field(subject, "article.config");
  zimg_text* text = NULL;
  zimg_key key;
  zimg_status status = zimg_article_key(prompt->value, prompt->size, negative->value, negative->size, config->value,
                                        config->size, &key, e);
  if (status != ZIMG_STATUS_OK) return status;
  write_key(results, &key);
  status = zimg_article_text(prompt->value, prompt->size, negative->value, negative->size, config->value, config->size,
                             &text, e);
  if (status == ZIMG_STATUS_OK) {
    size_t size = 0;
    const char* data = zimg_text_data(text, &size);
    write_text(results, "text", data, size);
  }
  zimg_text_destroy(text);
  return status;
}

static zimg_status hex(const Case* subject, const Results* results, zimg_error** e) {
  const Field* text = find_field(subject, "text");
  char digits[65];
  zimg_key key;
  zimg_status status = zimg_key_from_hex(text->value, text->size, &key, e);
  if (status == ZIMG_STATUS_OK) status = zimg_key_to_hex(&key, digits, sizeof digits, e);
  if (status == ZIMG_STATUS_OK) write_text(results, "key", digits, strlen(digits));
  return status;
}

static void write_entry(const Results* results, const zimg_entry* entry) {
  size_t size = 0;
  const char* text;
  const uint8_t* payload = zimg_entry_payload(entry, &size);
  write_octets(results, 1, payload, size);
  write_number(results, "format", zimg_entry_format(entry));
  write_number(results, "width", zimg_entry_width(entry));
  write_number(results, "height", zimg_entry_height(entry));
  write_number(results, "seed", zimg_entry_seed(entry));
  write_number(results, "steps", zimg_entry_steps(entry));
  write_thousandths(results, "guidance", zimg_entry_guidance(entry));
  write_thousandths(results, "draw_ms", zimg_entry_draw_ms(entry));
  write_number(results, "stored_at_ms", zimg_entry_stored_at_ms(entry));
  write_number(results, "expires_at_ms", zimg_entry_expires_at_ms(entry));
  text = zimg_entry_namespace(entry, &size);
  write_text(results, "namespace", text, size);
  text = zimg_entry_model(entry, &size);
  write_text(results, "model", text, size);
  text = zimg_entry_tag(entry, &size);
  write_text(results, "tag", text, size);
  write_number(results, "pinned", zimg_entry_is_pinned(entry));
  write_hex(results, "payload_sha256", zimg_entry_payload_sha256(entry), 32);
}

/* Stores, finds and erases it under a key of the octets 0 to 31. */
static zimg_status there_and_back(const Results* results, zimg_cache* cache, const zimg_entry* entry, zimg_error** e) {
  zimg_store_outcome outcome = 0;
  zimg_entry* found = NULL;
  zimg_key key;
  int was_there = 0;
  size_t i;
  zimg_status status;
  for (i = 0; i < sizeof key.bytes; ++i) key.bytes[i] = (uint8_t)i;
  status = zimg_cache_store(cache, &key, entry, &outcome, e);
  if (status != ZIMG_STATUS_OK) return status;
  write_number(results, "outcome", outcome);
  status = zimg_cache_find(cache, &key, &found, e);
  if (status != ZIMG_STATUS_OK) return status;
  write_number(results, "found", found != NULL);
  if (found != NULL) write_entry(results, found);
  zimg_entry_destroy(found);
  status = zimg_cache_erase(cache, &key, &was_there, e);
  if (status == ZIMG_STATUS_OK) write_number(results, "erased", was_there);
  return status;
}

static zimg_status entry(const Case* subject, const Results* results, zimg_error** e) {
  zimg_cache* cache = NULL;
  zimg_entry* made = NULL;
  zimg_status status = open_cache(subject, &cache, e);
  if (status == ZIMG_STATUS_OK) status = zimg_entry_create(&made, e);
  if (status == ZIMG_STATUS_OK) status = fill_entry(subject, made, e);
  if (status == ZIMG_STATUS_OK) status = there_and_back(results, cache, made, e);
  zimg_entry_destroy(made);
  zimg_cache_destroy(cache);
  return status;
}

static void run_case(const Case* subject, FILE* file, const char* folder) {
  const Results results = {file, folder, find_field(subject, "case")->value};
  const char* kind = find_field(subject, "do")->value;
  zimg_error* error = NULL;
  zimg_status status = ZIMG_STATUS_INTERNAL;
  fprintf(file, "case\t%s\n", results.name);
  if (strcmp(kind, "generate") == 0) status = ask(subject, &results, 1, &error);
  if (strcmp(kind, "key") == 0) status = ask(subject, &results, 0, &error);
  if (strcmp(kind, "article") == 0) status = article(subject, &results, &error);
  if (strcmp(kind, "hex") == 0) status = hex(subject, &results, &error);
  if (strcmp(kind, "entry") == 0) status = entry(subject, &results, &error);
  write_text(&results, "status", zimg_status_name(status), strlen(zimg_status_name(status)));
  if (status != ZIMG_STATUS_OK) {
    size_t size = 0;
    const char* message = zimg_error_message(error, &size);
    write_text(&results, "error", message, size);
  }
  zimg_error_destroy(error);
}

int main(int argc, char** argv) {
  static Case subject;
  char path[4096];
  FILE* cases;
  FILE* file;
  if (argc != 3) {
    fprintf(stderr, "usage: conformance CASES FOLDER\n");
    return 2;
  }
  snprintf(path, sizeof path, "%s/results.txt", argv[2]);
  cases = fopen(argv[1], "rb");
  file = fopen(path, "wb");
  if (cases == NULL || file == NULL) {
    perror(cases == NULL ? argv[1] : path);
    return 2;
  }
  while (read_case(cases, &subject)) {
    run_case(&subject, file, argv[2]);
    free_case(&subject);
  }
  fclose(cases);
  return fclose(file) == 0 ? 0 : 2;
}
