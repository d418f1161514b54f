// The command line: commands with options, each bound to a variable, and the help that is made of them.
//
// The parser's own types (CLI11) stay in command_line.cpp. One thread at a time. Variables that options are bound to
// must outlive Program::parse().
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace zimg::app {

// Does the work of a command and gives the exit code.
using Run = std::function<int()>;

struct OptionTraits {
  const char* environment = nullptr;  // a variable that stands in for the option where that is absent
  bool is_required = false;
  bool is_filled = false;  // an empty value, as of a variable that is not set, is refused and not taken for absence
};

struct WholeRange {
  std::uint32_t least = 0;
  std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
};

struct RealRange {
  double least = 0;
  double most = 0;
};

// What the help of a command says, for those who write it in another form.
struct OptionText {
  std::vector<std::string> names;  // "-o", "--output"; one without dashes goes by its place
  std::string value;               // what the help calls the value; empty: it takes none
  std::string shown_default;
  std::string environment;
  std::string help;
  std::string group;
  bool is_required = false;
  bool is_repeated = false;

  bool is_positional() const { return names.front().front() != '-'; }
};

struct CommandText {
  std::string name;
  std::string what;
  std::string examples;
  std::vector<OptionText> options;
  std::vector<CommandText> commands;
};

// One command. A copy is another name for the same.
class Command {
 public:
  Command add_command(const std::string& name, const std::string& what, const std::string& examples = "");
  void runs(Run run);

  // Options that are added after this stand under `title` in the help.
  void group(const std::string& title) { group_ = title; }

  // Binds `target`, which holds the default, to the option `name` ("-o,--output"; without dashes: by its place).
  // `value` is what the help calls the value, "WxH". A number out of its range is refused; a list has one value each
  // time that its option is given, and any number of those that go by their place.
  void add(const std::string& name, const std::string& value, std::string& target, const std::string& help,
           OptionTraits traits = {});
  void add(const std::string& name, const std::string& value, std::optional<std::string>& target,
           const std::string& help);
  void add(const std::string& name, const std::string& value, std::uint32_t& target, const std::string& help,
           WholeRange range = {});
  void add(const std::string& name, const std::string& value, std::optional<std::uint32_t>& target,
           const std::string& help, WholeRange range = {});
  void add(const std::string& name, const std::string& value, double& target, const std::string& help,
           std::optional<RealRange> range = std::nullopt);
  void add(const std::string& name, const std::string& value, std::optional<double>& target, const std::string& help,
           std::optional<RealRange> range = std::nullopt);
  void add(const std::string& name, const std::string& value, std::vector<std::string>& target, const std::string& help,
           OptionTraits traits = {});
  void add_flag(const std::string& name, bool& target, const std::string& help);

  // What the command line gave, in its order: "--seed", "PROMPT". What only the environment says is not among it.
  std::vector<std::string> given() const;

 private:
  friend class Program;
  Command(CLI::App* app, Run* chosen) : app_(app), chosen_(chosen) {}

  template <class Target, class Read>
  CLI::Option* bind(const std::string& name, const std::string& value, Target& target, const std::string& help,
                    Read read);

  CLI::App* app_;
  Run* chosen_;  // of the whole program
  std::string group_ = "Options";
};

class Program {
 public:
  Program(const std::string& what, const std::string& examples);
  ~Program();

  Command root();
  CommandText text() const;

  // What the command line asks for; empty when that was --help or --version, which have then been printed.
  // Errors: kInvalidArgument.
  Run parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
  Run chosen_;
};

}  // namespace zimg::app
