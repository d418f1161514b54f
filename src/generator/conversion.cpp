#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/output_path.hpp"
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
constexpr std::uint64_t kMaxCopiedBytes = 100'000'000;  // as the tokenizer's reader takes

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

fs::path without_last_slashes(fs::path path) {
  while (!path.has_filename() && path.has_relative_path()) path = path.parent_path();
  return path;
}

// Where `out` leads, as the system follows it: absolute, without links, "." and "..". What is made at the end is
// renamed to that, and nothing can be renamed over a link.
fs::path place_of(const std::string& out) {
  const fs::path place = without_last_slashes(base::resolved_path(without_last_slashes(out).string()));
  std::error_code error;
  fs::path whole = fs::canonical(place, error);
  if (error == std::errc::no_such_file_or_directory) {
    whole = fs::canonical(base::parent_of(place.string()), error) / place.filename();
  }
  if (error) throw base::system_error(ErrorCode::kIo, "cannot make the folder", out, error.value());
  return whole;
}

bool is_mount_point(const std::string& folder) {
  struct stat inside {};
  struct stat outside {};
  return ::stat(folder.c_str(), &inside) == 0 && ::stat(base::parent_of(folder).c_str(), &outside) == 0 &&
         inside.st_dev != outside.st_dev;
}

// The folder to make. Refuses now what could not be renamed over when all of the work is done.
std::string checked_output(const std::string& out) {
  if (out.empty()) refuse_output(out, "names no folder");
  const fs::path place = place_of(out);
  std::error_code error;
  if (fs::exists(place, error)) {
    if (!fs::is_directory(place, error)) refuse_output(out, "is there and is no folder");
    if (!fs::is_empty(place, error) || error) refuse_output(out, "is not empty");
    if (is_mount_point(place.string())) refuse_output(out, "is a mount point; name a folder in it");
    // It would be gone from under the process, and from under the shell that started it.
    if (place == fs::current_path(error)) refuse_output(out, "is the current folder; name it from another one");
  }
  return place.string();
}

void make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directory(path, error);
  if (error) throw Error(ErrorCode::kIo, "cannot make the folder '" + path + "': " + error.message());
}

// Beside `target`, and nobody else's: a killed process of the same number may have left one, or a container beside.
std::string make_temporary_folder(const std::string& target) {
  constexpr int kMostTries = 1000;
  const std::string folder = base::parent_of(target);
  for (int i = 0; i < kMostTries; ++i) {
    // Nothing of the target's name, which may be as long as a name may be.
    const std::string path = folder + "/.zimg-" + std::to_string(::getpid()) + "-" + std::to_string(i) + ".tmp";
    if (::mkdir(path.c_str(), 0777) == 0) return path;
    if (errno != EEXIST) throw base::system_error(ErrorCode::kIo, "cannot make the folder", target, errno);
  }
  throw Error(ErrorCode::kIo,
              "in '" + folder + "' lie 1000 folders .zimg-*.tmp that interrupted conversions left; remove them");
}

// Durably, as all that is written here: after an hour's work a loss of power should leave the model or nothing.
void write_text(const std::string& path, const std::string& text) {
  base::write_file(path, text, 0644, true);
}

void copy_file(const std::string& from, const std::string& to) {
  write_text(to, base::read_file(from, kMaxCopiedBytes, ErrorCode::kBadModel));
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
  base::sync_folder(base::parent_of(target));  // or the new name could be gone with the power
}

}  // namespace v0
}  // namespace zimg
