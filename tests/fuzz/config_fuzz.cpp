// The config files, the first octet choosing which: whatever is accepted has tensors of countable sizes.
#include "checkpoint/config_reader.hpp"
#include "checkpoint/expected_tensors.hpp"
#include "memory_file.hpp"
#include "zimg/error.hpp"

namespace {

using namespace zimg::checkpoint;

void check_sizes(Part part, const ModelConfig& config) {
  for (const auto& tensor : expected_tensors(part, config)) {
    std::int64_t count = 1;
    for (const std::int64_t extent : tensor.shape) {
      if (extent < 0 || __builtin_mul_overflow(count, extent, &count)) std::abort();
    }
  }
}

void read(unsigned which, const std::string& path) {
  ModelConfig config;
  switch (which) {
    case 0:
      config.text_encoder = read_text_encoder_config(path);
      return check_sizes(Part::kTextEncoder, config);
    case 1:
      config.transformer = read_transformer_config(path);
      return check_sizes(Part::kTransformer, config);
    case 2:
      config.vae = read_vae_config(path);
      return check_sizes(Part::kVae, config);
    case 3:
      config.scheduler = read_scheduler_config(path);
      if (!(config.scheduler.shift > 0)) std::abort();
      return;
    default:
      config.defaults = read_defaults({path, "fuzz"}, config);
      if (config.defaults.width % config.size_step() != 0 || config.defaults.steps == 0) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const zimg_test::MemoryFile file(data + 1, size - 1);
  try {
    read(data[0] % 5, file.path());
  } catch (const zimg::Error&) {
    return 0;
  }
  return 0;
}
