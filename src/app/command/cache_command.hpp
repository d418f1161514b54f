// One of the commands below `zimg cache`.
#pragma once

#include <memory>
#include <string>

#include "app/command_line.hpp"

namespace zimg::app {

// Every command has options of its own, which have a `cache` and an `is_json`: where two commands bound one variable,
// the environment of one would overrule what the command line gave the other.
template <class Options>
void add_cache_command(Command cache, const std::string& name, const std::string& what, int (*work)(const Options&),
                       void (*add_options)(Command, Options&)) {
  Command command = cache.add_command(name, what);
  const auto options = std::make_shared<Options>();
  options->cache.add_to(command);
  command.add_flag("--json", options->is_json, "Print JSON");
  add_options(command, *options);
  command.runs([options, work] { return work(*options); });
}

}  // namespace zimg::app
