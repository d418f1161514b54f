#include "checkpoint/part_weights.hpp"

#include <utility>

#include "checkpoint/tensor_names.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

using Shape = std::vector<std::int64_t>;

bool ends_with_ones(const Shape& shape) {
  return shape.size() == 4 && shape[2] == 1 && shape[3] == 1;
}

// The shape that the released layout gives to what is stored as `shape`: some writers drop the pad tokens' leading 1,
// LDM keeps attention matrices as 1x1 convolutions, fused matrices hold three.
Shape released_shape(const std::string& name, Shape shape, int third) {
  if ((name == "x_pad_token" || name == "cap_pad_token") && shape.size() == 1) shape.insert(shape.begin(), 1);
  if (name.find(".attentions.0.to_") != std::string::npos && ends_with_ones(shape)) shape.resize(2);
  if (third >= 0 && !shape.empty()) shape[0] /= 3;
  return shape;
}

}  // namespace

PartWeights::PartWeights(Part part, const std::vector<std::string>& paths, std::size_t vae_blocks) {
  for (const auto& path : paths) {
    files_.push_back(std::make_unique<SafetensorsFile>(path));
    for (const auto& tensor : files_.back()->tensors()) add(part, *files_.back(), tensor, vae_blocks);
  }
}

void PartWeights::add(Part part, const SafetensorsFile& file, const StoredTensors::value_type& tensor,
                      std::size_t vae_blocks) {
  const auto& [stored_name, stored] = tensor;
  for (const auto& [name, third] : released_names(part, stored_name, vae_blocks)) {
    if (third >= 0 && (stored.shape.size() != 2 || stored.shape[0] % 3 != 0)) {
      throw Error(ErrorCode::kBadModel, "tensor '" + stored_name + "' in '" + file.path() + "' is " +
                                            shape_text(stored.shape) + ", expected three matrices one below the other");
    }
    const auto [place, is_new] =
        places_.emplace(name, Place{&file, &tensor, third, released_shape(name, stored.shape, third)});
    if (!is_new) {
      throw Error(ErrorCode::kBadModel,
                  "tensor '" + name + "' is both in '" + place->second.file->path() + "' and in '" + file.path() + "'");
    }
  }
}

TensorView PartWeights::view(const std::string& name, const Place& place) const {
  TensorView view = place.file->view(*place.tensor);
  view.name = name;
  view.shape = place.shape;
  if (place.third >= 0) {
    view.size_bytes /= 3;
    view.data += static_cast<std::size_t>(place.third) * view.size_bytes;
  }
  return view;
}

std::string PartWeights::file_names() const {
  std::string names;
  for (const auto& file : files_) names += (names.empty() ? "'" : ", '") + file->path() + "'";
  return names;
}

TensorView PartWeights::stored(const std::string& name) const {
  const auto place = places_.find(name);
  if (place == places_.end()) {
    throw Error(ErrorCode::kBadModel, "tensor '" + name + "' is missing from " + file_names());
  }
  return view(name, place->second);
}

TensorView PartWeights::tensor(const std::string& name, const Shape& shape) const {
  TensorView found = stored(name);
  if (found.shape != shape) {
    throw Error(ErrorCode::kBadModel, "tensor '" + name + "' in '" + places_.at(name).file->path() + "' is " +
                                          shape_text(found.shape) + ", expected " + shape_text(shape) +
                                          " by the model's config");
  }
  return found;
}

bool PartWeights::has(const std::string& name) const {
  return places_.count(name) != 0;
}

std::vector<std::string> PartWeights::names() const {
  std::vector<std::string> names;
  for (const auto& [name, place] : places_) names.push_back(name);
  return names;
}

void PartWeights::release(const std::string& name) const {
  const TensorView found = stored(name);
  places_.at(name).file->mapped().release(found.data, found.size_bytes);
}

std::vector<TensorView> PartWeights::tensors() const {
  std::vector<TensorView> tensors;
  for (const auto& [name, place] : places_) tensors.push_back(view(name, place));
  return tensors;
}

void PartWeights::keep_used(const std::vector<ExpectedTensor>& expected) {
  std::map<std::string, Place> kept;
  for (const auto& [name, shape, is_used] : expected) {
    if (!is_used) continue;
    tensor(name, shape);
    kept.insert(places_.extract(name));
  }
  places_ = std::move(kept);
}

std::vector<std::string> PartWeights::problems(const std::vector<ExpectedTensor>& expected, bool may_lack) const {
  std::vector<std::string> problems;
  for (const auto& [name, shape, is_used] : expected) {
    if ((may_lack || !is_used) && !has(name)) continue;
    try {
      tensor(name, shape);
    } catch (const Error& e) {
      problems.emplace_back(e.what());
    }
  }
  return problems;
}

}  // namespace zimg::checkpoint
