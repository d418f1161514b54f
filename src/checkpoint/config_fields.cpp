#include "checkpoint/config_fields.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cmath>
#include <utility>

#include "base/excerpt.hpp"
#include "base/file.hpp"
#include "base/git_lfs.hpp"
#include "base/system_error.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

using base::Json;

constexpr std::uint64_t kMaxConfigBytes = 1'000'000;

std::string number_text(double value) {
  return Json(value).dump();
}

// A value as an error shows it: short, whatever it is.
std::string shown(const Json& value) {
  return base::excerpt(value.dump(-1, ' ', true, Json::error_handler_t::replace));
}

// 0 where there is nothing. What cannot be looked at is not nothing: the model may be there.
mode_t mode_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status.st_mode;
  if (errno == ENOENT || errno == ENOTDIR) return 0;
  throw base::system_error(ErrorCode::kIo, "cannot look at", path, errno);
}

}  // namespace

std::string read_model_file(const std::string& path, std::uint64_t max_bytes) {
  try {
    std::string content = base::read_file(path, max_bytes, ErrorCode::kBadModel);
    base::refuse_git_lfs_pointer(path, content);
    return content;
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kNotFound) throw;
    throw Error(ErrorCode::kBadModel, "'" + path + "' is missing: the model folder is incomplete");
  }
}

bool is_file(const std::string& path) {
  return S_ISREG(mode_of(path));
}

bool is_folder(const std::string& path) {
  return S_ISDIR(mode_of(path));
}

ConfigFields ConfigFields::open(const std::string& path) {
  const std::string content = read_model_file(path, kMaxConfigBytes);
  return ConfigFields(base::parse_json(content, "'" + path + "'", ErrorCode::kBadModel), "'" + path + "'");
}

ConfigFields::ConfigFields(Json object, std::string origin) : object_(std::move(object)), origin_(std::move(origin)) {
  if (!object_.is_object()) throw Error(ErrorCode::kBadModel, origin_ + " is no JSON object");
}

const Json* ConfigFields::find(const std::string& key) const {
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool ConfigFields::has(const std::string& key) const {
  return find(key) != nullptr;
}

void ConfigFields::refuse(const std::string& key, const std::string& expected) const {
  const Json* value = find(key);
  throw Error(ErrorCode::kBadModel,
              origin_ + (value == nullptr ? " has no '" + key + "'" : " gives '" + key + "' as " + shown(*value)) +
                  ", expected " + expected);
}

std::int64_t ConfigFields::integer(const std::string& key, std::optional<std::int64_t> fallback, std::int64_t least,
                                   std::int64_t most) const {
  const std::string expected = "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  const Json* value = find(key);
  if (value == nullptr && fallback) return *fallback;
  if (value == nullptr || !value->is_number_integer()) refuse(key, expected);
  const bool fits =
      !value->is_number_unsigned() || value->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX);
  if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) refuse(key, expected);
  return value->get<std::int64_t>();
}

double ConfigFields::real(const std::string& key, std::optional<double> fallback, double least, double most) const {
  const std::string expected = "a number from " + number_text(least) + " to " + number_text(most);
  const Json* value = find(key);
  if (value == nullptr && fallback) return *fallback;
  if (value == nullptr || !value->is_number()) refuse(key, expected);
  const double number = value->get<double>();
  if (!std::isfinite(number) || number < least || number > most) refuse(key, expected);
  return number;
}

bool ConfigFields::boolean(const std::string& key, bool fallback) const {
  const Json* value = find(key);
  if (value == nullptr) return fallback && !object_.contains(key);
  if (!value->is_boolean()) refuse(key, "true or false");
  return value->get<bool>();
}

std::string ConfigFields::text(const std::string& key, const std::string& fallback) const {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_string()) refuse(key, "a string");
  return value->get<std::string>();
}

std::vector<std::int64_t> ConfigFields::integers(const std::string& key,
                                                 std::optional<std::vector<std::int64_t>> fallback, std::int64_t least,
                                                 std::int64_t most) const {
  const std::string expected = "a list of integers from " + std::to_string(least) + " to " + std::to_string(most);
  const Json* value = find(key);
  if (value == nullptr && fallback) return *fallback;
  if (value == nullptr || !value->is_array() || value->empty() || value->size() > 16) refuse(key, expected);
  std::vector<std::int64_t> numbers;
  for (const Json& entry : *value) {
    const double number = entry.is_number_integer() ? entry.get<double>() : std::nan("");
    if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most))) refuse(key, expected);
    numbers.push_back(entry.get<std::int64_t>());
  }
  return numbers;
}

std::optional<ConfigFields> ConfigFields::object(const std::string& key) const {
  const Json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) refuse(key, "an object");
  return ConfigFields(*value, origin_ + " under '" + key + "'");
}

void ConfigFields::expect(const std::string& key, const Json& value) const {
  const Json* found = find(key);
  if (found == nullptr || *found == value) return;
  throw Error(ErrorCode::kUnsupported,
              origin_ + " gives '" + key + "' as " + shown(*found) + ", zimg knows only " + shown(value));
}

}  // namespace zimg::checkpoint
