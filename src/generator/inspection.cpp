#include <array>
#include <exception>
#include <set>
#include <utility>

#include "base/file.hpp"
#include "checkpoint/expected_tensors.hpp"
#include "checkpoint/findings.hpp"
#include "checkpoint/model_folder.hpp"
#include "checkpoint/model_identity.hpp"
#include "checkpoint/part_weights.hpp"
#include "checkpoint/tensor_names.hpp"
#include "generator/model_tokenizer.hpp"
#include "zimg/model.hpp"

namespace zimg {
inline namespace v0 {
namespace {

using checkpoint::Findings;
using checkpoint::HashingProgress;
using checkpoint::ModelFolder;
using checkpoint::Part;
using checkpoint::PartWeights;
using checkpoint::SafetensorsFile;

// The files whose headers are sound; the others become problems.
std::vector<std::string> sound_files(const std::vector<std::string>& files, const Findings& findings) {
  std::vector<std::string> sound;
  for (const auto& file : files) {
    findings.attempt([&] {
      const SafetensorsFile checked(file);
      sound.push_back(checked.path());
    });
  }
  return sound;
}

void count_tensors(const PartWeights& weights, const Findings& findings, ModelPart& part) {
  std::set<std::string> dtypes;
  for (const auto& name : weights.names()) {
    ++part.tensors;
    findings.attempt([&] {
      const auto tensor = weights.stored(name);
      part.parameters += static_cast<std::uint64_t>(tensor.elements());
      part.bytes += tensor.size_bytes;
      dtypes.insert(checkpoint::dtype_name(tensor.dtype));
    });
  }
  for (const auto& dtype : dtypes) part.dtypes += (part.dtypes.empty() ? "" : ", ") + dtype;
}

// `is_config_sound`: whether the config can be believed, without which no shape is right or wrong.
ModelPart inspect_part(Part part, const ModelFolder& model, bool is_config_sound, std::vector<std::string>& problems) {
  const Findings findings(&problems);
  ModelPart facts;
  facts.role = checkpoint::part_name(part);
  facts.files = model.stored_weight_files(part);
  const auto sound = sound_files(facts.files, findings);
  if (sound.empty()) return facts;
  findings.attempt([&] {
    const PartWeights weights(part, sound, model.config().vae.block_out_channels.size());
    std::vector<std::string> unread;  // of a dtype that is not read: told by the check of the names below
    count_tensors(weights, Findings(&unread), facts);
    if (!is_config_sound) return;
    const auto expected = checkpoint::expected_tensors(part, model.config());
    auto found = weights.problems(expected, sound.size() < facts.files.size());
    problems.insert(problems.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  });
  return facts;
}

// Empty where a file cannot be read.
std::string identity_of(const ModelFolder& model, const HashingProgress& on_hashing, const Findings& findings) {
  std::string identity;
  std::exception_ptr thrown;  // by `on_hashing`, and so no finding even where it is an Error
  const auto tell = [&](std::uint64_t done, std::uint64_t total) {
    try {
      if (on_hashing) on_hashing(done, total);
    } catch (...) {
      thrown = std::current_exception();
      throw;
    }
  };
  findings.attempt([&] {
    const std::string home = base::cache_home();
    const auto hashed = checkpoint::identify(model.files(), home.empty() ? "" : home + "/digests", tell);
    identity = base::hex_of(hashed.digest);
  });
  if (thrown) std::rethrow_exception(thrown);
  return identity;
}

}  // namespace

ModelInspection inspect_model(const std::string& path, bool with_identity, const HashingProgress& on_hashing) {
  ModelInspection inspection;
  const ModelFolder model = ModelFolder::inspect(path, &inspection.problems);
  const bool is_config_sound = inspection.problems.empty();
  const checkpoint::ModelConfig& config = model.config();
  inspection.path = model.path();
  inspection.layout = model.layout();
  if (model.layout().empty()) return inspection;
  inspection.name = config.defaults.name;
  inspection.width = config.defaults.width;
  inspection.height = config.defaults.height;
  inspection.size_step = config.size_step();
  inspection.max_side = config.max_side();
  inspection.steps = config.defaults.steps;
  inspection.guidance = config.defaults.guidance;
  inspection.shift = config.scheduler.shift;
  for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) {
    inspection.parts.push_back(inspect_part(part, model, is_config_sound, inspection.problems));
  }
  const Findings findings(&inspection.problems);
  if (is_config_sound) findings.attempt([&] { generator::open_model_tokenizer(model); });
  if (with_identity) inspection.identity = identity_of(model, on_hashing, findings);
  return inspection;
}

}  // namespace v0
}  // namespace zimg
