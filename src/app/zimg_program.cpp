#include "app/zimg_program.hpp"

#include "app/command/commands.hpp"

namespace zimg::app {
namespace {

constexpr const char* kProgramExamples =
    "Examples:\n"
    "  zimg draw \"a house and a tree under a yellow sun\" -o house.png\n"
    "  zimg draw \"a red circle\" -o circle.png --count 4\n"
    "  zimg draw \"a fox in the snow\" -o fox.png --model ~/Z-Image-Turbo --size 1024x768\n"
    "  zimg draw --from prompts.txt -o pictures --json\n"
    "  zimg inspect fox.png\n"
    "  zimg cache stats\n\n"
    "Each command has its own --help. Exit codes: 0 done, 1 failed, 2 wrong use, 3 not in the cache\n"
    "(draw --only-if-cached), 130 interrupted.\n"
    "Environment: ZIMG_MODEL, ZIMG_CACHE, ZIMG_DEVICE, ZIMG_TORCH (a libtorch folder), ZIMG_BUILTIN_MODEL (the folder "
    "of\n"
    "the built-in model), XDG_CACHE_HOME (what zimg keeps is in the folder zimg there; ~/.cache if absent).";

}  // namespace

ZimgProgram::ZimgProgram()
    : Program("zimg draws pictures from prompts with Z-Image, and never draws the same picture twice.",
              kProgramExamples) {
  add_draw(root());
  add_key(root());
  add_inspect(root());
  add_convert(root());
  add_cache(root());
  add_prewarm(root());
  add_bench(root());
}

}  // namespace zimg::app
