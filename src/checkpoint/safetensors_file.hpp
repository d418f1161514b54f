// A SafetensorsFile is one mapped safetensors file whose header was found sound.
//
// Immutable, so const-safe. Errors: Error kBadModel naming the file and what is wrong with it, kIo, kOutOfMemory.
#pragma once

#include <memory>
#include <string>

#include "checkpoint/mapped_file.hpp"
#include "checkpoint/safetensors_header.hpp"
#include "checkpoint/tensor_view.hpp"

namespace zimg::checkpoint {

class SafetensorsFile {
 public:
  // Maps `path` and checks its header; touches no tensor.
  explicit SafetensorsFile(const std::string& path);

  const std::string& path() const { return file_.path(); }
  const MappedFile& mapped() const { return file_; }
  const StoredTensors& tensors() const { return tensors_; }

  // The tensor where it lies; a writer that did not pad its header leaves it unaligned. Throws kUnsupported when its
  // dtype is not F32, BF16 or F16.
  TensorView view(const StoredTensors::value_type& tensor) const;

 private:
  MappedFile file_;
  const std::byte* data_ = nullptr;  // past the header
  StoredTensors tensors_;
};

}  // namespace zimg::checkpoint
