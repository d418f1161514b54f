#include <string>
#include <utility>

#include "base/utf8.hpp"
#include "capi/enumeration.hpp"
#include "capi/guard.hpp"
#include "capi/handle.hpp"
#include "capi/text.hpp"
#include "zimg/model.hpp"
#include "zimg/zimg.h"

using zimg::ModelInspection;
using zimg::ModelPart;
using zimg::WeightType;
using namespace zimg::capi;

static_assert(static_cast<int>(WeightType::kFp32) == ZIMG_WEIGHT_TYPE_FP32);
static_assert(static_cast<int>(WeightType::kBf16) == ZIMG_WEIGHT_TYPE_BF16);
static_assert(static_cast<int>(WeightType::kFp16) == ZIMG_WEIGHT_TYPE_FP16);

struct zimg_inspection : Handle<zimg_inspection> {
  explicit zimg_inspection(ModelInspection inspection) : value(std::move(inspection)) {
    // Files may be called anything, also in problems that were never errors; what is given out is text.
    value.path = zimg::base::repaired_utf8(value.path);
    for (std::string& problem : value.problems) problem = zimg::base::repaired_utf8(problem);
    for (ModelPart& part : value.parts) {
      for (std::string& file : part.files) file = zimg::base::repaired_utf8(file);
    }
  }
  ModelInspection value;
};

namespace {

const char* text_in(const zimg_inspection* inspection, std::string ModelInspection::*field, size_t* out_size) {
  return view_of(alive(inspection) == nullptr ? nullptr : &(inspection->value.*field), out_size);
}

// A number of the inspection, or of one of its parts; 0 where that is not there.
template <class Number>
Number number_in(const zimg_inspection* inspection, Number ModelInspection::*field) {
  return alive(inspection) == nullptr ? Number{} : inspection->value.*field;
}

const ModelPart* part_at(const zimg_inspection* inspection, size_t part) {
  const bool is_there = alive(inspection) != nullptr && part < inspection->value.parts.size();
  return is_there ? &inspection->value.parts[part] : nullptr;
}

std::uint64_t number_in_part(const zimg_inspection* inspection, size_t part, std::uint64_t ModelPart::*field) {
  const ModelPart* found = part_at(inspection, part);
  return found == nullptr ? 0 : found->*field;
}

const char* text_in_part(const zimg_inspection* inspection, size_t part, std::string ModelPart::*field,
                         size_t* out_size) {
  const ModelPart* found = part_at(inspection, part);
  return view_of(found == nullptr ? nullptr : &(found->*field), out_size);
}

const std::string& itself(const std::string& text) {
  return text;
}

}  // namespace

zimg_status zimg_builtin_model_path(zimg_text** out_path, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_path, "out_path");
    *out_path = new_path(zimg::builtin_model_path());
  });
}

zimg_status zimg_model_convert(const char* path, size_t path_size, const char* out, size_t out_size,
                               zimg_weight_type type, zimg_bytes_progress_function on_progress, void* user_data,
                               zimg_error** out_error) {
  return guarded(out_error, [&] {
    std::function<void(std::uint64_t, std::uint64_t)> progress;
    if (on_progress != nullptr) {
      progress = [&](std::uint64_t done, std::uint64_t total) { on_progress(user_data, done, total); };
    }
    zimg::convert_model(text_of(path, path_size, "path"), text_of(out, out_size, "out"),
                        enumerator(type, WeightType::kFp32, WeightType::kFp16, "type"), progress);
  });
}

zimg_status zimg_model_inspect(const char* path, size_t size, int has_identity, zimg_inspection** out_inspection,
                               zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_inspection, "out_inspection");
    create(out_inspection, "out_inspection", zimg::inspect_model(text_of(path, size, "path"), has_identity != 0));
  });
}

const char* zimg_inspection_path(const zimg_inspection* inspection, size_t* out_size) {
  return text_in(inspection, &ModelInspection::path, out_size);
}

const char* zimg_inspection_name(const zimg_inspection* inspection, size_t* out_size) {
  return text_in(inspection, &ModelInspection::name, out_size);
}

const char* zimg_inspection_layout(const zimg_inspection* inspection, size_t* out_size) {
  return text_in(inspection, &ModelInspection::layout, out_size);
}

const char* zimg_inspection_identity(const zimg_inspection* inspection, size_t* out_size) {
  return text_in(inspection, &ModelInspection::identity, out_size);
}

uint32_t zimg_inspection_width(const zimg_inspection* inspection) {
  return number_in(inspection, &ModelInspection::width);
}

uint32_t zimg_inspection_height(const zimg_inspection* inspection) {
  return number_in(inspection, &ModelInspection::height);
}

uint32_t zimg_inspection_size_step(const zimg_inspection* inspection) {
  return number_in(inspection, &ModelInspection::size_step);
}

uint32_t zimg_inspection_max_side(const zimg_inspection* inspection) {
  return number_in(inspection, &ModelInspection::max_side);
}

uint32_t zimg_inspection_steps(const zimg_inspection* inspection) {
  return number_in(inspection, &ModelInspection::steps);
}

double zimg_inspection_guidance(const zimg_inspection* inspection) {
  return number_in(inspection, &ModelInspection::guidance);
}

double zimg_inspection_shift(const zimg_inspection* inspection) {
  return number_in(inspection, &ModelInspection::shift);
}

size_t zimg_inspection_part_count(const zimg_inspection* inspection) {
  return alive(inspection) == nullptr ? 0 : inspection->value.parts.size();
}

const char* zimg_inspection_part_role(const zimg_inspection* inspection, size_t part, size_t* out_size) {
  return text_in_part(inspection, part, &ModelPart::role, out_size);
}

const char* zimg_inspection_part_dtypes(const zimg_inspection* inspection, size_t part, size_t* out_size) {
  return text_in_part(inspection, part, &ModelPart::dtypes, out_size);
}

uint64_t zimg_inspection_part_tensors(const zimg_inspection* inspection, size_t part) {
  return number_in_part(inspection, part, &ModelPart::tensors);
}

uint64_t zimg_inspection_part_parameters(const zimg_inspection* inspection, size_t part) {
  return number_in_part(inspection, part, &ModelPart::parameters);
}

uint64_t zimg_inspection_part_bytes(const zimg_inspection* inspection, size_t part) {
  return number_in_part(inspection, part, &ModelPart::bytes);
}

size_t zimg_inspection_part_file_count(const zimg_inspection* inspection, size_t part) {
  const ModelPart* found = part_at(inspection, part);
  return found == nullptr ? 0 : found->files.size();
}

const char* zimg_inspection_part_file(const zimg_inspection* inspection, size_t part, size_t index, size_t* out_size) {
  const ModelPart* found = part_at(inspection, part);
  return view_at(found == nullptr ? nullptr : &found->files, index, out_size, itself);
}

size_t zimg_inspection_problem_count(const zimg_inspection* inspection) {
  return alive(inspection) == nullptr ? 0 : inspection->value.problems.size();
}

const char* zimg_inspection_problem(const zimg_inspection* inspection, size_t index, size_t* out_size) {
  return view_at(alive(inspection) == nullptr ? nullptr : &inspection->value.problems, index, out_size, itself);
}

void zimg_inspection_destroy(zimg_inspection* inspection) {
  destroy(inspection);
}
