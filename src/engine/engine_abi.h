/* The boundary between libzimg and the engine module libzimg_torch: one exported function that returns a C table.
 *
 * 1. No exception, no standard-library type and no vtable crosses it. Texts are UTF-8 and NUL-terminated unless a size
 * stands beside them.
 * 2. Every struct begins with struct_size, set by whoever fills it; a reader looks at no field beyond it.
 * 3. A function returns 0 when it did its work, else a number of zimg::ErrorCode, and has filled `error`.
 * 4. The caller owns everything that it passes; it need live for the call only. The engine owns a picture's pixels
 * until release_picture.
 * 5. All functions may be called from any thread; draw() queues, one drawing at a time for an engine on the CPU and for
 * the process on its GPU.
 */
#ifndef ZIMG_ENGINE_ENGINE_ABI_H
#define ZIMG_ENGINE_ENGINE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ZIMG_ENGINE_ABI 1u
#define ZIMG_ENGINE_ENTRY "zimg_engine_table"

typedef struct zimg_engine zimg_engine;

typedef struct {
  uint32_t struct_size;
  char message[1020];
} zimg_engine_error;

/* Numbers of zimg::Device and zimg::Precision; in a resolution never "auto". */
typedef struct {
  uint32_t struct_size;
  uint32_t device;
  uint32_t precision;
  uint32_t threads; /* 0: one per core */
  const char* model_path;
} zimg_engine_options;

typedef struct {
  uint32_t struct_size;
  uint32_t device;
  uint32_t text_precision;
  uint32_t denoiser_precision;
  uint32_t vae_precision;
  uint32_t threads;
  char device_name[128];  /* CPU model and the products used on it, or GPU model */
  char torch_version[64]; /* "2.13.0 1a2b3c4d": the release, and digits of its and the engine's build */
} zimg_engine_resolution;

typedef struct {
  uint32_t struct_size;
  uint32_t width;  /* pixels */
  uint32_t height; /* pixels */
  uint32_t seed;
  uint32_t vae_tiling; /* 0 or 1 */
  float guidance;
  float guidance_normalization;
  float guidance_truncation;
  const float* sigmas; /* descending; the closing 0 is implied */
  size_t sigma_count;
  const char* prompt; /* may hold NUL: read prompt_size octets */
  size_t prompt_size;
  const char* negative_prompt;
  size_t negative_prompt_size;
} zimg_engine_order;

typedef struct {
  uint32_t struct_size;
  uint32_t wants_preview; /* 0 or 1; read at each step, so on_progress may change it for the next */
  void* user_data;
  int (*is_cancelled)(void* user_data); /* asked at least once per denoiser layer */
  /* After each step and once before the first; preview is interleaved RGB, null where it was not asked for. */
  void (*on_progress)(void* user_data, uint32_t step, uint32_t steps, const uint8_t* preview, uint32_t preview_width,
                      uint32_t preview_height);
} zimg_engine_observer;

typedef struct {
  uint32_t struct_size;
  uint32_t width;  /* pixels */
  uint32_t height; /* pixels */
  uint32_t reserved;
  uint8_t* rgb; /* interleaved, width * height * 3 octets; the engine's until release_picture */
  double wait_ms;
  double load_ms;
  double encode_text_ms;
  double denoise_ms;
  double decode_ms;
} zimg_engine_picture;

typedef struct {
  uint32_t struct_size;
  uint32_t abi; /* ZIMG_ENGINE_ABI of the module */
  const char* zimg_version;
  uint32_t numerics_version; /* raised when a change of zimg moves pixels */
  /* What "auto" comes to on this machine; reads no weights. */
  int (*resolve)(const zimg_engine_options* options, zimg_engine_resolution* resolution, zimg_engine_error* error);
  /* Checks the model; weights are loaded by the first draw. */
  int (*open)(const zimg_engine_options* options, zimg_engine** engine, zimg_engine_error* error);
  int (*draw)(zimg_engine* engine, const zimg_engine_order* order, const zimg_engine_observer* observer,
              zimg_engine_picture* picture, zimg_engine_error* error);
  void (*release_picture)(zimg_engine_picture* picture);
  /* Null is taken. Waits for no one: the caller has seen every draw return. */
  void (*close)(zimg_engine* engine);
} zimg_engine_table_v1;

/* The module's one exported function. */
const zimg_engine_table_v1* zimg_engine_table(void);

#ifdef __cplusplus
}
#endif

#endif
