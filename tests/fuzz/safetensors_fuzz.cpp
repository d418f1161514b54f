// A whole safetensors file: whatever is accepted can be read to its last octet, in every part's naming.
#include "checkpoint/derived_config.hpp"
#include "checkpoint/part_weights.hpp"
#include "memory_file.hpp"
#include "zimg/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zimg::checkpoint;
  const zimg_test::MemoryFile file(data, size);
  for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) {
    try {
      const std::size_t blocks = count_vae_blocks(SafetensorsFile(file.path()).tensors());
      const PartWeights weights(part, {file.path()}, blocks);
      unsigned sum = 0;
      for (const TensorView& tensor : weights.tensors()) {
        if (tensor.size_bytes != static_cast<std::uint64_t>(tensor.elements()) * size_of(tensor.dtype)) std::abort();
        for (std::size_t i = 0; i < tensor.size_bytes; ++i) sum += std::to_integer<unsigned>(tensor.data[i]);
      }
      volatile unsigned kept = sum;  // every octet was touched
      static_cast<void>(kept);
      if (part == Part::kTextEncoder) derive_text_encoder_config(weights);
      if (part == Part::kTransformer) derive_transformer_config(weights);
      if (part == Part::kVae) derive_vae_config(weights);
    } catch (const zimg::Error&) {
      continue;
    }
  }
  return 0;
}
