#include "checkpoint/weight_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/excerpt.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/system_error.hpp"
#include "checkpoint/number_cast.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

using base::Json;
using Shard = std::vector<TensorView>;

std::uint64_t bytes_as(const TensorView& tensor, DType dtype) {
  return static_cast<std::uint64_t>(tensor.elements()) * size_of(dtype);
}

std::vector<Shard> plan_shards(const PartWeights& weights, DType dtype, std::uint64_t max_bytes) {
  std::vector<Shard> shards(1);
  std::uint64_t bytes = 0;
  for (TensorView& tensor : weights.tensors()) {
    const std::uint64_t size = bytes_as(tensor, dtype);
    if (!shards.back().empty() && bytes + size > max_bytes) {
      shards.emplace_back();
      bytes = 0;
    }
    bytes += size;
    shards.back().push_back(std::move(tensor));
  }
  return shards;
}

std::string base_name(Part part) {
  return part == Part::kTextEncoder ? "model" : "diffusion_pytorch_model";
}

std::string shard_name(Part part, std::size_t number, std::size_t count) {
  if (count == 1) return base_name(part) + ".safetensors";
  std::array<char, 64> suffix{};
  std::snprintf(suffix.data(), suffix.size(), "-%05zu-of-%05zu.safetensors", number + 1, count);
  return base_name(part) + suffix.data();
}

// The length and the JSON object, padded so that the tensors begin at a multiple of 8.
std::string header_of(const Shard& shard, DType dtype) {
  Json header{{"__metadata__", {{"format", "pt"}}}};
  std::uint64_t at = 0;
  for (const TensorView& tensor : shard) {
    const std::uint64_t end = at + bytes_as(tensor, dtype);
    header[tensor.name] = {{"dtype", dtype_name(dtype)}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string json = header.dump();
  json.resize((json.size() + 7) / 8 * 8, ' ');
  std::string length(8, '\0');
  for (unsigned i = 0; i < 8; ++i) length[i] = static_cast<char>(json.size() >> (8 * i) & 0xFF);
  return length + json;
}

// A new file; it is written from begin to end.
class OutputFile {
 public:
  explicit OutputFile(std::string path) : path_(std::move(path)) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd_ < 0) throw base::system_error(ErrorCode::kIo, "cannot write", path_, errno);
  }
  ~OutputFile() { ::close(fd_); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
      const ssize_t written = ::write(fd_, at, size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw base::system_error(ErrorCode::kIo, "cannot write", path_, errno);
      at += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  void sync() {
    if (::fsync(fd_) != 0) throw base::system_error(ErrorCode::kIo, "cannot sync", path_, errno);
  }

 private:
  std::string path_;
  int fd_ = -1;
};

[[noreturn]] void refuse_numbers(const std::string& name, const std::string& path, DType dtype) {
  throw Error(ErrorCode::kInvalidArgument, "tensor " + base::in_quotes(name) + " in '" + path +
                                               "' holds numbers that are too large for " + dtype_name(dtype) +
                                               ", expected " + (dtype == DType::kF16 ? "BF16 or F32" : "F32"));
}

void write_tensor(const PartWeights& weights, const TensorView& tensor, DType dtype, OutputFile& file,
                  const std::function<void(std::uint64_t)>& advance) {
  constexpr std::size_t kChunk = std::size_t{1} << 21;  // numbers at a time
  std::vector<std::byte> buffer;
  const auto count = static_cast<std::size_t>(tensor.elements());
  for (std::size_t done = 0; done < count; done += kChunk) {
    const std::size_t now = std::min(kChunk, count - done);
    buffer.resize(now * size_of(dtype));
    if (!cast_numbers(tensor.data + done * size_of(tensor.dtype), tensor.dtype, buffer.data(), dtype, now)) {
      refuse_numbers(tensor.name, weights.file_of(tensor.name), dtype);
    }
    file.write(buffer.data(), buffer.size());
    advance(buffer.size());
  }
}

}  // namespace

std::uint64_t written_bytes(const PartWeights& weights, DType dtype) {
  std::uint64_t bytes = 0;
  for (const TensorView& tensor : weights.tensors()) bytes += bytes_as(tensor, dtype);
  return bytes;
}

void write_weights(const PartWeights& weights, Part part, DType dtype, const std::string& folder,
                   const std::function<void(std::uint64_t)>& advance, std::uint64_t max_shard_bytes) {
  const std::vector<Shard> shards = plan_shards(weights, dtype, max_shard_bytes);
  Json map = Json::object();
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const std::string name = shard_name(part, i, shards.size());
    OutputFile file(folder + "/" + name);
    const std::string header = header_of(shards[i], dtype);
    file.write(header.data(), header.size());
    for (const TensorView& tensor : shards[i]) {
      write_tensor(weights, tensor, dtype, file, advance);
      map[tensor.name] = name;
    }
    file.sync();
  }
  if (shards.size() == 1) return;
  const Json index{{"metadata", {{"total_size", written_bytes(weights, dtype)}}}, {"weight_map", map}};
  base::write_file(folder + "/" + base_name(part) + ".safetensors.index.json", index.dump(2) + "\n", 0644, true);
}

}  // namespace zimg::checkpoint
