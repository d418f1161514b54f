#include "engine/pipeline/memory_check.hpp"

#include <ATen/Functions.h>

#include "engine/kernels/linear.hpp"
#include "engine/part_loader.hpp"
#include "engine/vae/convolution.hpp"
#include "zimg/error.hpp"

namespace zimg::engine {
namespace {

// Its context and the workspaces of its libraries, at least; and the images of the smallest picture.
constexpr std::uint64_t kTakenByCuda = 600'000'000;

// A tensor of that shape and type that takes no memory, to ask what would become of one.
at::Tensor stand_in(const checkpoint::TensorView& view, const Placement& placement) {
  return at::empty({}, at::TensorOptions().dtype(placement.dtype)).expand(view.shape);
}

// At most: not every matrix of a part is multiplied as those are that are packed. What a VAE's few 1x1 convolutions and
// matrices take where libtorch makes them in a wider type, some megabytes, is left out.
std::uint64_t octets_to_load(const checkpoint::TensorView& view, const Placement& placement, bool packs) {
  const at::Tensor loaded = stand_in(view, placement);
  if (view.shape.size() == 4 && view.shape.back() == 3) {
    return octets_of_convolution(loaded, view.name.find(".upsamplers.") != std::string::npos);
  }
  const bool is_packed = packs && view.shape.size() == 2 && kernels::packing_pays(loaded);
  if (scalar_type(view.dtype) == placement.dtype && view.is_aligned() && !is_packed) return 0;
  return static_cast<std::uint64_t>(view.elements()) * at::elementSize(placement.dtype);
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
  const bool packs = may_pack(weights);
  std::uint64_t bytes = 0;
  for (const std::string& name : weights.names()) bytes += octets_to_load(weights.stored(name), placement, packs);
  return bytes;
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

void require_memory_to_decode(const std::string& size, std::uint64_t needed, std::uint64_t available, bool may_tile) {
  if (fits(needed, available)) return;
  throw Error(ErrorCode::kOutOfMemory,
              "decoding a picture of " + size + " pixels takes " + gigabytes(needed) + ", but " + gigabytes(available) +
                  " of memory are available; " +
                  (may_tile ? "`--vae-tiling` (vae_tiling) decodes it in tiles, which take less"
                            : "a smaller size takes less"));
}

void require_device_memory(const std::string& part, std::uint64_t needed, std::uint64_t memory) {
  if (fits(needed + kTakenByCuda, memory)) return;
  throw Error(ErrorCode::kOutOfMemory, "the " + part + " takes " + gigabytes(needed) + " and CUDA itself " +
                                           gigabytes(kTakenByCuda) + " of the GPU's memory, which is " +
                                           gigabytes(memory) + " in all; `--device cpu` draws without the GPU");
}

}  // namespace zimg::engine
