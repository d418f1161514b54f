#include "checkpoint/safetensors_file.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/excerpt.hpp"
#include "base/git_lfs.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the bound of the format's own reader

std::string_view content_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

bool begins_with(const MappedFile& file, std::string_view text) {
  return content_of(file).starts_with(text);
}

// What a safetensors file begins with; fewer octets count as the lowest ones.
std::uint64_t first_number(const MappedFile& file) {
  std::uint64_t number = 0;
  for (std::size_t i = std::min<std::size_t>(file.size(), 8); i-- > 0;) {
    number = number << 8 | std::to_integer<std::uint64_t>(file.data()[i]);
  }
  return number;
}

// A zip of torch.save's, or its older form. That one begins as the lengths of some safetensors files do.
bool is_pickle(const MappedFile& file) {
  if (begins_with(file, "PK\x03\x04")) return true;
  if (!begins_with(file, "\x80\x02")) return false;
  return first_number(file) > kMaxHeaderBytes || file.size() < 9 || file.data()[8] != std::byte{'{'};
}

// The length of the JSON header, checked against the file. Names what people really have in such places.
std::uint64_t header_length(const MappedFile& file) {
  base::refuse_git_lfs_pointer(file.path(), content_of(file));
  if (is_pickle(file))
    refuse_safetensors(file.path(), "is a pickle, which zimg never reads: expected a safetensors file");
  if (begins_with(file, "GGUF")) refuse_safetensors(file.path(), "is a GGUF file, expected a safetensors file");
  if (file.size() < 8) {
    refuse_safetensors(file.path(),
                       "is cut: it holds " + std::to_string(file.size()) + " bytes, a safetensors file at least 10");
  }
  const std::uint64_t length = first_number(file);
  if (length > kMaxHeaderBytes) {
    refuse_safetensors(file.path(),
                       "is no safetensors file: it asks for a header of " + std::to_string(length) + " bytes");
  }
  if (length > file.size() - 8) {
    refuse_safetensors(file.path(), "is cut: its header takes " + std::to_string(length) + " bytes, the file holds " +
                                        std::to_string(file.size() - 8));
  }
  return length;
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::string& path) : file_(path) {
  const std::uint64_t length = header_length(file_);
  data_ = file_.data() + 8 + length;
  const std::string_view header = content_of(file_).substr(8, length);
  tensors_ = parse_safetensors_header(header, file_.size() - 8 - length, path);
}

TensorView SafetensorsFile::view(const StoredTensors::value_type& tensor) const {
  const auto& [name, stored] = tensor;
  TensorView view;
  if (stored.dtype == "F32") {
    view.dtype = DType::kF32;
  } else if (stored.dtype == "BF16") {
    view.dtype = DType::kBf16;
  } else if (stored.dtype == "F16") {
    view.dtype = DType::kF16;
  } else {
    throw Error(ErrorCode::kUnsupported, "tensor " + base::in_quotes(name) + " in '" + path() + "' is of dtype " +
                                             stored.dtype + ", expected F32, BF16 or F16");
  }
  view.name = name;
  view.shape = stored.shape;
  view.data = data_ + stored.begin;
  view.size_bytes = stored.end - stored.begin;
  return view;
}

}  // namespace zimg::checkpoint
