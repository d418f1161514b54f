// zimg cache: looks after a cache without drawing.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <vector>

#include "app/cache_choice.hpp"
#include "app/command/cache_command.hpp"
#include "app/command/commands.hpp"
#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/picture_path.hpp"
#include "app/progress_bar.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

using base::Json;

constexpr const char* kCacheExamples =
    "Examples:\n"
    "  zimg cache stats\n"
    "  zimg cache list --namespace default --json\n"
    "  zimg cache get 3f0c... -o picture.png              the stored picture, without parameters in it\n"
    "  zimg cache purge --older-than 30                   days since it was stored\n"
    "  zimg cache purge --tag draft --keep-pinned\n"
    "  zimg cache pin 3f0c...                             never evicted until it is unpinned\n"
    "  zimg cache verify                                  reads all; erases what is damaged; then exit code 1";

struct CacheCommandOptions {
  CacheChoice cache;
  std::string key;
  std::string output;
  std::vector<std::string> keys;
  std::string model;
  std::string tag;
  std::string key_prefix;
  bool keeps_pinned = false;
  std::optional<double> older_than_days;
  std::optional<std::uint32_t> limit;
  bool is_all = false;
  bool is_json = false;
};

CacheKey key_of(const std::string& hex) {
  const auto key = CacheKey::from_hex(hex);
  if (!key) throw Error(ErrorCode::kInvalidArgument, "'" + hex + "' is no key: 64 hexadecimal digits are expected");
  return *key;
}

std::string format_name(ImageFormat format) {
  return format == ImageFormat::kJpeg ? "jpeg" : "png";
}

std::string time_text(std::int64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm fields{};
  ::gmtime_r(&seconds, &fields);
  char words[32];
  return std::string(words, std::strftime(words, sizeof words, "%Y-%m-%dT%H:%M:%SZ", &fields));
}

Json time_json(std::int64_t unix_ms) {
  return unix_ms == 0 ? Json() : Json(time_text(unix_ms));
}

Json stats_json(const ICache& cache, const CacheStats& stats, const std::vector<NamespaceStats>& parts) {
  Json json = {{"cache", cache.description()},
               {"entries", stats.entries},
               {"payload_bytes", stats.payload_bytes},
               {"used_bytes", stats.used_bytes},
               {"capacity_bytes", stats.capacity_bytes},
               {"oldest_stored_at", time_json(stats.oldest_stored_at_ms)},
               {"hits", stats.hits},
               {"misses", stats.misses},
               {"hit_rate", stats.hit_rate()},
               {"stores", stats.stores},
               {"rejected", stats.rejected},
               {"evictions", stats.evictions},
               {"expired", stats.expired},
               {"corrupt", stats.corrupt},
               {"saved_seconds", stats.saved_ms / 1000},
               {"saved_bytes", stats.saved_bytes},
               {"size_curve", Json::array()},
               {"namespaces", Json::array()}};
  for (const SizePoint& point : stats.size_curve) {
    json["size_curve"].push_back({{"bytes", point.capacity_bytes}, {"hit_rate", point.hit_rate}});
  }
  for (const NamespaceStats& part : parts) {
    json["namespaces"].push_back({{"namespace", part.name_space},
                                  {"entries", part.entries},
                                  {"payload_bytes", part.payload_bytes},
                                  {"pinned", part.pinned},
                                  {"oldest_stored_at", time_json(part.oldest_stored_at_ms)},
                                  {"hits", part.hits},
                                  {"stores", part.stores},
                                  {"evictions", part.evictions},
                                  {"saved_seconds", part.saved_ms / 1000},
                                  {"saved_bytes", part.saved_bytes}});
  }
  return json;
}

std::string percent(double share) {
  char words[32];
  std::snprintf(words, sizeof words, "%.1f %%", 100 * share);
  return words;
}

std::string namespace_line(const std::string& name, const std::string& entries, const std::string& bytes,
                           const std::string& hits, const std::string& stores, const std::string& evictions,
                           const std::string& saved) {
  char words[256];
  std::snprintf(words, sizeof words, "  %-24s %9s %10s %9s %9s %10s %12s", name.c_str(), entries.c_str(), bytes.c_str(),
                hits.c_str(), stores.c_str(), evictions.c_str(), saved.c_str());
  return words;
}

void print_namespaces(const std::vector<NamespaceStats>& parts) {
  if (parts.empty()) return;
  print_line(namespace_line("namespace", "pictures", "bytes", "hits", "stores", "evictions", "saved"));
  for (const NamespaceStats& part : parts) {
    print_line(namespace_line(part.name_space, std::to_string(part.entries), human_bytes(part.payload_bytes),
                              std::to_string(part.hits), std::to_string(part.stores), std::to_string(part.evictions),
                              human_time(part.saved_ms)));
  }
}

int stats(const CacheCommandOptions& options) {
  const auto cache = options.cache.open();
  const CacheStats stats = cache->stats();
  const std::vector<NamespaceStats> parts = cache->namespace_stats();
  if (options.is_json) {
    print_json(stats_json(*cache, stats, parts));
    return kDone;
  }
  const double share =
      stats.capacity_bytes == 0 ? 0 : static_cast<double>(stats.used_bytes) / static_cast<double>(stats.capacity_bytes);
  print_line(cache->description());
  print_line("  pictures  " + std::to_string(stats.entries) + ", " + human_bytes(stats.payload_bytes) +
             (stats.oldest_stored_at_ms == 0 ? "" : ", the oldest of " + time_text(stats.oldest_stored_at_ms)));
  print_line("  used      " + human_bytes(stats.used_bytes) + " of " + human_bytes(stats.capacity_bytes) + " (" +
             percent(share) + ")");
  print_line("  hit rate  " + percent(stats.hit_rate()) + ", " + count_of(stats.hits, "hit") + " and " +
             std::to_string(stats.misses) + (stats.misses == 1 ? " miss" : " misses"));
  print_line("  saved     " + human_time(stats.saved_ms) + " of drawing, " + human_bytes(stats.saved_bytes));
  print_line("  gone      " + std::to_string(stats.evictions) + " evicted, " + std::to_string(stats.expired) +
             " expired, " + std::to_string(stats.corrupt) + " damaged; " + std::to_string(stats.rejected) +
             " not kept");
  for (const SizePoint& point : stats.size_curve) {
    print_line("  with " + human_bytes(point.capacity_bytes) +
               " of pictures, the least recently used going first: " + percent(point.hit_rate));
  }
  print_namespaces(parts);
  return kDone;
}

Json entry_json(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) {
  return {{"key", key.hex()},
          {"format", format_name(info.format)},
          {"width", info.width},
          {"height", info.height},
          {"bytes", payload_bytes},
          {"seed", info.seed},
          {"steps", info.steps},
          {"guidance", info.guidance},
          {"draw_ms", info.draw_ms},
          {"stored_at", time_text(info.stored_at_ms)},
          {"expires_at", info.expires_at_ms == 0 ? Json() : Json(time_text(info.expires_at_ms))},
          {"namespace", info.name_space},
          {"model", info.model},
          {"pinned", info.is_pinned},
          {"tag", info.tag},
          {"payload_sha256", base::hex_of(info.payload_sha256)}};
}

std::string entry_line(const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) {
  return key.hex() + "  " + time_text(info.stored_at_ms) + "  " + format_name(info.format) + "  " +
         std::to_string(info.width) + "x" + std::to_string(info.height) + "  " + human_bytes(payload_bytes) +
         "  seed " + std::to_string(info.seed) + "  " + info.name_space + "  " + info.model;
}

int list(const CacheCommandOptions& options) {
  std::uint64_t printed = 0;
  if (options.limit == 0u) return kDone;
  options.cache.open()->list([&](const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) {
    stop_if_interrupted();
    if (!options.cache.name_space.empty() && info.name_space != options.cache.name_space) return true;
    if (options.is_json) {
      print_json(entry_json(key, info, payload_bytes));
    } else {
      print_line(entry_line(key, info, payload_bytes));
    }
    return !options.limit || ++printed < *options.limit;
  });
  return kDone;
}

int get(const CacheCommandOptions& options) {
  const CacheKey key = key_of(options.key);
  check_output(options.output);
  const auto cache = options.cache.open();
  std::optional<CacheEntry> entry;
  for (const CacheKey& form : keys_of_picture(key)) {
    entry = cache->peek(form);  // no request: it counts as none
    if (entry) break;
  }
  if (!entry) throw Error(ErrorCode::kNotFound, "the cache holds no picture under " + key.hex());
  write_picture(options.output, *entry->payload);
  Json json = entry_json(key, entry->info, entry->payload->size());
  json["path"] = options.output;
  print_result(options.is_json, json,
               options.output + "  " + format_name(entry->info.format) + "  " + std::to_string(entry->info.width) +
                   "x" + std::to_string(entry->info.height) + "  " + human_bytes(entry->payload->size()));
  return kDone;
}

PurgeFilter purge_filter(const CacheCommandOptions& options) {
  PurgeFilter filter;
  if (!options.cache.name_space.empty()) filter.name_space = options.cache.name_space;
  if (!options.model.empty()) filter.model = options.model;
  if (!options.tag.empty()) filter.tag = options.tag;
  filter.key_prefix = options.key_prefix;
  filter.spares_pinned = options.keeps_pinned;
  if (options.older_than_days) {
    const auto now = std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch());
    const double newest = now.count() - *options.older_than_days * 86400e3;
    filter.stored_before_ms = static_cast<std::int64_t>(std::max(newest, 0.0)) + 1;
  }
  return filter;
}

int purge(const CacheCommandOptions& options) {
  const bool has_rule = !options.cache.name_space.empty() || !options.model.empty() || !options.tag.empty() ||
                        !options.key_prefix.empty() || options.older_than_days.has_value();
  if (options.older_than_days && !(*options.older_than_days >= 0)) {
    throw Error(ErrorCode::kInvalidArgument, "--older-than is not a number of days of at least 0");
  }
  if (!options.is_all && !has_rule && options.keys.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "keys, --namespace, --model, --tag, --key-prefix, --older-than or --all are expected");
  }
  if ((options.is_all || has_rule || options.keeps_pinned) && !options.keys.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "keys go without the other options of purge");
  }
  std::vector<CacheKey> keys;
  for (const std::string& hex : options.keys) keys.push_back(key_of(hex));
  const auto cache = options.cache.open();
  std::uint64_t erased = 0;
  for (const CacheKey& key : keys) {
    for (const CacheKey& form : keys_of_picture(key)) erased += cache->erase(form) ? 1 : 0;
  }
  if (keys.empty()) erased = zimg::purge(*cache, purge_filter(options));
  print_result(options.is_json, {{"erased", erased}}, std::to_string(erased) + " erased");
  return kDone;
}

// All its forms are unpinned; to pin one will do, of which the others can be made again.
bool set_pin(ICache& cache, const CacheKey& picture, bool is_pinned) {
  bool is_there = false;
  for (const CacheKey& form : keys_of_picture(picture)) {
    if (is_pinned && is_there) break;
    is_there |= cache.pin(form, is_pinned);
  }
  return is_there;
}

int set_pins(const CacheCommandOptions& options, bool is_pinned) {
  std::vector<CacheKey> keys;
  for (const std::string& hex : options.keys) keys.push_back(key_of(hex));
  const auto cache = options.cache.open();
  for (const CacheKey& key : keys) {
    if (!set_pin(*cache, key, is_pinned)) {
      throw Error(ErrorCode::kNotFound, "the cache holds no picture under " + key.hex());
    }
  }
  const char* what = is_pinned ? "pinned" : "unpinned";
  print_result(options.is_json, {{what, keys.size()}}, std::to_string(keys.size()) + " " + what);
  return kDone;
}

int pin(const CacheCommandOptions& options) {
  return set_pins(options, true);
}

int unpin(const CacheCommandOptions& options) {
  return set_pins(options, false);
}

void add_list_options(Command command, CacheCommandOptions& options) {
  command.add("--namespace", "NAME", options.cache.name_space, "Only this namespace", {.is_filled = true});
  command.add("--limit", "N", options.limit, "At most this many");
}

void add_get_options(Command command, CacheCommandOptions& options) {
  command.add("KEY", "", options.key, "As zimg key prints it", {.is_required = true});
  command.add("-o,--output", "FILE", options.output, "Where to", {.is_required = true, .is_filled = true});
  command.add("--namespace", "NAME", options.cache.name_space, "The namespace that --secret-file belongs to",
              {.is_filled = true});
  options.cache.add_secret_to(command);
}

void add_purge_options(Command command, CacheCommandOptions& options) {
  command.add("KEY", "", options.keys, "Keys of single pictures");
  command.add("--namespace", "NAME", options.cache.name_space, "Those of this namespace", {.is_filled = true});
  command.add("--older-than", "DAYS", options.older_than_days, "Those stored so long ago or earlier");
  command.add("--model", "NAME", options.model, "Those that this model drew", {.is_filled = true});
  command.add("--tag", "WORD", options.tag, "Those stored with this tag", {.is_filled = true});
  command.add("--key-prefix", "HEX", options.key_prefix, "Those whose key begins so", {.is_filled = true});
  command.add_flag("--keep-pinned", options.keeps_pinned, "But not the pinned ones");
  command.add_flag("--all", options.is_all, "All");
}

void add_keys(Command command, CacheCommandOptions& options) {
  command.add("KEY", "", options.keys, "Keys of single pictures", {.is_required = true});
}

}  // namespace

void add_cache(Command program) {
  const Command cache = program.add_command("cache", "Look after a cache", kCacheExamples);
  add_cache_command<CacheCommandOptions>(cache, "stats", "How much it holds", stats,
                                         [](Command, CacheCommandOptions&) {});
  add_cache_command<CacheCommandOptions>(cache, "list", "What it holds, one picture a line", list, add_list_options);
  add_cache_command<CacheCommandOptions>(cache, "get", "Write a stored picture to a file", get, add_get_options);
  add_cache_command<CacheCommandOptions>(cache, "purge", "Erase pictures", purge, add_purge_options);
  add_cache_command<CacheCommandOptions>(cache, "pin", "Keep pictures from being evicted", pin, add_keys);
  add_cache_command<CacheCommandOptions>(cache, "unpin", "Let pictures be evicted again", unpin, add_keys);
  add_cache_upkeep(cache);
}

}  // namespace zimg::app
