#include "engine/pipeline/memory_check.hpp"

#include <fstream>

#include "zimg/error.hpp"

namespace zimg::engine {
namespace {

bool is_used_in_place(checkpoint::DType stored, at::ScalarType computed) {
  switch (stored) {
    case checkpoint::DType::kF32:
      return computed == at::kFloat;
    case checkpoint::DType::kBf16:
      return computed == at::kBFloat16;
    case checkpoint::DType::kF16:
      return computed == at::kHalf;
  }
  return false;
}

std::string gigabytes(std::uint64_t bytes) {
  const std::uint64_t tenths = bytes / 100'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

}  // namespace

std::uint64_t bytes_in_all(const checkpoint::Weights& weights, const Placement& placement) {
  std::uint64_t elements = 0;
  for (const std::string& name : weights.names()) {
    elements += static_cast<std::uint64_t>(weights.stored(name).elements());
  }
  return elements * at::elementSize(placement.dtype);
}

std::uint64_t bytes_to_load(const checkpoint::Weights& weights, const Placement& placement) {
  if (!placement.device.is_cpu()) return 0;
  std::uint64_t bytes = 0;
  for (const std::string& name : weights.names()) {
    const checkpoint::TensorView view = weights.stored(name);
    if (is_used_in_place(view.dtype, placement.dtype)) continue;
    bytes += static_cast<std::uint64_t>(view.elements()) * at::elementSize(placement.dtype);
  }
  return bytes;
}

std::uint64_t available_memory() {
  std::ifstream info("/proc/meminfo");
  for (std::string word; info >> word;) {
    std::uint64_t kibibytes = 0;
    if (word == "MemAvailable:" && info >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

bool fits(std::uint64_t needed, std::uint64_t available) {
  return available == 0 || needed <= available;
}

void require_memory(const std::string& part, std::uint64_t needed, std::uint64_t available) {
  if (fits(needed, available)) return;
  throw Error(ErrorCode::kOutOfMemory,
              "the " + part + " takes " + gigabytes(needed) +
                  " once converted to the precision it is computed in, but " + gigabytes(available) +
                  " of memory are available; `zimg convert` rewrites a model so that it is used in place");
}

void require_device_memory(const std::string& part, std::uint64_t needed, std::uint64_t memory) {
  if (fits(needed, memory)) return;
  throw Error(ErrorCode::kOutOfMemory, "the " + part + " takes " + gigabytes(needed) +
                                           " of the GPU's memory, which is " + gigabytes(memory) +
                                           " in all; `--device cpu` draws without the GPU");
}

}  // namespace zimg::engine
