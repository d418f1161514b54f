// zimg convert: a model folder with weights of another type.
#include <filesystem>
#include <memory>

#include "app/choice.hpp"
#include "app/command/commands.hpp"
#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/progress_bar.hpp"
#include "zimg/model.hpp"

namespace zimg::app {
namespace {

constexpr const char* kConvertExamples =
    "Example:\n"
    "  zimg convert ~/Z-Image-Turbo ~/Z-Image-Turbo-bf16 --dtype bf16\n\n"
    "The release has its transformer in 32 bits, which few machines can hold; in bf16 it is half of that and draws "
    "the\n"
    "same. Single-file models become a folder in the released layout. OUT appears whole or not at all.";

struct ConvertOptions {
  std::string from;
  std::string to;
  std::string dtype = "bf16";
  bool is_json = false;
};

// Of all files below `folder`: the configs and the tokenizer were written as well as the weights.
std::uint64_t bytes_below(const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

int convert(const ConvertOptions& options) {
  const auto type =
      choose<WeightType>("--dtype", options.dtype,
                         {{"bf16", WeightType::kBf16}, {"fp16", WeightType::kFp16}, {"fp32", WeightType::kFp32}});
  {
    const TidyEnd tidy_end;
    ProgressBar progress;
    convert_model(options.from, options.to, type, [&](std::uint64_t done, std::uint64_t total) {
      progress.show_bytes("converting", done, total);
      stop_if_interrupted();
    });
  }
  if (options.is_json) {
    print_json({{"path", options.to}, {"dtype", options.dtype}, {"bytes", bytes_below(options.to)}});
  } else {
    print_line(options.to);
  }
  return kDone;
}

}  // namespace

void add_convert(Command program) {
  Command command =
      program.add_command("convert", "Rewrite a model folder with weights of another type", kConvertExamples);
  const auto options = std::make_shared<ConvertOptions>();
  command.add("DIR", "", options->from, "The model folder", {.is_required = true, .is_filled = true});
  command.add("OUT", "", options->to, "The folder to make; absent, or empty", {.is_required = true, .is_filled = true});
  command.add("--dtype", "TYPE", options->dtype, "bf16, fp16 or fp32", {.is_filled = true});
  command.add_flag("--json", options->is_json, "Print one JSON object");
  command.runs([options] { return convert(*options); });
}

}  // namespace zimg::app
