// The cache that a command looks after: its URL, and the secret of one namespace where encrypted pictures are to be
// read.
//
// A plain value that the command-line parser fills.
#pragma once

#include <memory>
#include <string>

#include "app/command_line.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace zimg::app {

// Does `work`, which reads a cache URL; what it finds wrong with that is told of `option`, which brought it.
template <class Work>
auto naming_url(const char* option, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument && error.code() != ErrorCode::kUnsupported) throw;
    throw Error(error.code(), std::string(option) + ": " + error.what());
  }
}

// Of --cache where a variable stands in for it.
inline constexpr const char* kCacheOption = "--cache (or ZIMG_CACHE)";

// What the help says of the cache's place.
inline constexpr const char* kCachePlace = "if absent, zimg/pictures in $XDG_CACHE_HOME or ~/.cache";

// Errors: kInvalidArgument for memory: alone and for none:, of which nothing is there after the command.
void check_outlasting(const std::string& url);

struct CacheChoice {
  std::string url;
  std::string name_space;
  std::string secret_file;  // of name_space, or of the namespace `default`

  void add_to(Command command);
  void add_secret_to(Command command);

  // Whether it is one store on disk.
  bool is_store() const;
  // That store, with the secret and with patience for others who write. Errors: kInvalidArgument where it is another
  // cache and for a namespace whose name none has; kNotFound where it is named and not there; those of the file with
  // the secret.
  LmdbOptions store() const;
  // Never null. Errors: kInvalidArgument for none:, for a URL that says nothing sensible and for a namespace whose name
  // none has; those of opening it.
  std::shared_ptr<ICache> open() const;
  // The same to store pictures in, so that memory: alone is refused too; one that is to be encrypted is refused without
  // the secret.
  std::shared_ptr<ICache> open_for_storing() const;

 private:
  void check_namespace() const;
  LmdbOptions any_store() const;
  std::shared_ptr<ICache> open_any() const;
  NamespaceSecrets secrets() const;
};

}  // namespace zimg::app
