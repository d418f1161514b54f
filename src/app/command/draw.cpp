// zimg draw: one picture, several seeds of one prompt, or a list.
#include <memory>
#include <optional>
#include <vector>

#include "app/command/commands.hpp"
#include "app/delivery.hpp"
#include "app/drawing_options.hpp"
#include "app/exit_code.hpp"
#include "app/hashing_progress.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/option_check.hpp"
#include "app/picture_path.hpp"
#include "app/progress_bar.hpp"
#include "app/request_fields.hpp"
#include "app/request_list.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

constexpr const char* kDrawExamples =
    "Examples:\n"
    "  zimg draw \"a red circle\" -o circle.png\n"
    "  zimg draw \"两个蓝色的圆\" -o circles.jpg --quality 95\n"
    "  zimg draw \"a small cat\" -o cat.png --count 4      cat-1.png to cat-4.png, seeds 42 to 45\n"
    "  zimg draw \"a cat\" -o cat.png --model ~/Z-Image-Turbo --size 1024x768 --seed random\n"
    "  zimg draw --from prompts.txt -o pictures           00001.png and so on\n"
    "  zimg draw -o cold.png -- \"-40 degrees\"            a prompt that begins with a dash goes last, behind --\n\n"
    "A line of a list is a prompt or a JSON object such as\n"
    "  {\"prompt\": \"a cat\", \"size\": \"512x512\", \"seed\": 7, \"steps\": 8}\n"
    "An equal request is answered from the cache, bit for bit; --json tells which it was.";

constexpr const char* kBuiltinNotice =
    "This is the built-in model, which only knows simple shapes and a few things.\n"
    "For real pictures, give --model Z-Image-Turbo after\n"
    "  hf download Tongyi-MAI/Z-Image-Turbo --local-dir Z-Image-Turbo";

constexpr std::uint32_t kMaxCount = 100000;

struct DrawOptions {
  std::optional<std::string> prompt;
  std::string list;         // a file of requests; empty: there is a prompt
  std::string output;       // a file, or a folder for a list
  std::uint32_t count = 1;  // 1 to kMaxCount
  std::string format;
  std::uint32_t quality = 90;  // 1 to 100
  bool has_no_parameters = false;
  bool is_json = false;
  DrawingOptions drawing;
  CacheOptions cache;
};

struct Task {
  Request request;
  std::string path;
  std::string origin;  // "'list' line 3: " before an error about this task; empty for the only prompt
};

Request base_request(const DrawOptions& options) {
  Request request = options.drawing.request(options.prompt.value_or(""));
  options.cache.apply_to(request);
  request.format = ImageFormat::kPng;
  if (!options.format.empty()) {
    request.format = image_format("--format", options.format);
  } else if (options.list.empty()) {
    request.format = format_of_path(options.output);
  }
  request.jpeg_quality = static_cast<int>(options.quality);
  request.splice_parameters = !options.has_no_parameters;
  return request;
}

std::vector<Task> listed_tasks(const DrawOptions& options) {
  std::vector<Task> tasks;
  for (ListedRequest& listed : read_request_list(options.list, base_request(options))) {
    const std::string path = listed_path(options.output, tasks.size() + 1, listed.request.format);
    tasks.push_back({std::move(listed.request), path, line_origin(options.list, listed.line) + ": "});
  }
  return tasks;
}

std::vector<Task> tasks_of(const DrawOptions& options) {
  if (!options.list.empty()) return listed_tasks(options);
  std::vector<Task> tasks;
  const Request request = base_request(options);
  if (options.count > 1) check_output(options.output);  // "pictures/" would be numbered into the file "pictures/-1"
  for (std::uint32_t i = 0; i < options.count; ++i) {
    const std::string path = options.count == 1 ? options.output : numbered_path(options.output, i + 1);
    tasks.push_back({request, path, ""});
    tasks.back().request.seed += i;
  }
  return tasks;
}

// Runs `work`; what it throws gets the task's origin before its sentence.
template <class Work>
auto named(const Task& task, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    if (task.origin.empty() || error.code() == ErrorCode::kCancelled) throw;
    throw Error(error.code(), task.origin + error.what());
  }
}

bool is_missed(const Request& request, const Error& error) {
  return request.mode == CacheMode::kOnlyIfCached && error.code() == ErrorCode::kNotFound;
}

// Draws and delivers one task after another.
class Drawer {
 public:
  explicit Drawer(const DrawOptions& options)
      : options_(options),
        cache_(options.cache.open_or_warn(options.drawing.secrets())),
        generator_(generator_options(), cache_) {}

  // All is looked through before anything is drawn or said: the last line of a list may be wrong, hours later.
  void check(const std::vector<Task>& tasks) {
    const Request defaults = base_request(options_);
    if (!options_.list.empty()) check_options(generator_, defaults);
    for (const Task& task : tasks) {
      stop_if_interrupted();
      named(task, [&] {
        check_output(task.path);
        check_request(task.request);
      });
    }
    warn_of_idle_guidance(options_.drawing, generator_, defaults, wanted_of(tasks));
    if (generator_.is_builtin_model()) advise(kBuiltinNotice);
  }

  Result draw(const Task& task) {
    Request request = task.request;
    request.on_progress = [this](const Progress& progress) {
      if (progress.step < progress.steps) {
        progress_.show("drawing", progress.step, progress.steps, "");
      } else {
        progress_.show("decoding");
      }
    };
    Result result = generator_.generate(request);
    progress_.clear();
    write_picture(task.path, *result.bytes);
    generator_.drain();  // a picture is told of when it is stored
    result.report.refresh_stored();
    return result;
  }

  void tell(const Task& task, const Result& result) const {
    warn_about(result.report, task.request.mode);
    const Delivery delivery{task.path, task.request.splice_parameters};
    if (options_.is_json) {
      print_json(delivery_json(result, delivery));
    } else {
      print_line(delivery_line(result, delivery));
    }
  }

 private:
  void check_request(const Request& request) {
    try {
      generator_.key(request);
    } catch (const Error& error) {
      if (is_missed(request, error)) return;  // told when its turn comes
      if (error.code() == ErrorCode::kRefused) static_cast<void>(generator_.generate(request));  // for the trace
      throw;
    }
  }

  GeneratorOptions generator_options() {
    GeneratorOptions options = options_.drawing.generator_options();
    options_.cache.apply_to(options);
    options.on_hashing = hashing_shown_on(progress_);
    return options;
  }

  void warn_about(const Report& report, CacheMode mode) const {
    for (const std::string& warning : report.warnings) warn(warning);
    // Without a cache and in some modes nothing was to be stored; a flat picture's warning says that it is not.
    const bool was_to_be = cache_ != nullptr && !report.is_flat && !report.is_filtered && mode != CacheMode::kBypass &&
                           mode != CacheMode::kNoStore;
    if (report.stored == Stored::kNo && was_to_be) {
      warn("the picture was not stored: " + report.store_note);
    }
  }

  const DrawOptions& options_;
  ProgressBar progress_;
  std::shared_ptr<ICache> cache_;
  Generator generator_;
};

int draw(const DrawOptions& options) {
  if (options.prompt.has_value() != options.list.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "one of a prompt and --from is expected");
  }
  if (!options.list.empty() && options.count != 1) {
    throw Error(ErrorCode::kInvalidArgument, "--count goes with a prompt, not with --from");
  }
  const std::vector<Task> tasks = tasks_of(options);
  refuse_idle_synonyms(options.drawing, wanted_of(tasks));
  if (!options.list.empty()) make_picture_folder(options.output);
  Drawer drawer(options);
  drawer.check(tasks);
  int code = kDone;
  for (const Task& task : tasks) {
    stop_if_interrupted();
    try {
      const Result result = named(task, [&] { return drawer.draw(task); });
      drawer.tell(task, result);  // what cannot be printed is not the fault of a line
    } catch (const Error& error) {
      // A device that failed on one picture of a list may well draw the next, as a picture that is not in the cache may
      // be followed by one that is; all else would go on failing.
      const bool missed = is_missed(task.request, error);
      if (!missed && (error.code() != ErrorCode::kDevice || task.origin.empty())) throw;
      complain(error.what());
      if (code != kFailed) code = missed ? kMissed : kFailed;
    }
    finish_printing();
  }
  return code;
}

}  // namespace

void add_draw(Command program) {
  Command command = program.add_command("draw", "Draw a picture, or find it where it was drawn before", kDrawExamples);
  const auto options = std::make_shared<DrawOptions>();
  command.add("PROMPT", "", options->prompt, "What is to be seen, in English or Chinese");
  command.add("-o,--output", "PATH", options->output, "The picture to write; with --from, a folder",
              {.is_required = true, .is_filled = true});
  command.add("--from", "FILE", options->list, "Prompts or JSON objects, one a line, or a .csv; - is standard input",
              {.is_filled = true});
  command.add("--count", "N", options->count, "So many, with seeds counted up: name-1.png, name-2.png ...",
              {1, kMaxCount});
  command.add("--format", "NAME", options->format, "png or jpeg; by the name of the output if absent",
              {.is_filled = true});
  command.add("--quality", "N", options->quality, "Of a JPEG, 1 to 100", {1, 100});
  command.add_flag("--no-parameters", options->has_no_parameters, "Leave prompt and parameters out of the file");
  command.add_flag("--json", options->is_json, "Print a JSON object for each picture");
  options->drawing.add_to(command);
  options->cache.add_to(command, true);
  command.runs([options, command] {
    options->cache.refuse_idle(command.given());
    options->cache.apply_preset(options->drawing);
    return draw(*options);
  });
}

}  // namespace zimg::app
