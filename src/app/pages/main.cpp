// zimg_pages: writes the manual pages and the shells' completions, from the same words as --help. Run by the build.
//
//   zimg_pages FOLDER      fills man1/, bash/zimg and zsh/_zimg below it
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "app/pages/completion.hpp"
#include "app/pages/man_page.hpp"
#include "app/zimg_program.hpp"

namespace zimg::app {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("'" + path.string() + "' could not be written");
}

void write_man_pages(const std::filesystem::path& folder, const CommandText& command, const std::string& words) {
  write(folder / (page_name(words) + ".1"), man_page(command, words));
  for (const CommandText& other : command.commands) write_man_pages(folder, other, words + " " + other.name);
}

}  // namespace
}  // namespace zimg::app

int main(int argc, char** argv) {
  using namespace zimg::app;
  if (argc != 2) {
    std::fputs("zimg_pages: one folder is expected\n", stderr);
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    const CommandText program = ZimgProgram().text();
    for (const char* part : {"man1", "bash", "zsh"}) {
      std::filesystem::remove_all(folder / part);  // a page of a command that is no more
    }
    write_man_pages(folder / "man1", program, program.name);
    write(folder / "bash" / "zimg", bash_completion(program));
    write(folder / "zsh" / "_zimg", zsh_completion(program));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "zimg_pages: %s\n", error.what());
    return 1;
  }
}
