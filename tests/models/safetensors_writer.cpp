#include "models/safetensors_writer.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/json.hpp"

namespace zimg_test {
namespace {

using zimg::base::Json;

// Where each tensor lies, in the order given, and the length of all data.
std::string header_of(const std::vector<ExpectedTensor>& tensors, DType dtype, std::uint64_t& data_size) {
  Json header = Json::object();
  data_size = 0;
  for (const ExpectedTensor& tensor : tensors) {
    std::uint64_t size = zimg::checkpoint::size_of(dtype);
    for (const std::int64_t extent : tensor.shape) size *= static_cast<std::uint64_t>(extent);
    header[tensor.name] = {{"dtype", zimg::checkpoint::dtype_name(dtype)},
                           {"shape", tensor.shape},
                           {"data_offsets", {data_size, data_size + size}}};
    data_size += size;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // as the format's own writer aligns the data
  return text;
}

void write_header(std::ofstream& file, const std::string& header) {
  std::array<char, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
  file.write(length.data(), length.size());
  file.write(header.data(), static_cast<std::streamsize>(header.size()));
}

void close(std::ofstream& file, const std::string& path) {
  file.close();
  if (!file) throw std::runtime_error("cannot write '" + path + "'");
}

}  // namespace

void write_zeros(const std::string& path, const std::vector<ExpectedTensor>& tensors, DType dtype) {
  std::uint64_t data_size = 0;
  const std::string header = header_of(tensors, dtype, data_size);
  std::ofstream file(path, std::ios::binary);
  write_header(file, header);
  close(file, path);
  std::filesystem::resize_file(path, 8 + header.size() + data_size);
}

void write_values(const std::string& path, const std::vector<ExpectedTensor>& tensors,
                  const std::function<std::vector<float>(const ExpectedTensor&)>& values) {
  std::uint64_t data_size = 0;
  std::ofstream file(path, std::ios::binary);
  write_header(file, header_of(tensors, DType::kF32, data_size));
  for (const ExpectedTensor& tensor : tensors) {
    const std::vector<float> numbers = values(tensor);
    file.write(reinterpret_cast<const char*>(numbers.data()),
               static_cast<std::streamsize>(numbers.size() * sizeof(float)));
  }
  close(file, path);
}

}  // namespace zimg_test
