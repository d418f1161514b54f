// The header of a safetensors file: which tensors it says it holds, and whether that can be true.
//
// A safetensors file is a u64 little-endian header length, a JSON object {name: {dtype, shape, data_offsets}}, and the
// octets of the tensors, one after another without gaps. Free functions; errors: Error kBadModel naming file and
// tensor.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zimg::checkpoint {

struct StoredTensor {
  std::string dtype;  // as written, for example "BF16"; may be one that zimg does not read
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // octets from the start of the data
  std::uint64_t end = 0;

  std::uint64_t elements() const;
};

using StoredTensors = std::map<std::string, StoredTensor>;

// Checks that every tensor is of its shape's and dtype's size and that together they are just `data_size` octets.
// `origin` is the path that the errors name.
StoredTensors parse_safetensors_header(std::string_view header, std::uint64_t data_size, const std::string& origin);

// Throws the Error kBadModel that says what is wrong with the file: 'PATH' WHAT.
[[noreturn]] void refuse_safetensors(const std::string& path, const std::string& what);

// "[3840, 256]"
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace zimg::checkpoint
