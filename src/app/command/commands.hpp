// The commands of the program. Each adds itself, with its options, to `program`.
#pragma once

#include "app/command_line.hpp"

namespace zimg::app {

void add_draw(Command program);
void add_key(Command program);
void add_inspect(Command program);
void add_convert(Command program);
void add_cache(Command program);
void add_cache_upkeep(Command cache);
void add_prewarm(Command program);
void add_bench(Command program);

}  // namespace zimg::app
