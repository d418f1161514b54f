// zimg cache verify, export, import, compact, resize: looking after a cache as a whole.
#include <algorithm>
#include <cctype>
#include <memory>
#include <string>

#include "app/cache_choice.hpp"
#include "app/command/cache_command.hpp"
#include "app/command/commands.hpp"
#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/picture_path.hpp"
#include "app/progress_bar.hpp"
#include "base/json.hpp"
#include "zimg/bundle.hpp"
#include "zimg/cache.hpp"
#include "zimg/error.hpp"
#include "zimg/store_maintenance.hpp"

namespace zimg::app {
namespace {

using base::Json;

struct UpkeepOptions {
  CacheChoice cache;
  std::string file;
  std::string size;
  bool rebuilds = false;
  bool is_json = false;
};

RebuildReport make_anew(const LmdbOptions& options, const char* what) {
  const TidyEnd tidy_end;
  ProgressBar progress;
  return rebuild_lmdb_store(options, [&](const RebuildReport& so_far) {
    progress.show(what, so_far.entries, std::max(so_far.total, so_far.entries), "");
    return !interrupt_token().is_cancelled();
  });
}

int print_rebuilt(const RebuildReport& report, const UpkeepOptions& options) {
  if (options.is_json) {
    print_json({{"entries", report.entries},
                {"payload_bytes", report.payload_bytes},
                {"lost", report.lost},
                {"expired", report.expired},
                {"unreadable", report.unreadable},
                {"tree_damages", report.tree_damages},
                {"disk_bytes_before", report.disk_bytes_before},
                {"disk_bytes_after", report.disk_bytes_after}});
  } else {
    print_line(count_of(report.entries, "picture") + " kept, " + human_bytes(report.payload_bytes) + "; " +
               std::to_string(report.lost) + " damaged and " + std::to_string(report.expired) + " expired left behind");
    if (report.tree_damages > 0) {
      print_line("the store's records were damaged in " + count_of(report.tree_damages, "place") +
                 "; what lay there is lost");
    }
    print_line("on the disk: " + human_bytes(report.disk_bytes_before) + " before, " +
               human_bytes(report.disk_bytes_after) + " now");
  }
  return report.lost == 0 && report.tree_damages == 0 ? kDone : kFailed;
}

int compact(const UpkeepOptions& options) {
  return print_rebuilt(make_anew(options.cache.store(), "compacting"), options);
}

int resize(const UpkeepOptions& options) {
  const bool is_plain = std::all_of(options.size.begin(), options.size.end(),
                                    [](unsigned char letter) { return std::isalnum(letter) != 0; });
  if (!is_plain || options.size.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "'" + options.size + "' is no size; 512MiB or 10GiB are examples of one");
  }
  LmdbOptions store = options.cache.store();
  store.capacity_bytes = lmdb_options("lmdb:?size=" + options.size).capacity_bytes;
  resize_lmdb_store(store);
  store.capacity_bytes = 0;  // the store's own, which is what was asked for rounded down
  const std::uint64_t capacity_bytes = open_lmdb_cache(store)->stats().capacity_bytes;
  print_result(options.is_json, {{"capacity_bytes", capacity_bytes}},
               "the store has a size of " + human_bytes(capacity_bytes) + " now");
  return kDone;
}

// A store on disk is not opened here: damage might end this process.
VerifyReport verified(const UpkeepOptions& options) {
  ProgressBar progress;
  const auto show = [&](const VerifyReport& so_far) {
    progress.show("verifying", so_far.entries, std::max(so_far.total, so_far.entries), "");
    return !interrupt_token().is_cancelled();
  };
  if (options.cache.is_store()) return verify_lmdb_store(options.cache.store(), show);
  return options.cache.open()->verify(show);
}

int verify(const UpkeepOptions& options) {
  if (options.rebuilds) return print_rebuilt(make_anew(options.cache.store(), "rebuilding"), options);
  const VerifyReport report = verified(options);
  stop_if_interrupted();
  if (options.is_json) {
    print_json({{"entries", report.entries},
                {"payload_bytes", report.payload_bytes},
                {"damaged", report.damaged},
                {"unreadable", report.unreadable},
                {"tree_damages", report.tree_damages}});
  } else {
    print_line(count_of(report.entries, "picture") + ", " + human_bytes(report.payload_bytes) + " sound, " +
               std::to_string(report.damaged) + " damaged and erased, " + std::to_string(report.unreadable) +
               " encrypted or of a newer zimg left alone");
  }
  if (report.tree_damages > 0) {
    complain("the store's own records are damaged in " + count_of(report.tree_damages, "place") +
             ", and what lies there was not read; 'zimg cache verify --rebuild' saves the rest into a fresh store");
  }
  return report.damaged == 0 && report.tree_damages == 0 ? kDone : kFailed;
}

int export_to_file(const UpkeepOptions& options) {
  check_output(options.file);  // before the cache is opened
  const auto cache = options.cache.open();
  EntryVisitor filter;
  if (!options.cache.name_space.empty()) {
    filter = [&](const CacheKey&, const EntryInfo& info, std::uint64_t) {
      return info.name_space == options.cache.name_space;
    };
  }
  const std::uint64_t total = cache->stats().entries;
  ExportReport report;
  {
    const TidyEnd tidy_end;
    ProgressBar progress;
    report = export_bundle(*cache, options.file, filter, [&](const ExportReport& so_far) {
      progress.show("exporting", so_far.entries, total, "");
      return !interrupt_token().is_cancelled();
    });
  }
  print_result(options.is_json,
               {{"path", options.file},
                {"entries", report.entries},
                {"payload_bytes", report.payload_bytes},
                {"left_out", report.left_out}},
               options.file + "  " + count_of(report.entries, "picture") + ", " + human_bytes(report.payload_bytes) +
                   ", " + std::to_string(report.left_out) + " left out");
  return kDone;
}

int import_from_file(const UpkeepOptions& options) {
  const auto cache = options.cache.open_for_storing();
  ImportReport report;
  {
    ProgressBar progress;
    ImportOptions how;
    how.on_progress = [&](const ImportReport& so_far) {
      progress.show_bytes("importing", so_far.read_bytes, so_far.file_bytes);
      return !interrupt_token().is_cancelled();
    };
    how.on_refused = [&](const RefusedEntry& refused) {
      progress.clear();
      warn("entry " + std::to_string(refused.number) + (refused.key.empty() ? "" : ", " + refused.key + ",") +
           " is refused: " + refused.reason);
    };
    report = import_bundle(*cache, options.file, how);
  }
  if (!report.is_whole) warn("'" + options.file + "' is cut or damaged; what lies behind the damage was not read");
  print_result(options.is_json,
               {{"entries", report.entries},
                {"stored", report.stored},
                {"payload_bytes", report.payload_bytes},
                {"refused", report.refused},
                {"is_whole", report.is_whole}},
               count_of(report.stored, "picture") + ", " + human_bytes(report.payload_bytes) + "; " +
                   std::to_string(report.refused) + " refused");
  return report.is_whole && report.refused == 0 ? kDone : kFailed;
}

void add_secret(Command command, UpkeepOptions& options, const std::string& what) {
  command.add("--namespace", "NAME", options.cache.name_space, what, {.is_filled = true});
  options.cache.add_secret_to(command);
}

void add_verify_options(Command command, UpkeepOptions& options) {
  command.add_flag("--rebuild", options.rebuilds,
                   "Save what can be read into a fresh store; nobody else may have it open");
  add_secret(command, options, "The namespace that --secret-file belongs to");
}

void add_export_options(Command command, UpkeepOptions& options) {
  command.add("FILE", "", options.file, "The bundle", {.is_required = true, .is_filled = true});
  add_secret(command, options, "Only this namespace");
}

void add_import_options(Command command, UpkeepOptions& options) {
  command.add("FILE", "", options.file, "The bundle", {.is_required = true, .is_filled = true});
  add_secret(command, options, "The namespace of --secret-file; its pictures are stored encrypted");
}

void add_size(Command command, UpkeepOptions& options) {
  command.add("SIZE", "", options.size, "512MiB, 10GiB", {.is_required = true});
}

}  // namespace

void add_cache_upkeep(Command cache) {
  add_cache_command<UpkeepOptions>(cache, "verify", "Read every picture and erase what is damaged", verify,
                                   add_verify_options);
  add_cache_command<UpkeepOptions>(cache, "export", "Write the pictures into one file, none of them encrypted",
                                   export_to_file, add_export_options);
  add_cache_command<UpkeepOptions>(cache, "import", "Store the pictures of such a file", import_from_file,
                                   add_import_options);
  add_cache_command<UpkeepOptions>(cache, "compact",
                                   "Give back the disk that the store does not need; nobody else may have it open",
                                   compact, [](Command, UpkeepOptions&) {});
  add_cache_command<UpkeepOptions>(cache, "resize", "Give the store another size; nobody else may have it open", resize,
                                   add_size);
}

}  // namespace zimg::app
