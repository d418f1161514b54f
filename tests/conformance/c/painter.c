#include "painter.h"

#include <stdlib.h>
#include <string.h>

static const char kIdentity[] = "conformance 1";
static const char kFailure[] = "the painter has no paint";

/* What the pixels begin with: something of all that was ordered. */
static uint64_t mixture(const zimg_drawing* drawing) {
  size_t size = 0;
  size_t count = 0;
  size_t i;
  uint64_t sum = (uint64_t)zimg_drawing_seed(drawing) * 17;
  const char* text = zimg_drawing_prompt(drawing, &size);
  for (i = 0; i < size; ++i) sum += (unsigned char)text[i];
  text = zimg_drawing_negative_prompt(drawing, &size);
  for (i = 0; i < size; ++i) sum += 3 * (uint64_t)(unsigned char)text[i];
  sum += zimg_drawing_sigmas(drawing, &count) == NULL ? 0 : 7 * (uint64_t)count;
  sum += (uint64_t)(zimg_drawing_guidance(drawing) * 16.0F);
  sum += (uint64_t)(zimg_drawing_guidance_normalization(drawing) * 32.0F);
  sum += (uint64_t)(zimg_drawing_guidance_truncation(drawing) * 64.0F);
  return sum + (zimg_drawing_is_vae_tiled(drawing) != 0 ? 5 : 0);
}

/* `steps` of them, with a preview of 2x1 where one is wanted. */
static zimg_status tell_progress(const zimg_drawing* drawing, uint32_t steps, zimg_error** out_error) {
  static const uint8_t kPreview[6] = {1, 2, 3, 4, 5, 6};
  zimg_picture* preview = NULL;
  zimg_status status = ZIMG_STATUS_OK;
  uint32_t step;
  if (zimg_drawing_wants_preview(drawing) != 0) {
    status = zimg_picture_create(&preview, out_error);
    if (status == ZIMG_STATUS_OK) status = zimg_picture_set_rgb(preview, 2, 1, kPreview, sizeof kPreview, out_error);
  }
  for (step = 0; step <= steps && status == ZIMG_STATUS_OK; ++step) {
    status = zimg_drawing_is_cancelled(drawing) != 0
                 ? ZIMG_STATUS_CANCELLED
                 : zimg_drawing_report_progress(drawing, step, steps, preview, out_error);
  }
  zimg_picture_destroy(preview);
  return status;
}

static zimg_status paint(const char* kind, const zimg_drawing* drawing, zimg_picture* out_picture,
                         zimg_error** out_error) {
  const uint32_t width = zimg_drawing_width(drawing) + (strcmp(kind, "lies") == 0 ? 1 : 0);
  const uint32_t height = zimg_drawing_height(drawing);
  const size_t size = (size_t)width * height * 3;
  const uint64_t begin = mixture(drawing);
  uint8_t* rgb = malloc(size);
  zimg_status status;
  size_t i;
  if (rgb == NULL) return ZIMG_STATUS_OUT_OF_MEMORY;
  for (i = 0; i < size; ++i) rgb[i] = (uint8_t)(begin + 31 * (uint64_t)i + i / width);
  status = zimg_picture_set_rgb(out_picture, width, height, rgb, size, out_error);
  free(rgb);
  return status;
}

static zimg_status draw(void* kind, const zimg_drawing* drawing, zimg_picture* out_picture, zimg_error** out_error) {
  size_t steps = 0;
  zimg_status status;
  if (strcmp(kind, "fails") == 0) {
    *out_error = zimg_error_create(ZIMG_STATUS_DEVICE, kFailure, sizeof kFailure - 1);
    return ZIMG_STATUS_DEVICE;
  }
  zimg_drawing_sigmas(drawing, &steps);
  status = tell_progress(drawing, (uint32_t)steps, out_error);
  return status == ZIMG_STATUS_OK ? paint(kind, drawing, out_picture, out_error) : status;
}

zimg_status set_painter(zimg_options* options, const char* kind, zimg_error** out_error) {
  zimg_pipeline_vtable vtable;
  char* copy = malloc(strlen(kind) + 1);
  zimg_status status;
  if (copy == NULL) return ZIMG_STATUS_OUT_OF_MEMORY;
  strcpy(copy, kind);
  vtable.struct_size = sizeof vtable;
  vtable.draw = &draw;
  vtable.release = &free;
  status = zimg_options_set_pipeline(options, &vtable, copy, kIdentity, sizeof kIdentity - 1, out_error);
  if (status != ZIMG_STATUS_OK) free(copy);
  return status;
}
