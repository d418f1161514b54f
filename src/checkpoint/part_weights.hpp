// PartWeights are the tensors of one part in one or several safetensors files of any packaging, under released names.
//
// Immutable after construction, so const-safe. Nothing is copied: fused matrices are handed out as views of their rows,
// and what its file leaves unaligned is so in its view too. Errors: as SafetensorsFile; kBadModel when two files hold
// the same tensor.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/expected_tensors.hpp"
#include "checkpoint/safetensors_file.hpp"
#include "checkpoint/weights.hpp"

namespace zimg::checkpoint {

class PartWeights final : public Weights {
 public:
  // `vae_blocks` as in released_names.
  PartWeights(Part part, const std::vector<std::string>& paths, std::size_t vae_blocks);

  TensorView tensor(const std::string& name, const std::vector<std::int64_t>& shape) const override;
  bool has(const std::string& name) const override;
  std::vector<std::string> names() const override;
  void release(const std::string& name) const override;
  // Throws kUnsupported when one of them is of a dtype that zimg does not read.
  std::vector<TensorView> tensors() const override;

  // Forgets what is not used by `expected`, and throws what problems() would tell first of what is.
  void keep_used(const std::vector<ExpectedTensor>& expected);

  TensorView stored(const std::string& name) const override;

  // The path of the file that holds `name`, which is one of names().
  const std::string& file_of(const std::string& name) const;

  // What keeps `expected` from being read, one sentence each. Unused tensors may be absent, but not of
  // other shapes; with `may_lack` (files are known to be damaged) so may any. Layers that are not expected are told
  // too: a config of fewer than there are, or of one more, would draw something else.
  std::vector<std::string> problems(const std::vector<ExpectedTensor>& expected, bool may_lack) const;

 private:
  struct Place {
    const SafetensorsFile* file = nullptr;
    const StoredTensors::value_type* tensor = nullptr;
    int third = -1;
    std::vector<std::int64_t> shape;  // as the released layout has it
  };

  void add(Part part, const SafetensorsFile& file, const StoredTensors::value_type& tensor, std::size_t vae_blocks);
  TensorView view(const std::string& name, const Place& place) const;
  std::string file_names() const;
  std::vector<std::string> surplus_layers(const std::vector<ExpectedTensor>& expected) const;
  std::vector<std::string> lacking_layers(const std::vector<ExpectedTensor>& expected) const;

  std::vector<std::unique_ptr<const SafetensorsFile>> files_;
  std::map<std::string, Place> places_;
};

}  // namespace zimg::checkpoint
