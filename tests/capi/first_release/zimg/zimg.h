/* What a program sees that was compiled against an early zimg.h: fewer functions and enumerators, and a vtable that
 * ends where the first one did. It is kept as it is for ever; old_program.c is compiled against it and runs on the
 * library of today. */
#ifndef ZIMG_ZIMG_H
#define ZIMG_ZIMG_H

#include <stddef.h>
#include <stdint.h>

typedef struct zimg_error zimg_error;
typedef struct zimg_options zimg_options;
typedef struct zimg_request zimg_request;
typedef struct zimg_generator zimg_generator;
typedef struct zimg_result zimg_result;
typedef struct zimg_report zimg_report;
typedef struct zimg_cache zimg_cache;
typedef struct zimg_policy zimg_policy;
typedef struct zimg_entry zimg_entry;
typedef struct zimg_drawing zimg_drawing;
typedef struct zimg_picture zimg_picture;

typedef struct zimg_key {
  uint8_t bytes[32];
} zimg_key;

typedef int32_t zimg_status;
enum { ZIMG_STATUS_OK = 0, ZIMG_STATUS_INVALID_ARGUMENT = 1, ZIMG_STATUS_UNSUPPORTED = 4 };

typedef int32_t zimg_outcome;
enum { ZIMG_OUTCOME_HIT = 0, ZIMG_OUTCOME_DRAWN = 1 };

typedef int32_t zimg_store_outcome;

uint32_t zimg_abi_version(void);
void zimg_error_destroy(zimg_error* error);
const char* zimg_error_message(const zimg_error* error, size_t* out_size);

zimg_status zimg_request_create(zimg_request** out_request, zimg_error** out_error);
zimg_status zimg_request_set_prompt(zimg_request* request, const char* prompt, size_t size, zimg_error** out_error);
zimg_status zimg_request_set_size(zimg_request* request, uint32_t width, uint32_t height, zimg_error** out_error);
void zimg_request_destroy(zimg_request* request);

zimg_status zimg_options_create(zimg_options** out_options, zimg_error** out_error);
void zimg_options_destroy(zimg_options* options);

typedef struct zimg_pipeline_vtable {
  size_t struct_size;
  zimg_status (*draw)(void* user_data, const zimg_drawing* drawing, zimg_picture* out_picture, zimg_error** out_error);
  void (*release)(void* user_data);
} zimg_pipeline_vtable;
zimg_status zimg_options_set_pipeline(zimg_options* options, const zimg_pipeline_vtable* vtable, void* user_data,
                                      const char* identity, size_t size, zimg_error** out_error);
zimg_status zimg_picture_set_rgb(zimg_picture* picture, uint32_t width, uint32_t height, const uint8_t* rgb,
                                 size_t size, zimg_error** out_error);

typedef struct zimg_cache_vtable {
  size_t struct_size;
  zimg_status (*find)(void* user_data, const zimg_key* key, zimg_entry* out_entry, int* out_is_there,
                      zimg_error** out_error);
  zimg_status (*store)(void* user_data, const zimg_key* key, const zimg_entry* entry, zimg_store_outcome* out_outcome,
                       zimg_error** out_error);
  zimg_status (*erase)(void* user_data, const zimg_key* key, int* out_was_there, zimg_error** out_error);
  void (*release)(void* user_data);
} zimg_cache_vtable;
zimg_status zimg_cache_wrap(const zimg_cache_vtable* vtable, void* user_data, const char* description, size_t size,
                            zimg_cache** out_cache, zimg_error** out_error);
zimg_status zimg_cache_contains(zimg_cache* cache, const zimg_key* key, int* out_is_there, zimg_error** out_error);
zimg_status zimg_cache_list(zimg_cache* cache,
                            int (*visit)(void* user_data, const zimg_key* key, const zimg_entry* entry, uint64_t bytes),
                            void* user_data, zimg_error** out_error);
void zimg_cache_destroy(zimg_cache* cache);

zimg_status zimg_generator_create(const zimg_options* options, zimg_cache* cache, zimg_generator** out_generator,
                                  zimg_error** out_error);
zimg_status zimg_generator_generate(zimg_generator* generator, const zimg_request* request, zimg_result** out_result,
                                    zimg_error** out_error);
zimg_status zimg_generator_drain(zimg_generator* generator, zimg_error** out_error);
void zimg_generator_destroy(zimg_generator* generator);
const zimg_report* zimg_result_report(const zimg_result* result);
zimg_outcome zimg_report_outcome(const zimg_report* report);
void zimg_result_destroy(zimg_result* result);

#endif
