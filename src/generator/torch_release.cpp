#include "generator/torch_release.hpp"

#include <fstream>
#include <regex>

namespace zimg::generator {

const char kBuiltWithTorch[] = ZIMG_TORCH_RELEASE;

std::string torch_release_of(const std::string& library) {
  if (!library.ends_with(".so")) return "";  // "… (deleted)": what lies there now is another
  const std::string folder = library.substr(0, library.rfind('/')) + "/..";
  for (const char* name : {"/version.py", "/build-version"}) {  // of the Python package, of the unpacked archive
    std::ifstream file(folder + name);
    static const std::regex kRelease("(__version__ *= *')?([0-9]+\\.[0-9]+\\.[0-9]+).*");
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (std::regex_match(line, match, kRelease)) return match[2];
    }
  }
  return "";
}

}  // namespace zimg::generator
