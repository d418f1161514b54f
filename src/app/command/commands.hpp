// The commands of the program. Each adds its options to `program`; when the command line names it, `run` becomes what
// does the work and returns an exit code.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace zimg::app {

using Run = std::function<int()>;

void add_draw(CLI::App& program, Run& run);
void add_key(CLI::App& program, Run& run);
void add_inspect(CLI::App& program, Run& run);
void add_convert(CLI::App& program, Run& run);
void add_cache(CLI::App& program, Run& run);
void add_bench(CLI::App& program, Run& run);

}  // namespace zimg::app
