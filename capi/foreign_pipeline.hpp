// A zimg_pipeline_vtable as an IPipeline.
#pragma once

#include "capi/handle.hpp"
#include "capi/user_data.hpp"
#include "zimg/pipeline.hpp"
#include "zimg/zimg.h"

struct zimg_drawing : zimg::capi::Handle<zimg_drawing> {
  zimg_drawing(const zimg::DrawingOrder* its_order, zimg::IDrawingObserver* its_observer)
      : order(its_order), observer(its_observer) {}
  const zimg::DrawingOrder* order;
  zimg::IDrawingObserver* observer;
};

namespace zimg::capi {

// Errors: kInvalidArgument for a struct_size that is none and for a function that is NULL and must not be.
zimg_pipeline_vtable read_vtable(const zimg_pipeline_vtable* vtable);

class ForeignPipeline : public IPipeline {
 public:
  explicit ForeignPipeline(const zimg_pipeline_vtable& vtable) : vtable_(vtable) {}

  // From here on `user_data` is released with this.
  void arm(void* user_data) noexcept { user_data_.arm(user_data, vtable_.release); }

  Picture draw(const DrawingOrder& order, IDrawingObserver& observer) override;

 private:
  const zimg_pipeline_vtable vtable_;
  UserData user_data_;
};

}  // namespace zimg::capi
