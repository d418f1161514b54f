// Synonyms: words that become another before key and model see them, at the loose level. Read from a file in which a
// line is the word that is drawn, then the words that become it, with tabs between:
//
//     猫<TAB>猫咪<TAB>喵星人
//
// Empty lines and lines that begin with # say nothing. Const-safe once made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zimg::key {

class Synonyms {
 public:
  // The longest word, in code points; bounds the time that a place of a prompt may take, and what a pass adds to it.
  static constexpr std::size_t kMaxWord = 64;

  // `origin` names the content in errors. Errors: kInvalidArgument naming the line that is not UTF-8, has no tab, has
  // an empty or too long word or one with a quotation mark; that gives a word a second meaning; that makes a chain or
  // closes a cycle.
  static Synonyms parse(std::string_view content, const std::string& origin);
  // Errors: also kNotFound, kIo.
  static Synonyms read(const std::string& path);

  // One pass from the left, the longest word first; what was replaced is not looked at again. Words of spaced scripts
  // are only found whole. None where the result would be of more than `longest` code points. REQUIRES: `text` is folded
  // loosely but for synonyms, and holds no quotation.
  std::optional<std::u32string> replace(std::u32string_view text, std::size_t longest) const;

 private:
  struct Match {
    std::size_t length = 0;  // 0: none
    const std::u32string* becomes = nullptr;
  };

  void add(std::u32string_view word, std::u32string_view becomes);
  Match longest_match(std::u32string_view text, std::size_t at) const;

  // A tree of the words by code point; a child is found by its parent and code point.
  std::unordered_map<std::uint64_t, std::uint32_t> children_;
  std::vector<std::uint32_t> nodes_ = {0};  // where a word ends: its place in becomes_, counted from 1
  std::vector<std::u32string> becomes_;
};

}  // namespace zimg::key
