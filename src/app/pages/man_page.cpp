#include "app/pages/man_page.hpp"

#include <algorithm>

#include "zimg/version.hpp"

namespace zimg::app {
namespace {

// A backslash and a hyphen have a meaning of their own in roff, and so has a dot or a quote that opens a line.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string synopsis(const CommandText& command, const std::string& words) {
  std::string out = ".B " + escaped(words) + "\n[\\fIoptions\\fR]";
  if (!command.commands.empty()) out += " \\fIcommand\\fR ...";
  for (const OptionText& option : command.options) {
    if (!option.is_positional()) continue;
    const std::string name = "\\fI" + escaped(option.names.front()) + "\\fR";
    out += option.is_required ? " " + name : " [" + name + "]";
  }
  return out + "\n";
}

std::string entry(const OptionText& option) {
  std::string out = ".TP\n";
  for (const std::string& name : option.names) {
    out += (name == option.names.front() ? "" : ", ") + ("\\fB" + escaped(name) + "\\fR");
  }
  if (!option.value.empty() && !option.is_positional()) out += " \\fI" + escaped(option.value) + "\\fR";
  if (option.is_repeated && option.is_positional()) out += " ...";
  out += "\n" + escaped(option.help) + ".";
  if (!option.shown_default.empty()) out += "\nThe default is " + escaped(option.shown_default) + ".";
  if (!option.environment.empty())
    out += "\nThe environment variable \\fB" + option.environment + "\\fR stands in for it.";
  return out + "\n";
}

std::string options_by_group(const CommandText& command) {
  std::vector<std::string> groups;
  for (const OptionText& option : command.options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  }
  std::sort(groups.begin(), groups.end(),
            [](const std::string& left, const std::string&) { return left == "Positionals"; });
  std::string out;
  for (const std::string& group : groups) {
    out += ".SH " + upper(group == "Positionals" ? "Arguments" : group) + "\n";
    for (const OptionText& option : command.options) {
      if (option.group == group) out += entry(option);
    }
  }
  return out;
}

}  // namespace

std::string page_name(std::string words) {
  std::replace(words.begin(), words.end(), ' ', '-');
  return words;
}

std::string man_page(const CommandText& command, const std::string& words) {
  const std::string name = page_name(words);
  std::string out = ".TH " + upper(name) + " 1 \"\" \"zimg " + version() + "\" \"User Commands\"\n";
  out += ".SH NAME\n" + escaped(name) + " \\- " + escaped(command.what) + "\n";
  out += ".SH SYNOPSIS\n" + synopsis(command, words);
  out += options_by_group(command);
  if (!command.commands.empty()) out += ".SH COMMANDS\n";
  for (const CommandText& other : command.commands) {
    const std::string page = page_name(words + " " + other.name);
    out += ".TP\n\\fB" + escaped(other.name) + "\\fR\n" + escaped(other.what) + "; see " + escaped(page) + "(1).\n";
  }
  if (!command.examples.empty()) out += ".SH NOTES\n.nf\n" + escaped(command.examples) + "\n.fi\n";
  return out;
}

}  // namespace zimg::app
