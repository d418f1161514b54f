#include "generator/run_path.hpp"

#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/file.hpp"

namespace zimg::generator {
namespace {

constexpr std::size_t kMaxEntries = 4096;  // of a table; a library has some ten

// Past the file's end its entries are zeros, which say nothing.
template <class Entry>
std::vector<Entry> read_table(std::ifstream& file, std::uint64_t offset, std::size_t entries) {
  std::vector<Entry> table(std::min(entries, kMaxEntries));
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(table.data()), static_cast<std::streamsize>(table.size() * sizeof(Entry)));
  return table;
}

// Where in the file the octet lies that is at `address` once the library is loaded; 0 where nowhere.
std::uint64_t offset_of(std::uint64_t address, const std::vector<ElfW(Phdr)>& segments) {
  for (const auto& segment : segments) {
    if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz) {
      return address - segment.p_vaddr + segment.p_offset;
    }
  }
  return 0;
}

std::string run_path_text(std::ifstream& file) {
  const auto header = read_table<ElfW(Ehdr)>(file, 0, 1).front();
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phentsize != sizeof(ElfW(Phdr))) return "";
  const auto segments = read_table<ElfW(Phdr)>(file, header.e_phoff, header.e_phnum);
  std::uint64_t names = 0;
  std::uint64_t name = 0;
  for (const auto& segment : segments) {
    if (segment.p_type != PT_DYNAMIC) continue;
    for (const auto& entry : read_table<ElfW(Dyn)>(file, segment.p_offset, segment.p_filesz / sizeof(ElfW(Dyn)))) {
      if (entry.d_tag == DT_STRTAB) names = offset_of(entry.d_un.d_ptr, segments);
      if (entry.d_tag == DT_RUNPATH) name = entry.d_un.d_val;
    }
  }
  if (names == 0 || name == 0) return "";
  file.clear();
  file.seekg(static_cast<std::streamoff>(names + name));
  std::string text;
  for (char c = 0; text.size() < kMaxEntries && file.get(c) && c != '\0';) text += c;
  return text;
}

}  // namespace

std::vector<std::string> run_path_of(const std::string& library) {
  std::ifstream file(library, std::ios::binary);
  std::istringstream text(run_path_text(file));
  std::vector<std::string> folders;
  for (std::string folder; std::getline(text, folder, ':');) {
    for (const char* name : {"$ORIGIN", "${ORIGIN}"}) {
      if (folder.starts_with(name)) folder = base::parent_of(library) + folder.substr(std::strlen(name));
    }
    if (!folder.empty()) folders.push_back(folder);
  }
  return folders;
}

}  // namespace zimg::generator
