#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <iostream>
#include <string_view>

#include "zimg/error.hpp"
#include "zimg/version.hpp"

namespace zimg::app {
namespace {

std::string without_dashes_first(const std::string& names) {
  return names.substr(names.find(',') + 1);  // "-o,--output" is spoken of as --output
}

[[noreturn]] void refuse(const std::string& name, const std::string& text, const std::string& expected) {
  throw Error(ErrorCode::kInvalidArgument,
              without_dashes_first(name) + " is '" + text + "' where " + expected + " is expected");
}

std::string shown_default(const std::string& text) {
  return text;
}
std::string shown_default(std::uint32_t number) {
  return std::to_string(number);
}
std::string shown_default(double number) {
  std::ostringstream words;
  words << number;
  return words.str();
}
template <class Value>
std::string shown_default(const std::optional<Value>&) {
  return "";
}

// std::errc() where all of `text` is a number that `number` can hold.
template <class Number>
std::errc parse_number(const std::string& text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return end == text.data() + text.size() ? failure : std::errc::invalid_argument;
}

std::uint32_t read_whole(const std::string& name, const std::string& text, WholeRange range) {
  std::uint32_t number = 0;
  const bool is_number = parse_number(text, number) == std::errc();
  if (is_number && number >= range.least && number <= range.most) return number;
  refuse(name, text, "a whole number from " + std::to_string(range.least) + " to " + std::to_string(range.most));
}

double read_real(const std::string& name, const std::string& text, const std::optional<RealRange>& range) {
  double number = 0;
  const std::errc failure = parse_number(text, number);
  const bool is_within = !range || (number >= range->least && number <= range->most);
  if (failure == std::errc() && is_within) return number;
  if (range) refuse(name, text, "a number from " + shown_default(range->least) + " to " + shown_default(range->most));
  refuse(name, text,
         failure == std::errc::result_out_of_range ? "0 or a number from 4.9e-324 to 1.8e308, of either sign,"
                                                   : "a number");
}

std::string read_text(const std::string&, const std::string& text) {
  return text;
}

std::string read_filled(const std::string& name, const std::string& text) {
  if (!text.empty()) return text;
  throw Error(ErrorCode::kInvalidArgument, without_dashes_first(name) + " is empty where a value is expected");
}

// CLI11 calls a word that names no command a missing command; this names the word.
void refuse_unknown_command(const CLI::App& program, int argc, char** argv) {
  const CLI::App* app = &program;
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) return;
    const CLI::App* chosen = nullptr;
    std::string names;
    for (const CLI::App* command : commands) {
      if (command->get_name() == argv[i]) chosen = command;
      names += (names.empty() ? "" : command == commands.back() ? " or " : ", ") + command->get_name();
    }
    if (chosen == nullptr) {
      throw Error(ErrorCode::kInvalidArgument,
                  "'" + std::string(argv[i]) + "' is no command: " + names + " is expected (zimg --help tells more)");
    }
    app = chosen;
  }
}

// CLI11 tells what is missing before what is too much; but a word that is misspelt is both.
void refuse_what_is_left(const CLI::App& program) {
  std::vector<std::string> left = program.remaining(true);
  const auto is_option = [](const std::string& word) { return word.size() > 1 && word.front() == '-'; };
  const auto option = std::find_if(left.begin(), left.end(), is_option);
  if (option != left.end() && *option != "--") {
    throw Error(ErrorCode::kInvalidArgument, "'" + *option + "' is no option here (zimg --help tells more)");
  }
  if (option != left.end()) {
    const auto late = std::find_if(option + 1, left.end(), is_option);
    if (late != left.end()) {
      throw Error(ErrorCode::kInvalidArgument, "'" + *late +
                                                   "' stands behind '--' where no option is expected; options come "
                                                   "before it (zimg --help tells more)");
    }
    left.erase(option);
  }
  if (!left.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "'" + left.front() + "' is one argument too many (zimg --help tells more)");
  }
}

// `words` are CLI11's of a switch that was given a value, the one thing that it reads itself: "Could not convert:
// --json = foo".
[[noreturn]] void refuse_value_of_flag(const std::string& words) {
  const std::size_t name = words.find("--");
  const std::size_t equals = words.find(" = ", name);
  if (name == std::string::npos || equals == std::string::npos) throw Error(ErrorCode::kInvalidArgument, words);
  refuse(words.substr(name, equals - name), words.substr(equals + 3), "no value");
}

OptionText text_of(const CLI::Option& option) {
  OptionText text;
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  if (option.get_positional()) text.names = {option.get_name(true)};
  if (option.get_items_expected_max() > 0) text.value = option.get_type_name();
  text.shown_default = option.get_default_str();
  text.environment = option.get_envname();
  text.help = option.get_description();
  text.group = option.get_positional() ? "Positionals" : option.get_group();
  text.is_required = option.get_required();
  text.is_repeated = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return text;
}

CommandText text_of(const CLI::App& app) {
  CommandText text{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) text.options.push_back(text_of(*option));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    text.commands.push_back(text_of(*command));
  }
  return text;
}

}  // namespace

Command Command::add_command(const std::string& name, const std::string& what, const std::string& examples) {
  CLI::App* const app = app_->add_subcommand(name, what);
  app_->require_subcommand(1);
  app->footer(examples);
  return Command(app, chosen_);
}

void Command::runs(Run run) {
  app_->callback([chosen = chosen_, run = std::move(run)] { *chosen = run; });
}

template <class Target, class Read>
CLI::Option* Command::bind(const std::string& name, const std::string& value, Target& target, const std::string& help,
                           Read read) {
  const std::function<void(const std::string&)> set = [name, &target, read](const std::string& text) {
    target = read(name, text);
  };
  CLI::Option* const option = app_->add_option_function<std::string>(name, set, help);
  option->type_name(value)->group(group_)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const std::string shown = shown_default(target);
  if (!shown.empty()) option->default_str(shown);
  return option;
}

void Command::add(const std::string& name, const std::string& value, std::string& target, const std::string& help,
                  OptionTraits traits) {
  CLI::Option* const option = bind(name, value, target, help, traits.is_filled ? read_filled : read_text);
  if (traits.environment != nullptr) option->envname(traits.environment);
  option->required(traits.is_required);
}

void Command::add(const std::string& name, const std::string& value, std::optional<std::string>& target,
                  const std::string& help) {
  bind(name, value, target, help, read_text);
}

void Command::add(const std::string& name, const std::string& value, std::uint32_t& target, const std::string& help,
                  WholeRange range) {
  bind(name, value, target, help,
       [range](const std::string& option, const std::string& text) { return read_whole(option, text, range); });
}

void Command::add(const std::string& name, const std::string& value, std::optional<std::uint32_t>& target,
                  const std::string& help, WholeRange range) {
  bind(name, value, target, help,
       [range](const std::string& option, const std::string& text) { return read_whole(option, text, range); });
}

void Command::add(const std::string& name, const std::string& value, double& target, const std::string& help,
                  std::optional<RealRange> range) {
  bind(name, value, target, help,
       [range](const std::string& option, const std::string& text) { return read_real(option, text, range); });
}

void Command::add(const std::string& name, const std::string& value, std::optional<double>& target,
                  const std::string& help, std::optional<RealRange> range) {
  bind(name, value, target, help,
       [range](const std::string& option, const std::string& text) { return read_real(option, text, range); });
}

void Command::add(const std::string& name, const std::string& value, std::vector<std::string>& target,
                  const std::string& help, OptionTraits traits) {
  const std::function<void(const std::vector<std::string>&)> set = [name,
                                                                    &target](const std::vector<std::string>& texts) {
    target.clear();
    for (const std::string& text : texts) target.push_back(read_filled(name, text));
  };
  CLI::Option* const option = app_->add_option_function<std::vector<std::string>>(name, set, help);
  option->type_name(value)->group(group_)->required(traits.is_required);
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  // What follows its value may be the prompt.
  if (!option->get_positional()) option->expected(1)->allow_extra_args(false);
}

void Command::add_flag(const std::string& name, bool& target, const std::string& help) {
  app_->add_flag(name, target, help)->group(group_);
}

std::vector<std::string> Command::given() const {
  std::vector<std::string> names;
  for (const CLI::Option* option : app_->parse_order()) names.push_back(option->get_name());
  return names;
}

Program::Program(const std::string& what, const std::string& examples)
    : app_(std::make_unique<CLI::App>(what, "zimg")) {
  app_->set_version_flag("--version", std::string("zimg ") + version());
  app_->footer(examples);
  app_->get_formatter()->column_width(34);
}

Program::~Program() = default;

Command Program::root() {
  return Command(app_.get(), &chosen_);
}

CommandText Program::text() const {
  return text_of(*app_);
}

Run Program::parse(int argc, char** argv) {
  refuse_unknown_command(*app_, argc, argv);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ConversionError& error) {
    refuse_value_of_flag(error.what());
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app_->exit(error);  // prints the help or the version
      std::cout.flush();
      if (!std::cout) throw Error(ErrorCode::kIo, "standard output cannot be written");
      return nullptr;
    }
    refuse_what_is_left(*app_);
    throw Error(ErrorCode::kInvalidArgument, std::string(error.what()) + " (zimg --help tells more)");
  }
  return chosen_;
}

}  // namespace zimg::app
