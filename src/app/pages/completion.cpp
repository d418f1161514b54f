#include "app/pages/completion.hpp"

#include <string_view>

namespace zimg::app {
namespace {

bool is_a_file(const std::string& value) {
  for (const std::string_view word : {"FILE", "DIR", "PATH", "OUT", "TRACE"}) {
    if (value == word) return true;
  }
  return false;
}

// Words that the completion offers after a command, and the options after which the next word is theirs.
struct Offered {
  std::string words;
  std::string takes_file;
  std::string takes_value;
  bool wants_file = false;  // by its place
};

void add_word(std::string& words, const std::string& word, const char* between) {
  if (!words.empty()) words += between;
  words += word;
}

Offered offered(const CommandText& command) {
  Offered offer;
  for (const CommandText& other : command.commands) add_word(offer.words, other.name, " ");
  for (const OptionText& option : command.options) {
    if (option.is_positional()) {
      offer.wants_file |= is_a_file(option.names.front());
      continue;
    }
    for (const std::string& name : option.names) {
      add_word(offer.words, name, " ");
      if (!option.value.empty()) add_word(is_a_file(option.value) ? offer.takes_file : offer.takes_value, name, "|");
    }
  }
  return offer;
}

// A branch of `case` for the command and one for each below it.
void write_cases(const CommandText& command, const std::string& words, std::string& out) {
  const Offered offer = offered(command);
  out += "    '" + words + "') words='" + offer.words + "' files='|" + offer.takes_file + "|' values='|" +
         offer.takes_value + "|' wants_file=" + (offer.wants_file ? "1" : "") + " ;;\n";
  for (const CommandText& other : command.commands) write_cases(other, words + " " + other.name, out);
}

// The commands below `command`, as what `zimg cache` may be followed by.
void write_names(const CommandText& command, const std::string& words, std::string& out) {
  for (const CommandText& other : command.commands) {
    add_word(out, "'" + words + " " + other.name + "'", "|");
    write_names(other, words + " " + other.name, out);
  }
}

// Between quotes and brackets of a specification of _arguments.
std::string zsh_quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string zsh_value(const std::string& value) {
  return ":" + zsh_quoted(value) + ":" + (is_a_file(value) ? "_files" : "");
}

std::string zsh_function(const std::string& words) {
  std::string name = "_" + words;
  for (char& c : name) {
    if (c == ' ') c = '_';
  }
  return name;
}

void write_zsh(const CommandText& command, const std::string& words, std::string& out) {
  out += zsh_function(words) + "() {\n";
  if (!command.commands.empty()) {
    // What _arguments sets for the state below would else stay behind in the shell.
    out += "  local curcontext=$curcontext context state state_descr line ret=1\n  typeset -A opt_args\n";
  }
  out += command.commands.empty() ? "  _arguments -s" : "  _arguments -s -C";
  bool has_files = false;
  for (const OptionText& option : command.options) {
    if (option.is_positional()) {
      has_files |= is_a_file(option.names.front());
      continue;
    }
    for (const std::string& name : option.names) {
      out += std::string(" \\\n    '") + (option.is_repeated ? "*" : "") + name + "[" + zsh_quoted(option.help) + "]" +
             (option.value.empty() ? "" : zsh_value(option.value)) + "'";
    }
  }
  if (command.commands.empty()) {
    out += std::string(" \\\n    '*:argument:") + (has_files ? "_files" : "") + "'\n}\n";
    return;
  }
  out += " \\\n    '1:command:((";
  for (const CommandText& other : command.commands) {
    out += (&other == &command.commands.front() ? "" : " ") + other.name + "\\:\"" + zsh_quoted(other.what) + "\"";
  }
  out += "))' \\\n    '*::argument:->rest' && ret=0\n  [[ $state == rest ]] || return ret\n  case $words[1] in\n";
  for (const CommandText& other : command.commands) {
    out += "    " + other.name + ") " + zsh_function(words + " " + other.name) + " && ret=0 ;;\n";
  }
  out += "  esac\n  return ret\n}\n";
  for (const CommandText& other : command.commands) write_zsh(other, words + " " + other.name, out);
}

}  // namespace

std::string bash_completion(const CommandText& program) {
  std::string names;
  write_names(program, program.name, names);
  std::string cases;
  write_cases(program, program.name, cases);
  return "# Completion of " + program.name + R"( for bash.
_zimg() {
  local command=zimg words files values wants_file word i
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    case "$command $word" in
    )" + names +
         R"() command+=" $word" ;;
    esac
  done
  case $command in
)" + cases +
         R"(  esac
  if [[ $files == *"|$previous|"* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  elif [[ $values == *"|$previous|"* ]]; then
    COMPREPLY=()
  elif [[ -n $wants_file && $current != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}
complete -o filenames -F _zimg zimg
)";
}

std::string zsh_completion(const CommandText& program) {
  std::string out = "#compdef zimg\n# Completion of zimg for zsh.\n";
  write_zsh(program, program.name, out);
  return out + "_zimg \"$@\"\n";
}

}  // namespace zimg::app
