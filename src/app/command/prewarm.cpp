// zimg prewarm: draws what is missing of a list, so that it is in the cache when somebody asks.
#include <memory>
#include <optional>
#include <vector>

#include "app/command/commands.hpp"
#include "app/drawing_options.hpp"
#include "app/exit_code.hpp"
#include "app/hashing_progress.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/option_check.hpp"
#include "app/progress_bar.hpp"
#include "app/request_list.hpp"
#include "base/byte_size.hpp"
#include "base/json.hpp"
#include "zimg/error.hpp"
#include "zimg/prewarm.hpp"

namespace zimg::app {
namespace {

constexpr const char* kPrewarmExamples =
    "Examples:\n"
    "  zimg prewarm prompts.txt\n"
    "  zimg prewarm gallery.csv --budget-seconds 3600 --model ~/Z-Image-Turbo\n"
    "  zimg prewarm requests.jsonl --budget-bytes 2GB --json\n\n"
    "A line of a list is a prompt or a JSON object; the first row of a .csv names its columns, such as\n"
    "  priority,prompt,size,seed\n"
    "  10,a cat,512x512,7\n"
    "The highest priority is drawn first. What is in the cache is passed over, so the same command goes on\n"
    "where an interrupted one stopped.";

struct PrewarmCommand {
  std::string list;
  std::optional<std::uint32_t> budget_pictures;
  std::optional<double> budget_seconds;
  std::string budget_bytes;
  std::uint32_t at_once = 2;
  bool is_json = false;
  DrawingOptions drawing;
  CacheOptions cache;
};

std::vector<PrewarmItem> items_of(const std::vector<ListedRequest>& listed) {
  std::vector<PrewarmItem> items;
  items.reserve(listed.size());
  for (const ListedRequest& one : listed) items.push_back({one.request, one.priority});
  return items;
}

// What a line does not say.
Request defaults_of(const PrewarmCommand& command) {
  Request defaults = command.drawing.request("");
  command.cache.apply_to(defaults);
  if (defaults.random_seed) {
    throw Error(ErrorCode::kInvalidArgument,
                "--seed is random, so no picture would ever be found; a number is expected");
  }
  return defaults;
}

// Seeds and modes are looked at here, where the line is known.
std::vector<ListedRequest> read_list(const PrewarmCommand& command, const Request& defaults) {
  std::vector<ListedRequest> listed = read_request_list(command.list, defaults);
  for (const ListedRequest& one : listed) {
    const auto refuse = [&](const std::string& what) {
      throw Error(ErrorCode::kInvalidArgument, line_origin(command.list, one.line) + ": " + what);
    };
    if (one.request.random_seed) refuse("seed is random, so its picture would never be found; a number is expected");
    if (one.request.mode != CacheMode::kNormal) {
      refuse("the mode is another than normal, which alone goes with prewarm: it draws what is missing and keeps it");
    }
  }
  return listed;
}

PrewarmOptions options_of(const PrewarmCommand& command) {
  PrewarmOptions options;
  options.budget_pictures = command.budget_pictures;
  options.budget_seconds = command.budget_seconds;
  if (!command.budget_bytes.empty())
    options.budget_bytes = base::parse_byte_size("--budget-bytes", command.budget_bytes);
  options.at_once = command.at_once;
  options.cancel = interrupt_token();
  return options;
}

void show(ProgressBar& bar, const PrewarmProgress& progress) {
  if (progress.checked < progress.listed) {
    bar.show("looking", progress.checked, progress.listed, "");
  } else {
    bar.show("drawing", progress.done, progress.missing, "");
  }
}

base::Json report_json(const PrewarmReport& report, const std::vector<ListedRequest>& listed) {
  base::Json failures = base::Json::array();
  for (const PrewarmFailure& failure : report.failures) {
    failures.push_back(
        {{"line", listed[failure.item].line}, {"code", error_code_name(failure.code)}, {"message", failure.sentence}});
  }
  return {{"end", prewarm_end_name(report.end)},
          {"note", report.note},
          {"listed", report.listed},
          {"different", report.different},
          {"found", report.found},
          {"drawn", report.drawn},
          {"unstored", report.unstored},
          {"failed", report.failures.size()},
          {"left", report.left},
          {"drawn_bytes", report.drawn_bytes},
          {"seconds", report.seconds},
          {"failures", std::move(failures)}};
}

std::string report_line(const PrewarmReport& report) {
  std::string line = std::to_string(report.drawn) + " drawn (" + human_bytes(report.drawn_bytes) + " in " +
                     human_time(report.seconds * 1000) + "), " + std::to_string(report.found) + " there before";
  if (report.unstored > 0) line += ", " + std::to_string(report.unstored) + " not stored";
  if (!report.failures.empty()) line += ", " + std::to_string(report.failures.size()) + " failed";
  return line + ", " + std::to_string(report.left) + " left";
}

int exit_code_of(const PrewarmReport& report) {
  if (report.end == PrewarmEnd::kCancelled) return kInterrupted;
  return report.failures.empty() && report.end != PrewarmEnd::kNotStored ? kDone : kFailed;
}

void tell(const PrewarmReport& report, const PrewarmCommand& command, const std::vector<ListedRequest>& listed) {
  for (const PrewarmFailure& failure : report.failures) {
    complain(line_origin(command.list, listed[failure.item].line) + ": " + failure.sentence);
  }
  if (report.end == PrewarmEnd::kNotStored) complain("what is drawn is not stored: " + report.note);
  if (command.is_json) return print_json(report_json(report, listed));
  print_line(report_line(report));
  if (report.end != PrewarmEnd::kAllDone && report.left > 0) {
    advise(std::string(prewarm_end_name(report.end)) + ": the same command goes on with the " +
           std::to_string(report.left) + " that are left");
  }
}

int prewarm_list(const PrewarmCommand& command) {
  const Request defaults = defaults_of(command);
  const std::vector<ListedRequest> listed = read_list(command, defaults);
  const Wanted wanted = wanted_of(listed);
  refuse_idle_synonyms(command.drawing, wanted);
  PrewarmOptions options = options_of(command);
  GeneratorOptions generator_options = command.drawing.generator_options();
  command.cache.apply_to(generator_options);
  ProgressBar bar;
  generator_options.on_hashing = hashing_shown_on(bar);
  const auto cache = command.cache.open_to_keep(command.drawing.secrets());
  Generator generator(generator_options, cache);
  check_options(generator, defaults);
  warn_of_idle_guidance(command.drawing, generator, defaults, wanted);
  options.on_progress = [&bar](const PrewarmProgress& progress) { show(bar, progress); };
  const PrewarmReport report = prewarm(generator, items_of(listed), options);
  bar.clear();
  tell(report, command, listed);
  return exit_code_of(report);
}

}  // namespace

void add_prewarm(Command program) {
  Command command =
      program.add_command("prewarm", "Draw what is missing of a list, so that it is in the cache", kPrewarmExamples);
  const auto options = std::make_shared<PrewarmCommand>();
  command.add("FILE", "", options->list, "Prompts or JSON objects, one a line, or a .csv; - is standard input",
              {.is_required = true, .is_filled = true});
  command.add("--budget-pictures", "N", options->budget_pictures, "Stop after so many were drawn");
  command.add("--budget-seconds", "S", options->budget_seconds, "Begin no drawing after this time");
  command.add("--budget-bytes", "SIZE", options->budget_bytes, "Stop after so much was drawn: 500MB, 2GiB",
              {.is_filled = true});
  command.add("--at-once", "N", options->at_once, "Requests side by side, 1 to 64", {1, 64});
  command.add_flag("--json", options->is_json, "Print one JSON object");
  options->drawing.add_to(command);
  options->cache.add_to(command, false);  // it draws what is missing and keeps it
  command.runs([options] {
    options->cache.apply_preset(options->drawing);
    return prewarm_list(*options);
  });
}

}  // namespace zimg::app
