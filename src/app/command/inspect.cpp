// zimg inspect: what a model or a picture is, and what is wrong with it.
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

#include "app/command/commands.hpp"
#include "app/exit_code.hpp"
#include "app/file_ending.hpp"
#include "app/hashing_progress.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/progress_bar.hpp"
#include "app/request_list.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/system_error.hpp"
#include "zimg/error.hpp"
#include "zimg/image.hpp"
#include "zimg/model.hpp"

namespace zimg::app {
namespace {

using base::Json;

constexpr std::uint64_t kMaxPictureBytes = std::uint64_t{1} << 30;

constexpr const char* kInspectExamples =
    "Examples:\n"
    "  zimg inspect                                       the built-in model\n"
    "  zimg inspect ~/Z-Image-Turbo                       every file and tensor; exit code 1 if something is wrong\n"
    "  zimg inspect picture.png                           size and the parameters written in it\n"
    "  zimg inspect ~/Z-Image-Turbo --tokens \"a red circle\"";

struct InspectOptions {
  std::string path;
  std::optional<std::string> tokens;
  std::string tokens_from;
  bool is_template = false;
  bool has_identity = false;
  bool is_json = false;
};

// Of a model whose configs could be read; of another there is nothing to tell.
void print_settings(const ModelInspection& model) {
  if (model.size_step == 0) return;
  char defaults[128];
  std::snprintf(defaults, sizeof defaults, "%ux%u, %u steps, guidance %g, shift %g", model.width, model.height,
                model.steps, model.guidance, model.shift);
  print_line(std::string("  defaults  ") + defaults);
  print_line("  sizes     multiples of " + std::to_string(model.size_step) + " up to " +
             std::to_string(model.max_side) + " pixels a side");
}

void print_model(const ModelInspection& model) {
  print_line(model.path);
  if (!model.name.empty()) print_line("  name      " + model.name);
  if (!model.layout.empty()) print_line("  layout    " + model.layout);
  if (!model.identity.empty()) print_line("  identity  " + model.identity);
  print_settings(model);
  for (const ModelPart& part : model.parts) {
    print_line("  " + part.role + ": " + count_of(part.tensors, "tensor") + ", " +
               count_of(part.parameters, "parameter") + ", " + human_bytes(part.bytes) +
               (part.dtypes.empty() ? "" : ", " + part.dtypes));
    for (const std::string& file : part.files) print_line("    " + file);
  }
  for (const std::string& problem : model.problems) print_line("  PROBLEM   " + problem);
  print_line(model.problems.empty() ? "sound" : count_of(model.problems.size(), "problem"));
}

Json model_json(const ModelInspection& model) {
  Json parts = Json::array();
  for (const ModelPart& part : model.parts) {
    parts.push_back({{"role", part.role},
                     {"files", part.files},
                     {"tensors", part.tensors},
                     {"parameters", part.parameters},
                     {"bytes", part.bytes},
                     {"dtypes", part.dtypes}});
  }
  Json json{{"path", model.path},         {"name", model.name},        {"layout", model.layout},
            {"width", model.width},       {"height", model.height},    {"size_step", model.size_step},
            {"max_side", model.max_side}, {"steps", model.steps},      {"guidance", model.guidance},
            {"shift", model.shift},       {"parts", std::move(parts)}, {"problems", model.problems}};
  if (!model.identity.empty()) json["identity"] = model.identity;
  return json;
}

int inspect_model_at(const InspectOptions& options, const std::string& path) {
  ProgressBar progress;
  const ModelInspection model = inspect_model(path, options.has_identity, hashing_shown_on(progress));
  progress.clear();  // a file that could not be read ends the hashing before its end
  stop_if_interrupted();
  if (options.is_json) {
    print_json(model_json(model));
  } else {
    print_model(model);
  }
  return model.problems.empty() ? kDone : kFailed;
}

int inspect_picture(const InspectOptions& options) {
  const std::string content = base::read_file(options.path, kMaxPictureBytes, ErrorCode::kInvalidArgument);
  PictureFacts facts;
  try {
    facts = read_picture_facts(Bytes(content.begin(), content.end()));
  } catch (const Error& error) {
    // The command was right; it is the file that is not.
    throw Error(error.code() == ErrorCode::kInvalidArgument ? ErrorCode::kIo : error.code(),
                "'" + options.path + "': " + error.what());
  }
  const char* const format = facts.format == ImageFormat::kJpeg ? "jpeg" : "png";
  if (options.is_json) {
    Json texts = Json::array();
    for (const auto& [keyword, text] : facts.texts) texts.push_back({{"keyword", keyword}, {"text", text}});
    print_json({{"path", options.path},
                {"format", format},
                {"width", facts.width},
                {"height", facts.height},
                {"bytes", content.size()},
                {"texts", std::move(texts)}});
    return kDone;
  }
  print_line(options.path + "  " + format + "  " + std::to_string(facts.width) + "x" + std::to_string(facts.height) +
             "  " + human_bytes(content.size()));
  for (const auto& [keyword, text] : facts.texts) {
    print_line("");
    print_line(keyword + ":");
    print_text(text);
  }
  return kDone;
}

// One token's octets as a person can read them: what is no text of its own is shown in hexadecimal.
std::string shown_piece(const std::string& piece) {
  std::string shown = base::dump(Json(piece));
  if (shown.find("\xEF\xBF\xBD") == std::string::npos) return shown;
  shown.clear();
  for (const char octet : piece) {
    char digits[8];
    std::snprintf(digits, sizeof digits, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(octet)));
    shown += digits;
  }
  return shown;
}

int show_tokens(const InspectOptions& options, const std::string& path) {
  const Tokenization tokenizer(path);
  const auto ids = options.is_template ? tokenizer.encode_prompt(*options.tokens) : tokenizer.encode(*options.tokens);
  const std::size_t in_template = tokenizer.encode_prompt(*options.tokens).size();
  if (options.is_json) {
    print_json({{"ids", ids}, {"with_template", in_template}});
    return kDone;
  }
  for (const std::uint32_t id : ids) {
    char number[16];
    std::snprintf(number, sizeof number, "%7u", id);
    print_line(std::string(number) + "  " + shown_piece(tokenizer.piece(id)));
  }
  print_line(count_of(ids.size(), "token") + "; the model reads " + std::to_string(in_template) +
             " with the prompt template, of at most 512");
  return kDone;
}

int list_tokens(const InspectOptions& options, const std::string& path) {
  const Tokenization tokenizer(path);
  std::uint64_t number = 0;
  for (const std::string& line : read_lines(options.tokens_from)) {
    stop_if_interrupted();
    const std::string origin = line_origin(options.tokens_from, ++number);
    const Json text = base::parse_json(line, origin, ErrorCode::kInvalidArgument);
    if (!text.is_string()) throw Error(ErrorCode::kInvalidArgument, origin + " is not a JSON string");
    const auto& prompt = text.get_ref<const std::string&>();
    print_json(options.is_template ? tokenizer.encode_prompt(prompt) : tokenizer.encode(prompt));
  }
  return kDone;
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

// What is not there is neither a model nor a picture.
void check_is_there(const std::string& path) {
  std::error_code failure;
  if (std::filesystem::exists(path, failure)) return;
  throw base::system_error(ErrorCode::kNotFound, "cannot open", path, failure ? failure.value() : ENOENT);
}

bool begins_as_picture(const std::string& path) {
  if (!is_file(path)) return false;  // opening a pipe might wait for ever
  std::array<char, 8> octets{};
  std::ifstream file(path, std::ios::binary);
  file.read(octets.data(), octets.size());
  const std::string_view start(octets.data(), static_cast<std::size_t>(file.gcount()));
  return start == "\x89PNG\r\n\x1a\n" || start.starts_with("\xFF\xD8\xFF");
}

// Any file but an all-in-one model, as draw and convert take it, is for the readers of pictures to judge.
bool is_for_picture_readers(const std::string& path) {
  return is_file(path) && (file_ending(path) != ".safetensors" || begins_as_picture(path));
}

// Options that the others leave without effect. Errors: kInvalidArgument.
void refuse_idle_options(const InspectOptions& options, const std::string& path) {
  const bool has_tokens = options.tokens.has_value() || !options.tokens_from.empty();
  const auto refuse = [](const std::string& what) { throw Error(ErrorCode::kInvalidArgument, what); };
  if (options.tokens && !options.tokens_from.empty()) refuse("one of --tokens and --tokens-from is expected");
  if (options.is_template && !has_tokens) refuse("--template goes with --tokens or --tokens-from");
  if (options.has_identity && has_tokens) refuse("--identity goes without --tokens and --tokens-from");
  if ((options.has_identity || has_tokens) && begins_as_picture(path)) {
    const char* const option = options.has_identity ? "--identity" : options.tokens ? "--tokens" : "--tokens-from";
    refuse("'" + path + "' is a picture where " + option + " expects a model");
  }
}

int inspect(const InspectOptions& options) {
  const std::string path = options.path.empty() ? builtin_model_path() : options.path;
  refuse_idle_options(options, path);
  if (options.tokens.has_value()) return show_tokens(options, path);
  if (!options.tokens_from.empty()) return list_tokens(options, path);
  check_is_there(path);
  return is_for_picture_readers(path) ? inspect_picture(options) : inspect_model_at(options, path);
}

}  // namespace

void add_inspect(Command program) {
  Command command = program.add_command("inspect", "Check a model, or show what a picture says", kInspectExamples);
  const auto options = std::make_shared<InspectOptions>();
  command.add("PATH", "", options->path,
              "A model's folder or .safetensors, a PNG or a JPEG; the built-in model if absent",
              {.environment = "ZIMG_MODEL", .is_filled = true});
  command.add("--tokens", "TEXT", options->tokens, "Show how the model reads this text");
  command.add("--tokens-from", "FILE", options->tokens_from,
              "A JSON string a line (- is standard input); prints an array of token ids for each", {.is_filled = true});
  command.add_flag("--template", options->is_template, "Tokens: inside the prompt template, cut to 512");
  command.add_flag("--identity", options->has_identity, "Hash all files of a model too, which reads them whole");
  command.add_flag("--json", options->is_json, "Print one JSON object");
  command.runs([options] { return inspect(*options); });
}

}  // namespace zimg::app
