#include "app/cache_choice.hpp"

#include <filesystem>

#include "app/secret_file.hpp"
#include "base/namespace_name.hpp"
#include "zimg/policy.hpp"
#include "zimg/request.hpp"
#include "zimg/store_maintenance.hpp"

namespace zimg::app {
namespace {

// With others who write. A drawing that is delivered need not be stored; what a person asked for is to be done whole.
constexpr std::uint32_t kPatienceMs = 10000;

}  // namespace

void check_outlasting(const std::string& url) {
  if (url.find(',') != std::string::npos) return;
  for (const char* fleeting : {"memory:", "none:"}) {
    if (!url.starts_with(fleeting)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                std::string("--cache is ") + fleeting + " where a cache is expected that is there after this command");
  }
}

void CacheChoice::add_to(Command command) {
  command.add("--cache", "URL", url, std::string("lmdb:PATH; ") + kCachePlace,
              {.environment = "ZIMG_CACHE", .is_filled = true});
}

void CacheChoice::add_secret_to(Command command) {
  command.add("--secret-file", "FILE", secret_file, "The secret of --namespace, whose pictures are encrypted",
              {.is_filled = true});
}

void CacheChoice::check_namespace() const {
  if (name_space.empty()) return;
  if (const auto problem = base::namespace_name_problem(name_space)) {
    throw Error(ErrorCode::kInvalidArgument, "the namespace " + *problem);
  }
}

bool CacheChoice::is_store() const {
  return url.find(',') == std::string::npos && (url.empty() || url.compare(0, 5, "lmdb:") == 0);
}

NamespaceSecrets CacheChoice::secrets() const {
  check_namespace();
  return secrets_of(name_space.empty() ? Request().name_space : name_space, secret_file);
}

LmdbOptions CacheChoice::any_store() const {
  LmdbOptions options = naming_url(kCacheOption, [&] { return lmdb_options(url); });
  options.namespace_secrets = secrets();
  options.lock_timeout_ms = kPatienceMs;
  return options;
}

LmdbOptions CacheChoice::store() const {
  LmdbOptions options = any_store();
  // A path that is named and leads nowhere is a slip; the usual place is empty until something is drawn.
  std::error_code unknown;
  if (!url.empty() && !std::filesystem::exists(options.path, unknown) && !unknown) {
    throw Error(ErrorCode::kNotFound, "'" + options.path + "' holds no store of zimg; --cache or ZIMG_CACHE names it");
  }
  return options;
}

std::shared_ptr<ICache> CacheChoice::open() const {
  return is_store() ? open_lmdb_cache(store()) : open_any();
}

std::shared_ptr<ICache> CacheChoice::open_for_storing() const {
  check_outlasting(url);
  const bool lacks_secret = is_encrypting(url) && secret_file.empty();
  if (!is_store() || lacks_secret) return open_any();
  const LmdbOptions options = any_store();
  return naming_url(kCacheOption, [&] {
    if (!secret_file.empty()) encrypting(url);  // refuses one that says otherwise
    return open_lmdb_cache(options);
  });
}

std::shared_ptr<ICache> CacheChoice::open_any() const {
  const NamespaceSecrets known = secrets();
  auto cache =
      naming_url(kCacheOption, [&] { return open_cache(known.empty() ? url : encrypting(url), CachePolicy{}, known); });
  if (cache == nullptr) throw Error(ErrorCode::kInvalidArgument, "--cache is none: where a cache is expected");
  return cache;
}

}  // namespace zimg::app
