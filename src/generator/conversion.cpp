#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/scope_exit.hpp"
#include "base/system_error.hpp"
#include "checkpoint/config_fields.hpp"
#include "checkpoint/config_writer.hpp"
#include "checkpoint/expected_tensors.hpp"
#include "checkpoint/model_folder.hpp"
#include "checkpoint/part_weights.hpp"
#include "checkpoint/tensor_names.hpp"
#include "checkpoint/weight_writer.hpp"
#include "generator/model_tokenizer.hpp"
#include "zimg/error.hpp"
#include "zimg/model.hpp"

namespace zimg {
inline namespace v0 {
namespace {

namespace fs = std::filesystem;

using checkpoint::DType;
using checkpoint::ModelFolder;
using checkpoint::Part;
using checkpoint::PartWeights;

constexpr std::uint64_t kMaxConfigBytes = 1'000'000;

DType dtype_of(WeightType type) {
  switch (type) {
    case WeightType::kFp32:
      return DType::kF32;
    case WeightType::kBf16:
      return DType::kBf16;
    case WeightType::kFp16:
      return DType::kF16;
  }
  throw Error(ErrorCode::kInvalidArgument, "weight type " + std::to_string(static_cast<int>(type)) + " is not known");
}

[[noreturn]] void refuse_output(const std::string& out, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, "the output '" + out + "' " + what);
}

// The folder to make, without a trailing slash.
std::string checked_output(const std::string& out) {
  fs::path path = fs::path(out).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  if (path.empty()) refuse_output(out, "names no folder");
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::exists(status)) {
    if (!fs::is_directory(status)) refuse_output(out, "is there and is no folder");
    if (!fs::is_empty(path, error) || error) refuse_output(out, "is not empty");
  }
  return path.string();
}

void make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directory(path, error);
  if (error) throw Error(ErrorCode::kIo, "cannot make the folder '" + path + "': " + error.message());
}

// Beside `target`, and nobody else's: a killed process of the same number may have left one, or a container beside.
std::string make_temporary_folder(const std::string& target) {
  constexpr int kMostTries = 1000;
  for (int i = 0; i < kMostTries; ++i) {
    const std::string path = target + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(i);
    if (::mkdir(path.c_str(), 0777) == 0) return path;
    if (errno != EEXIST) throw base::system_error(ErrorCode::kIo, "cannot make the folder", path, errno);
  }
  throw Error(ErrorCode::kIo,
              "beside '" + target + "' lie 1000 folders that interrupted conversions left; remove them");
}

void copy_file(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) throw Error(ErrorCode::kIo, "cannot copy '" + from + "' to '" + to + "': " + error.message());
}

void write_text(const std::string& path, const std::string& text) {
  base::write_file(path, text, 0644, true);
}

// A config as it was, but for the type that its weights now have.
std::string with_dtype(const std::string& path, DType dtype) {
  const std::string text = checkpoint::read_model_file(path, kMaxConfigBytes);
  base::Json config = base::parse_json(text, "'" + path + "'", ErrorCode::kBadModel);
  const char* name = dtype == DType::kF32 ? "float32" : dtype == DType::kBf16 ? "bfloat16" : "float16";
  for (const char* key : {"torch_dtype", "dtype"}) {
    if (config.contains(key)) config[key] = name;
  }
  return config.dump(2) + "\n";
}

std::string written_config(Part part, const checkpoint::ModelConfig& config) {
  switch (part) {
    case Part::kTextEncoder:
      return checkpoint::text_encoder_json(config.text_encoder);
    case Part::kTransformer:
      return checkpoint::transformer_json(config.transformer);
    case Part::kVae:
      return checkpoint::vae_json(config.vae);
  }
  return {};
}

// Everything but the weights.
void write_configs(const ModelFolder& model, DType dtype, const std::string& out) {
  std::map<std::string, std::string> sources;  // by role
  for (const auto& file : model.files()) sources.emplace(file.role, file.path);
  for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) {
    const auto source = sources.find(std::string(checkpoint::part_name(part)) + "/config");
    write_text(out + "/" + checkpoint::part_name(part) + "/config.json",
               source != sources.end() ? with_dtype(source->second, dtype) : written_config(part, model.config()));
  }
  make_folder(out + "/scheduler");
  const auto scheduler = sources.find("scheduler/config");
  const std::string scheduler_path = out + "/scheduler/scheduler_config.json";
  if (scheduler != sources.end()) {
    copy_file(scheduler->second, scheduler_path);
  } else {
    write_text(scheduler_path, checkpoint::scheduler_json(model.config().scheduler));
  }
  make_folder(out + "/tokenizer");
  for (const char* name : {"tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json"}) {
    const std::string source = model.tokenizer_path() + "/" + name;
    if (checkpoint::is_file(source)) copy_file(source, out + "/tokenizer/" + name);
  }
  write_text(out + "/model_index.json", checkpoint::model_index_json());
  write_text(out + "/zimg.json", checkpoint::defaults_json(model.config().defaults));
}

// The parts' weights, checked: all that their files hold.
std::map<Part, std::unique_ptr<PartWeights>> open_parts(const ModelFolder& model) {
  std::map<Part, std::unique_ptr<PartWeights>> parts;
  for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) {
    auto weights = std::make_unique<PartWeights>(part, model.stored_weight_files(part),
                                                 model.config().vae.block_out_channels.size());
    const auto problems = weights->problems(checkpoint::expected_tensors(part, model.config()), false);
    if (!problems.empty()) throw Error(ErrorCode::kBadModel, problems.front());
    parts.emplace(part, std::move(weights));
  }
  return parts;
}

}  // namespace

void convert_model(const std::string& path, const std::string& out, WeightType type,
                   const std::function<void(std::uint64_t, std::uint64_t)>& on_progress) {
  const DType dtype = dtype_of(type);
  const std::string target = checked_output(out);
  const ModelFolder model = ModelFolder::open(path);
  generator::open_model_tokenizer(model);  // only a sound model is worth rewriting
  const auto parts = open_parts(model);

  std::uint64_t total = 0;
  for (const auto& [part, weights] : parts) total += checkpoint::written_bytes(*weights, dtype);
  std::uint64_t done = 0;
  const auto advance = [&](std::uint64_t bytes) {
    done += bytes;
    if (on_progress) on_progress(done, total);
  };

  const std::string temporary = make_temporary_folder(target);
  base::ScopeExit remove_temporary([&] {
    std::error_code ignored;  // the error that brought us here is the one to tell
    fs::remove_all(temporary, ignored);
  });
  for (const auto& [part, weights] : parts) {
    const std::string folder = temporary + "/" + checkpoint::part_name(part);
    make_folder(folder);
    checkpoint::write_weights(*weights, part, dtype, folder, advance);
  }
  write_configs(model, dtype, temporary);
  std::error_code error;
  fs::rename(temporary, target, error);
  if (error) throw Error(ErrorCode::kIo, "cannot rename '" + temporary + "' to '" + target + "': " + error.message());
  remove_temporary.dismiss();
}

}  // namespace v0
}  // namespace zimg
