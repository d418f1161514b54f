#include "checkpoint/shard_index.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "base/excerpt.hpp"
#include "base/folder_listing.hpp"
#include "base/json.hpp"
#include "checkpoint/config_fields.hpp"
#include "checkpoint/tensor_names.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxIndexBytes = 20'000'000;

bool is_pickle(const std::string& name) {
  const std::string extension = fs::path(name).extension().string();
  return extension == ".bin" || extension == ".ckpt" || extension == ".pt" || extension == ".pth" ||
         extension == ".pkl";
}

void check_file_name(const std::string& name, const std::string& tensor, const std::string& origin) {
  constexpr std::size_t kLongestName = 255;  // octets, on every file system
  const std::string place =
      origin + " places tensor " + base::in_quotes(tensor) + " in " + base::in_quotes(name) + ", ";
  if (name.empty() || name.size() > kLongestName || name.find('/') != std::string::npos ||
      name.find('\\') != std::string::npos || name.find('\0') != std::string::npos || name == "." || name == "..") {
    throw Error(ErrorCode::kBadModel, place + "which is no file name within its folder");
  }
  if (is_pickle(name)) throw Error(ErrorCode::kBadModel, place + "a pickle, which zimg never reads");
}

// The names in `folder` that end in `ending`, sorted.
std::vector<std::string> names_ending_in(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  for (const std::string& name : base::names_in_folder(folder)) {
    if (name.size() > ending.size() && name.ends_with(ending)) names.push_back(name);
  }
  return names;
}

// None where the part is one file. Where both are there, transformers takes the one file and diffusers the index.
std::optional<std::string> find_index(const std::string& folder, Part part) {
  if (part == Part::kTextEncoder && is_file(folder + "/model.safetensors")) return std::nullopt;
  const auto names = names_ending_in(folder, ".safetensors.index.json");
  if (names.size() > 1) {
    throw Error(ErrorCode::kBadModel,
                "'" + folder + "' holds two indexes, '" + names[0] + "' and '" + names[1] + "': expected one");
  }
  if (names.empty()) return std::nullopt;
  return folder + "/" + names[0];
}

std::map<std::string, std::string> read_shard_index(const std::string& path) {
  return parse_shard_index(read_model_file(path, kMaxIndexBytes), "'" + path + "'");
}

// The one file of a part that is not in shards.
std::string find_single_file(const std::string& folder) {
  for (const char* name : {"diffusion_pytorch_model.safetensors", "model.safetensors"}) {
    if (is_file(folder + "/" + name)) return folder + "/" + name;
  }
  const auto names = names_ending_in(folder, ".safetensors");
  if (names.size() == 1) return folder + "/" + names[0];
  if (names.size() > 1) {
    throw Error(ErrorCode::kBadModel, "'" + folder + "' holds '" + names[0] + "' and '" + names[1] +
                                          "' but no index that tells which to load");
  }
  for (const std::string& name : base::names_in_folder(folder)) {
    if (is_pickle(name)) {
      throw Error(ErrorCode::kBadModel,
                  "'" + folder + "/" + name + "' is a pickle, which zimg never reads: expected a safetensors file");
    }
  }
  throw Error(ErrorCode::kBadModel, "'" + folder + "' holds no safetensors file: the model folder is incomplete");
}

}  // namespace

std::map<std::string, std::string> parse_shard_index(std::string_view content, const std::string& origin) {
  const base::Json json = base::parse_json(content, origin, ErrorCode::kBadModel, {.depth = 8});
  const auto map = json.is_object() ? json.find("weight_map") : json.end();
  if (map == json.end() || !map->is_object() || map->empty()) {
    throw Error(ErrorCode::kBadModel, origin + " has no 'weight_map' of tensors to files");
  }
  std::map<std::string, std::string> files;
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string()) {
      throw Error(ErrorCode::kBadModel,
                  origin + " places tensor " + base::in_quotes(tensor) + " in something else than a file");
    }
    check_file_name(file.get_ref<const std::string&>(), tensor, origin);
    files.emplace(tensor, file.get<std::string>());
  }
  return files;
}

std::vector<std::string> find_weight_files(const std::string& folder, Part part,
                                           const std::vector<ExpectedTensor>& expected) {
  const auto index = find_index(folder, part);
  if (!index) return {find_single_file(folder)};
  const auto map = read_shard_index(*index);

  std::set<std::string> wanted;
  for (const auto& tensor : expected) {
    if (tensor.is_used) wanted.insert(tensor.name);
  }
  std::set<std::string> files;
  for (const auto& [stored, file] : map) {
    const auto names = released_names(part, stored, 0);  // indexes come with the released layout alone
    const bool is_wanted =
        std::any_of(names.begin(), names.end(), [&](const auto& released) { return wanted.count(released.name) != 0; });
    if (is_wanted) files.insert(folder + "/" + file);
  }
  std::string missing;
  for (const auto& file : files) {
    if (!is_file(file)) missing += (missing.empty() ? "'" : ", '") + file + "'";
  }
  if (!missing.empty()) {
    throw Error(ErrorCode::kBadModel,
                "missing, though '" + *index + "' names them: " + missing + "; the model folder is incomplete");
  }
  return {files.begin(), files.end()};
}

std::vector<std::string> present_shards(const std::string& folder, Part part) {
  std::set<std::string> files;
  try {
    const auto index = find_index(folder, part);
    if (!index) return {};
    for (const auto& [tensor, file] : read_shard_index(*index)) {
      if (is_file(folder + "/" + file)) files.insert(folder + "/" + file);
    }
  } catch (const Error&) {
    return {};
  }
  return {files.begin(), files.end()};
}

}  // namespace zimg::checkpoint
