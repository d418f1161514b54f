// zimg key: the name under which the cache knows a picture, and what it is made of.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
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
#include "base/json.hpp"
#include "zimg/article_key.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

constexpr const char* kKeyExamples =
    "Examples:\n"
    "  zimg key \"a red circle\"\n"
    "  zimg key \"a red circle\" --seed 7 --explain\n"
    "  zimg key --from prompts.txt\n"
    "  zimg key --article --from requests.jsonl\n\n"
    "Equal keys mean equal pictures. Only fields that show in the picture are in the key: without guidance the "
    "negative\n"
    "prompt is not, for example. --article prints another program's keys and promises none of this; see "
    "docs/caching.md.";

struct KeyOptions {
  std::optional<std::string> prompt;
  std::string list;
  bool is_explained = false;
  bool is_json = false;
  bool is_article = false;
  DrawingOptions drawing;
};

std::string field_line(const KeyField& field, std::size_t name_columns) {
  char tag[16];
  std::snprintf(tag, sizeof tag, "%4u", unsigned{field.tag});
  const std::string padding(name_columns - field.name.size(), ' ');
  return std::string(tag) + "  " + field.name + padding + (field.is_live ? "  live  " : "  dead  ") + field.value;
}

void print_key(Generator& generator, const Request& request, const KeyOptions& options) {
  const std::string key = generator.key(request).hex();
  const std::vector<KeyField> fields = options.is_explained ? generator.explain_key(request) : std::vector<KeyField>();
  if (options.is_json) {
    base::Json json{{"key", key}};
    for (const KeyField& field : fields) {
      json["fields"].push_back(
          {{"tag", field.tag}, {"name", field.name}, {"value", field.value}, {"live", field.is_live}});
    }
    print_json(json);
    return;
  }
  print_line(key);
  std::size_t columns = 0;
  for (const KeyField& field : fields) columns = std::max(columns, field.name.size());
  for (const KeyField& field : fields) print_line(field_line(field, columns));
}

void print_article_key(const std::string& line, const KeyOptions& options) {
  const std::string key = article_key(line).hex();
  if (options.is_json) {
    base::Json json{{"key", key}};
    if (options.is_explained) json["text"] = article_text(line);
    print_json(json);
    return;
  }
  print_line(key);
  if (options.is_explained) print_line(article_text(line));
}

// The lines of --from are all that goes into the article's keys: what else is given would have no effect.
void refuse_what_article_keys_leave_out(const std::vector<std::string>& given) {
  for (const std::string& name : given) {
    if (name == "--article" || name == "--from" || name == "--explain" || name == "--json") continue;
    throw Error(ErrorCode::kInvalidArgument,
                name + " goes without --article, whose keys are made of the lines of --from alone");
  }
}

int article_keys(const KeyOptions& options, const std::vector<std::string>& given) {
  if (options.prompt || options.list.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "--article goes with --from, a JSON object a line, and with no prompt");
  }
  refuse_what_article_keys_leave_out(given);
  std::uint64_t number = 0;
  for (const std::string& line : read_lines(options.list)) {
    ++number;
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    stop_if_interrupted();
    try {
      print_article_key(line, options);
    } catch (const Error& error) {
      throw Error(error.code(), line_origin(options.list, number) + ": " + error.what());
    }
  }
  return kDone;
}

// `given` are the options of the command line by name.
int key(const KeyOptions& options, const std::vector<std::string>& given) {
  if (options.is_article) return article_keys(options, given);
  if (options.prompt.has_value() != options.list.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "one of a prompt and --from is expected");
  }
  ProgressBar progress;
  GeneratorOptions generator_options = options.drawing.generator_options();
  generator_options.on_hashing = hashing_shown_on(progress);
  const Request request = options.drawing.request(options.prompt.value_or(""));
  std::vector<ListedRequest> requests{{0, request}};
  if (!options.list.empty()) requests = read_request_list(options.list, request);
  const Wanted wanted = wanted_of(requests);
  refuse_idle_synonyms(options.drawing, wanted);
  Generator generator(generator_options);
  if (!options.list.empty()) check_options(generator, request);
  warn_of_idle_guidance(options.drawing, generator, request, wanted);
  for (const ListedRequest& listed : requests) {
    stop_if_interrupted();
    try {
      print_key(generator, listed.request, options);
    } catch (const Error& error) {
      if (options.list.empty()) throw;
      throw Error(error.code(), line_origin(options.list, listed.line) + ": " + error.what());
    }
  }
  return kDone;
}

}  // namespace

void add_key(Command program) {
  Command command = program.add_command("key", "Print the key of a picture without drawing it", kKeyExamples);
  const auto options = std::make_shared<KeyOptions>();
  command.add("PROMPT", "", options->prompt, "As for zimg draw");
  command.add("--from", "FILE", options->list, "Prompts or JSON objects, one a line, or a .csv; - is standard input",
              {.is_filled = true});
  command.add_flag("--explain", options->is_explained, "Print each field, its value, and whether it is in the key");
  command.add_flag("--json", options->is_json, "Print a JSON object for each key");
  command.add_flag("--article", options->is_article,
                   "Print the published article's keys of JSON objects: prompt, negative_prompt, config");
  options->drawing.add_to(command);
  command.runs([options, command] { return key(*options, command.given()); });
}

}  // namespace zimg::app
