#include "engine/pipeline/float32_precision.hpp"

#include <c10/util/Exception.h>

#include <array>
#include <utility>

namespace zimg::engine {
namespace {

// What libtorch has a precision of its own for. Releases before 2.10 name these by words, those before 2.9 not at all.
#if TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 10
using Operation = std::pair<at::Float32Backend, at::Float32Op>;
constexpr Operation kCudnnConvolutions{at::Float32Backend::CUDA, at::Float32Op::CONV};
constexpr Operation kCudnnRecurrences{at::Float32Backend::CUDA, at::Float32Op::RNN};
constexpr std::array<Operation, 5> kOperations{{{at::Float32Backend::MKLDNN, at::Float32Op::MATMUL},
                                                {at::Float32Backend::MKLDNN, at::Float32Op::CONV},
                                                {at::Float32Backend::CUDA, at::Float32Op::MATMUL},
                                                kCudnnConvolutions,
                                                kCudnnRecurrences}};
constexpr auto kFull = at::Float32Precision::IEEE;
constexpr auto kShort = at::Float32Precision::TF32;
#elif TORCH_VERSION_MINOR >= 9
using Operation = std::pair<const char*, const char*>;
constexpr Operation kCudnnConvolutions{"cuda", "conv"};
constexpr Operation kCudnnRecurrences{"cuda", "rnn"};
constexpr std::array<Operation, 5> kOperations{
    {{"mkldnn", "matmul"}, {"mkldnn", "conv"}, {"cuda", "matmul"}, kCudnnConvolutions, kCudnnRecurrences}};
constexpr const char* kFull = "ieee";
constexpr const char* kShort = "tf32";
#else
#define ZIMG_HAS_NO_OPERATIONS
#endif

// libtorch refuses to name it where a host has set the operations and not this: then it is as it comes.
at::Float32MatmulPrecision precision_of_products(at::Context& context) {
  try {
    return context.float32MatmulPrecision();
  } catch (const c10::Error&) {
    return at::Float32MatmulPrecision::HIGHEST;
  }
}

// Likewise. Where both operations are alike and libtorch refuses nonetheless, the switch is what they are not; where
// they differ, it is as it comes.
bool cudnn_may_shorten(at::Context& context) {
  try {
    return context.allowTF32CuDNN();
  } catch (const c10::Error&) {
#ifdef ZIMG_HAS_NO_OPERATIONS
    throw;
#else
    const auto is_short = [&](const Operation& operation) {
      return context.float32Precision(operation.first, operation.second) == kShort;
    };
    return !(is_short(kCudnnConvolutions) && is_short(kCudnnRecurrences));
#endif
  }
}

const char* name_of(at::Float32MatmulPrecision precision) {
  switch (precision) {
    case at::Float32MatmulPrecision::HIGH:
      return "high";
    case at::Float32MatmulPrecision::MEDIUM:
      return "medium";
    default:
      return "highest";
  }
}

}  // namespace

Float32Precision::Float32Precision(at::Context& context)
    : of_products_(precision_of_products(context)), cudnn_may_shorten_(cudnn_may_shorten(context)) {
#ifndef ZIMG_HAS_NO_OPERATIONS
  for (const auto& [backend, operation] : kOperations) {
    of_operations_.push_back(context.float32Precision(backend, operation));
  }
#endif
}

// The switches of older releases set operations as well: those come after.
void Float32Precision::set_full(at::Context& context) {
  context.setFloat32MatmulPrecision(name_of(at::Float32MatmulPrecision::HIGHEST));
  context.setAllowTF32CuDNN(false);
#ifndef ZIMG_HAS_NO_OPERATIONS
  for (const auto& [backend, operation] : kOperations) context.setFloat32Precision(backend, operation, kFull);
#endif
}

void Float32Precision::put_back(at::Context& context) const {
  context.setFloat32MatmulPrecision(name_of(of_products_));
  context.setAllowTF32CuDNN(cudnn_may_shorten_);
#ifndef ZIMG_HAS_NO_OPERATIONS
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    context.setFloat32Precision(kOperations[i].first, kOperations[i].second, of_operations_[i]);
  }
#endif
}

}  // namespace zimg::engine
