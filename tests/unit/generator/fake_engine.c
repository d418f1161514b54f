/* An engine module that draws nothing worth seeing. The prompt tells draw() how to behave; the macros make the modules
 * that libzimg must refuse. */
#include <stdlib.h>
#include <string.h>

#include "engine/engine_abi.h"

#ifndef FAKE_ABI
#define FAKE_ABI ZIMG_ENGINE_ABI
#endif
#ifndef FAKE_VERSION
#define FAKE_VERSION ZIMG_VERSION
#endif
#ifndef FAKE_SIZE
#define FAKE_SIZE sizeof(zimg_engine_table_v1)
#endif
#define EXPORTED __attribute__((visibility("default")))

struct zimg_engine {
  int drawings;
};

static int resolutions;
static int open_engines;
static int kept_pictures;

EXPORTED int fake_engine_resolutions(void) {
  return resolutions;
}
EXPORTED int fake_engine_open_engines(void) {
  return open_engines;
}
EXPORTED int fake_engine_kept_pictures(void) {
  return kept_pictures;
}

static int fail(zimg_engine_error* error, int code, const char* message) {
  strncpy(error->message, message, sizeof(error->message) - 1);
  return code;
}

/* fp16 is refused; on CUDA it forgets to resolve. */
static int resolve(const zimg_engine_options* options, zimg_engine_resolution* resolution, zimg_engine_error* error) {
  ++resolutions;
  if (options->precision == 3) return fail(error, 4, "fp16 needs a GPU");
  resolution->device = options->device == 0 ? 1 : options->device;
  resolution->text_precision = resolution->denoiser_precision = options->precision == 0 ? 2 : options->precision;
  resolution->vae_precision = options->device == 2 ? 0 : 1;
  resolution->threads = options->threads == 0 ? 2 : options->threads;
  strcpy(resolution->device_name, "a fake CPU");
  strcpy(resolution->torch_version, "9.9.9");
  return 0;
}

static int open_model(const zimg_engine_options* options, zimg_engine** engine, zimg_engine_error* error) {
  if (strcmp(options->model_path, "bad") == 0) return fail(error, 3, "the model in 'bad' is bad");
  *engine = calloc(1, sizeof(**engine));
  ++open_engines;
  return 0;
}

static int draw(zimg_engine* engine, const zimg_engine_order* order, const zimg_engine_observer* observer,
                zimg_engine_picture* picture, zimg_engine_error* error) {
  ++engine->drawings;
  if (order->prompt_size > 5 && memcmp(order->prompt, "fail ", 5) == 0) {
    return fail(error, atoi(order->prompt + 5), "as told");
  }
  if (order->prompt_size == 7 && memcmp(order->prompt, "endless", 7) == 0) {
    memset(error->message, 'x', sizeof(error->message));
    return 12;
  }
  const uint32_t steps = (uint32_t)order->sigma_count;
  const uint8_t preview[3] = {1, 2, 3};
  for (uint32_t step = 0; step <= steps; ++step) {
    if (observer->is_cancelled(observer->user_data)) return fail(error, 9, "the drawing was cancelled");
    observer->on_progress(observer->user_data, step, steps, observer->wants_preview ? preview : NULL,
                          observer->wants_preview ? 1 : 0, observer->wants_preview ? 1 : 0);
  }
  picture->width = order->width;
  picture->height = order->height;
  const size_t size = (size_t)3 * order->width * order->height;
  picture->rgb = malloc(size);
  for (size_t i = 0; i < size; ++i) picture->rgb[i] = (uint8_t)(i + order->seed);
  picture->denoise_ms = 1.5;
  ++kept_pictures;
  return 0;
}

static void release_picture(zimg_engine_picture* picture) {
  if (picture->rgb != NULL) --kept_pictures;
  free(picture->rgb);
  picture->rgb = NULL;
}

static void close_engine(zimg_engine* engine) {
  if (engine != NULL) --open_engines;
  free(engine);
}

#ifndef FAKE_WITHOUT_ENTRY
static const zimg_engine_table_v1 table = {FAKE_SIZE,  FAKE_ABI, FAKE_VERSION,    7,           resolve,
                                           open_model, draw,     release_picture, close_engine};

EXPORTED const zimg_engine_table_v1* zimg_engine_table(void) {
#ifdef FAKE_NULL
  return NULL;
#else
  return &table;
#endif
}
#endif
