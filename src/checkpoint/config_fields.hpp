// ConfigFields reads the values of one JSON config by key, each within bounds, and says in a sentence what is wrong.
//
// One thread at a time. Errors: Error kBadModel naming file and key (missing, another type, out of bounds),
// kUnsupported for a sound value that zimg does not implement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace zimg::checkpoint {

// The contents of a file of the model; a file that is not there, or of which a Git LFS pointer is there, is kBadModel:
// the model is incomplete.
std::string read_model_file(const std::string& path, std::uint64_t max_bytes);

bool is_file(const std::string& path);
bool is_folder(const std::string& path);

class ConfigFields {
 public:
  // Reads the file; it must hold a JSON object.
  static ConfigFields open(const std::string& path);
  ConfigFields(base::Json object, std::string origin);  // `origin`: what the errors name, for example a path

  const std::string& origin() const { return origin_; }

  bool has(const std::string& key) const;  // and is not null

  // A key that is absent or null gives `fallback`; nullopt as fallback makes the key required. A boolean that is null
  // is false, as in Python.
  std::int64_t integer(const std::string& key, std::optional<std::int64_t> fallback, std::int64_t least,
                       std::int64_t most) const;
  double real(const std::string& key, std::optional<double> fallback, double least, double most) const;
  bool boolean(const std::string& key, bool fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  std::vector<std::int64_t> integers(const std::string& key, std::optional<std::vector<std::int64_t>> fallback,
                                     std::int64_t least, std::int64_t most) const;
  // The object under `key`; nullopt when absent or null.
  std::optional<ConfigFields> object(const std::string& key) const;

  // Throws kUnsupported unless `key` is absent, null or equal to `value`.
  void expect(const std::string& key, const base::Json& value) const;

  [[noreturn]] void refuse(const std::string& key, const std::string& expected) const;

 private:
  const base::Json* find(const std::string& key) const;

  base::Json object_;
  std::string origin_;
};

}  // namespace zimg::checkpoint
