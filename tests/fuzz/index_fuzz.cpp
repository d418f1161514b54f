// An index of shards: whatever is accepted names files within its folder.
#include <cstdlib>
#include <string_view>

#include "checkpoint/shard_index.hpp"
#include "checkpoint/tensor_names.hpp"
#include "zimg/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zimg::checkpoint;
  try {
    const auto files = parse_shard_index(std::string_view(reinterpret_cast<const char*>(data), size), "the index");
    for (const auto& [tensor, file] : files) {
      if (file.empty() || file.find('/') != std::string::npos || file == "..") std::abort();
      for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) released_names(part, tensor, 4);
    }
  } catch (const zimg::Error&) {
    return 0;
  }
  return 0;
}
