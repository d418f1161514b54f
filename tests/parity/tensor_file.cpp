#include "tensor_file.hpp"

#include <ATen/Functions.h>

#include <fstream>
#include <stdexcept>

#include "base/json.hpp"

namespace zimg::parity {

void write_tensors(const std::string& path, const std::map<std::string, at::Tensor>& tensors) {
  base::Json header = base::Json::object();
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    const std::uint64_t end = offset + tensor.nbytes();
    header[name] = {{"dtype", tensor.scalar_type() == at::kByte ? "U8" : "F32"},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {offset, end}}};
    offset = end;
  }
  const std::string text = header.dump();
  const std::uint64_t length = text.size();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof(length));
  file << text;
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor whole = tensor.contiguous();
    file.write(static_cast<const char*>(whole.const_data_ptr()), static_cast<std::streamsize>(whole.nbytes()));
  }
  if (!file.flush()) throw std::runtime_error("cannot write '" + path + "'");
}

}  // namespace zimg::parity
