#include "checkpoint/part_weights.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>

#include "base/excerpt.hpp"
#include "checkpoint/tensor_names.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

using base::in_quotes;
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

// What is drawn with. An autoencoder's other half and a language model's head are no contradiction.
bool is_of_layers(const std::string& name) {
  constexpr std::array<std::string_view, 5> kStacks{"noise_refiner.", "context_refiner.", "layers.", "model.layers.",
                                                    "decoder."};
  return std::any_of(kStacks.begin(), kStacks.end(), [&](std::string_view stack) { return name.starts_with(stack); });
}

// Of "decoder.up_blocks.0.resnets.1.conv1.weight" the two "decoder.up_blocks.0." and "decoder.up_blocks.0.resnets.1.".
std::vector<std::string> layers_of(const std::string& name) {
  std::vector<std::string> layers;
  std::size_t begin = 0;
  for (std::size_t end = name.find('.'); end != std::string::npos; begin = end + 1, end = name.find('.', begin)) {
    const bool is_number = end > begin && std::all_of(name.begin() + static_cast<std::ptrdiff_t>(begin),
                                                      name.begin() + static_cast<std::ptrdiff_t>(end),
                                                      [](unsigned char c) { return std::isdigit(c) != 0; });
    if (is_number) layers.push_back(name.substr(0, end + 1));
  }
  return layers;
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
      throw Error(ErrorCode::kBadModel, "tensor " + in_quotes(stored_name) + " in '" + file.path() + "' is " +
                                            shape_text(stored.shape) + ", expected three matrices one below the other");
    }
    const auto [place, is_new] =
        places_.emplace(name, Place{&file, &tensor, third, released_shape(name, stored.shape, third)});
    if (!is_new) {
      throw Error(ErrorCode::kBadModel, "tensor " + in_quotes(name) + " is both in '" + place->second.file->path() +
                                            "' and in '" + file.path() + "'");
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
    throw Error(ErrorCode::kBadModel, "tensor " + in_quotes(name) + " is missing from " + file_names());
  }
  return view(name, place->second);
}

TensorView PartWeights::tensor(const std::string& name, const Shape& shape) const {
  TensorView found = stored(name);
  if (found.shape != shape) {
    throw Error(ErrorCode::kBadModel, "tensor " + in_quotes(name) + " in '" + file_of(name) + "' is " +
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

const std::string& PartWeights::file_of(const std::string& name) const {
  return places_.at(name).file->path();
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

std::vector<std::string> PartWeights::surplus_layers(const std::vector<ExpectedTensor>& expected) const {
  std::set<std::string> known;
  for (const ExpectedTensor& tensor : expected) {
    for (std::string& layer : layers_of(tensor.name)) known.insert(std::move(layer));
  }
  std::vector<std::string> surplus;
  for (const auto& [name, place] : places_) {
    if (!is_of_layers(name)) continue;
    for (const std::string& layer : layers_of(name)) {
      if (!known.insert(layer).second) continue;
      surplus.push_back("tensor " + in_quotes(name) + " in '" + place.file->path() +
                        "' is of a layer that the model's config does not have");
      break;
    }
  }
  return surplus;
}

std::vector<std::string> PartWeights::lacking_layers(const std::vector<ExpectedTensor>& expected) const {
  const ExpectedTensor* behind = nullptr;  // the layers: a norm
  const ExpectedTensor* missing = nullptr;
  for (const ExpectedTensor& tensor : expected) {
    if (tensor.is_used) continue;
    if (!is_of_layers(tensor.name)) {
      behind = &tensor;
    } else if (has(tensor.name)) {
      return {};  // the rest may be in a shard of which nothing is used
    } else if (missing == nullptr) {
      missing = &tensor;
    }
  }
  if (behind == nullptr || missing == nullptr || !has(behind->name)) return {};
  return {"tensor '" + missing->name + "' and its whole layer are missing from " + file_names() + ", but '" +
          behind->name + "' behind them is there; expected both or neither by the model's config"};
}

void PartWeights::keep_used(const std::vector<ExpectedTensor>& expected) {
  if (const auto lacking = lacking_layers(expected); !lacking.empty())
    throw Error(ErrorCode::kBadModel, lacking.front());
  if (const auto surplus = surplus_layers(expected); !surplus.empty()) {
    throw Error(ErrorCode::kBadModel, surplus.front());
  }
  std::map<std::string, Place> kept;
  for (const auto& [name, shape, is_used] : expected) {
    if (!is_used) continue;
    tensor(name, shape);
    kept.insert(places_.extract(name));
  }
  places_ = std::move(kept);
}

std::vector<std::string> PartWeights::problems(const std::vector<ExpectedTensor>& expected, bool may_lack) const {
  std::vector<std::string> problems = surplus_layers(expected);
  if (const auto lacking = lacking_layers(expected); !may_lack) {
    problems.insert(problems.end(), lacking.begin(), lacking.end());
  }
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
