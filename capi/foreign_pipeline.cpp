#include "capi/foreign_pipeline.hpp"

#include <utility>

#include "capi/error.hpp"
#include "capi/guard.hpp"
#include "capi/picture.hpp"
#include "capi/text.hpp"
#include "capi/vtable.hpp"

namespace zimg::capi {

zimg_pipeline_vtable read_vtable(const zimg_pipeline_vtable* vtable) {
  const auto copy = copy_of_struct(vtable, offsetof(zimg_pipeline_vtable, release) + sizeof(vtable->release));
  require_function(copy.draw, "draw");
  return copy;
}

Picture ForeignPipeline::draw(const DrawingOrder& order, IDrawingObserver& observer) {
  const zimg_drawing drawing(&order, &observer);
  zimg_picture picture;
  call_host("the pipeline's draw", vtable_.draw, user_data_.get(), &drawing, &picture);
  if (picture.value.width != order.width || picture.value.height != order.height) {
    throw Error(ErrorCode::kDevice, "the pipeline drew " + std::to_string(picture.value.width) + "x" +
                                        std::to_string(picture.value.height) + " pixels; " +
                                        std::to_string(order.width) + "x" + std::to_string(order.height) +
                                        " were ordered");
  }
  return std::move(picture.value);
}

}  // namespace zimg::capi

using namespace zimg::capi;

const char* zimg_drawing_prompt(const zimg_drawing* drawing, size_t* out_size) {
  return view_of(alive(drawing) == nullptr ? nullptr : &drawing->order->prompt, out_size);
}

const char* zimg_drawing_negative_prompt(const zimg_drawing* drawing, size_t* out_size) {
  return view_of(alive(drawing) == nullptr ? nullptr : &drawing->order->negative_prompt, out_size);
}

uint32_t zimg_drawing_width(const zimg_drawing* drawing) {
  return alive(drawing) == nullptr ? 0 : drawing->order->width;
}

uint32_t zimg_drawing_height(const zimg_drawing* drawing) {
  return alive(drawing) == nullptr ? 0 : drawing->order->height;
}

const float* zimg_drawing_sigmas(const zimg_drawing* drawing, size_t* out_count) {
  const bool is_there = alive(drawing) != nullptr;
  if (out_count != nullptr) *out_count = is_there ? drawing->order->sigmas.size() : 0;
  return is_there ? drawing->order->sigmas.data() : nullptr;
}

float zimg_drawing_guidance(const zimg_drawing* drawing) {
  return alive(drawing) == nullptr ? 0 : drawing->order->guidance;
}

float zimg_drawing_guidance_normalization(const zimg_drawing* drawing) {
  return alive(drawing) == nullptr ? 0 : drawing->order->guidance_normalization;
}

float zimg_drawing_guidance_truncation(const zimg_drawing* drawing) {
  return alive(drawing) == nullptr ? 0 : drawing->order->guidance_truncation;
}

uint32_t zimg_drawing_seed(const zimg_drawing* drawing) {
  return alive(drawing) == nullptr ? 0 : drawing->order->seed;
}

int zimg_drawing_is_vae_tiled(const zimg_drawing* drawing) {
  return alive(drawing) != nullptr && drawing->order->vae_tiling ? 1 : 0;
}

int zimg_drawing_wants_preview(const zimg_drawing* drawing) {
  return alive(drawing) != nullptr && drawing->observer->wants_preview() ? 1 : 0;
}

int zimg_drawing_is_cancelled(const zimg_drawing* drawing) {
  return alive(drawing) != nullptr && drawing->observer->is_cancelled() ? 1 : 0;
}

zimg_status zimg_drawing_report_progress(const zimg_drawing* drawing, uint32_t step, uint32_t steps,
                                         const zimg_picture* preview, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg_drawing& view = required(drawing, "drawing");
    zimg::Progress progress;
    progress.step = step;
    progress.steps = steps;
    if (alive(preview) != nullptr) {
      progress.preview = preview->value.rgb;
      progress.preview_width = preview->value.width;
      progress.preview_height = preview->value.height;
    }
    view.observer->on_progress(progress);
  });
}
