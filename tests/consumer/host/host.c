/* A host that has functions of the same names as libpng, LMDB, OpenSSL and others, of another make: it loads a library
 * of them, or has them itself, and uses zimg, which must go on using its own.
 *
 *   host ZIMG DEEP OTHER GLOBAL FOLDER
 *     ZIMG    libzimg.so to open, or "linked": the one that this program was linked with
 *     DEEP    deep: opened with RTLD_DEEPBIND; plain: without
 *     OTHER   a shared library with functions of those names, or "none"
 *     GLOBAL  global or local: how that library is opened
 *     FOLDER  where a store may be made
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zimg/zimg.h"

static void* library;

static void* symbol(const char* name) {
  void* const found = dlsym(library, name);
  if (found != NULL) return found;
  fprintf(stderr, "%s\n", dlerror());
  exit(1);
}
#define Z(name) ((__typeof__(&name))symbol(#name))

static void must(zimg_status status, zimg_error* error) {
  if (status == ZIMG_STATUS_OK) return;
  fprintf(stderr, "status %d: %s\n", (int)status, Z(zimg_error_message)(error, NULL));
  exit(1);
}

static zimg_status draw_gradient(void* user_data, const zimg_drawing* drawing, zimg_picture* out_picture,
                                 zimg_error** out_error) {
  const uint32_t width = Z(zimg_drawing_width)(drawing);
  const uint32_t height = Z(zimg_drawing_height)(drawing);
  uint8_t* const rgb = malloc((size_t)3 * width * height);
  zimg_status status = ZIMG_STATUS_OUT_OF_MEMORY;
  (void)user_data;
  if (rgb == NULL) return status;
  for (size_t i = 0; i < (size_t)3 * width * height; ++i) rgb[i] = (uint8_t)(i * 7);
  status = Z(zimg_picture_set_rgb)(out_picture, width, height, rgb, (size_t)3 * width * height, out_error);
  free(rgb);
  return status;
}

static void ask(zimg_generator* generator, zimg_request* request, zimg_outcome expected) {
  zimg_result* result = NULL;
  zimg_error* error = NULL;
  must(Z(zimg_generator_generate)(generator, request, &result, &error), error);
  must(Z(zimg_generator_drain)(generator, &error), error);
  must(Z(zimg_result_refresh_stored)(result, &error), error);
  const zimg_report* const report = Z(zimg_result_report)(result);
  if (Z(zimg_report_outcome)(report) != expected || Z(zimg_report_stored)(report) != ZIMG_STORED_YES) {
    fprintf(stderr, "outcome %d where %d is expected, %s\n", (int)Z(zimg_report_outcome)(report), (int)expected,
            Z(zimg_report_store_note)(report, NULL));
    exit(1);
  }
  Z(zimg_result_destroy)(result);
}

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const int is_linked = strcmp(argv[1], "linked") == 0;
  const int deep = strcmp(argv[2], "deep") == 0 ? RTLD_DEEPBIND : 0;
  const int scope = strcmp(argv[4], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL;
  if (strcmp(argv[3], "none") != 0 && dlopen(argv[3], RTLD_NOW | scope) == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  library = is_linked ? dlopen(NULL, RTLD_NOW) : dlopen(argv[1], RTLD_NOW | RTLD_LOCAL | deep);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }

  const zimg_pipeline_vtable pipeline = {sizeof(zimg_pipeline_vtable), draw_gradient, NULL};
  zimg_options* options = NULL;
  zimg_cache* cache = NULL;
  zimg_generator* generator = NULL;
  zimg_request* request = NULL;
  zimg_error* error = NULL;
  char url[4096];
  snprintf(url, sizeof url, "lmdb:%s?size=16MiB", argv[5]);
  must(Z(zimg_options_create)(&options, &error), error);
  must(Z(zimg_options_set_pipeline)(options, &pipeline, NULL, "gradient 1", 10, &error), error);
  must(Z(zimg_cache_open)(url, strlen(url), NULL, &cache, &error), error);
  must(Z(zimg_generator_create)(options, cache, &generator, &error), error);
  must(Z(zimg_request_create)(&request, &error), error);
  must(Z(zimg_request_set_prompt)(request, "a red circle", 12, &error), error);
  must(Z(zimg_request_set_size)(request, 64, 64, &error), error);
  ask(generator, request, ZIMG_OUTCOME_DRAWN);
  ask(generator, request, ZIMG_OUTCOME_HIT);
  must(Z(zimg_request_set_format)(request, ZIMG_IMAGE_FORMAT_JPEG, &error), error);
  ask(generator, request, ZIMG_OUTCOME_HIT); /* made from the PNG: both codecs */

  Z(zimg_request_destroy)(request);
  Z(zimg_generator_destroy)(generator);
  Z(zimg_cache_destroy)(cache);
  Z(zimg_options_destroy)(options);
  printf("drawn, found and converted\n");
  return 0;
}
