// The zimg program: a thin user of the public API.
#include <new>

#include "app/command/commands.hpp"
#include "app/command_line.hpp"
#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  zimg draw \"a house and a tree under a yellow sun\" -o house.png\n"
    "  zimg draw \"a red circle\" -o circle.png --count 4\n"
    "  zimg draw \"a fox in the snow\" -o fox.png --model ~/Z-Image-Turbo --size 1024x768\n"
    "  zimg draw --from prompts.txt -o pictures --json\n"
    "  zimg inspect fox.png\n"
    "  zimg cache stats\n\n"
    "Each command has its own --help. Exit codes: 0 done, 1 failed, 2 wrong use, 3 not in the cache\n"
    "(draw --only-if-cached), 130 interrupted.\n"
    "Environment: ZIMG_MODEL, ZIMG_CACHE, ZIMG_DEVICE, ZIMG_TORCH (a libtorch folder).";

int exit_code_of(ErrorCode code) {
  if (code == ErrorCode::kInvalidArgument) return kWrongUse;
  return code == ErrorCode::kCancelled ? kInterrupted : kFailed;
}

int run_program(int argc, char** argv) {
  Program program("zimg draws pictures from prompts with Z-Image, and never draws the same picture twice.", kExamples);
  add_draw(program.root());
  add_key(program.root());
  add_inspect(program.root());
  add_convert(program.root());
  add_cache(program.root());
  add_prewarm(program.root());
  add_bench(program.root());
  const Run run = program.parse(argc, argv);
  if (run == nullptr) return kDone;
  listen_for_interrupts();
  const int code = run();
  finish_printing();
  return code;
}

}  // namespace
}  // namespace zimg::app

int main(int argc, char** argv) {
  using namespace zimg::app;
  try {
    return run_program(argc, argv);
  } catch (const zimg::Error& error) {
    complain(error.what());
    return exit_code_of(error.code());
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(error.what());
  }
  return kFailed;
}
