#include "key/synonyms.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/file.hpp"
#include "base/utf8.hpp"
#include "key/character_classes.hpp"
#include "key/code_points.hpp"
#include "key/folding.hpp"
#include "zimg/error.hpp"

namespace zimg::key {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{16} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What a word becomes, and the line that says so.
struct Meaning {
  std::u32string becomes;
  std::size_t line;
};

// Reads the lines into meanings by word. A word that others become means itself.
class SynonymsReader {
 public:
  explicit SynonymsReader(const std::string& origin) : origin_(origin) {}

  void read(std::string_view content) {
    if (content.substr(0, kByteOrderMark.size()) == kByteOrderMark) content.remove_prefix(kByteOrderMark.size());
    while (!content.empty()) {
      ++line_;
      const std::size_t end = content.find('\n');
      std::string_view line = content.substr(0, end);
      content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
      const std::size_t last = line.find_last_not_of(" \t\r");  // a table's export may pad its lines with tabs
      if (last != std::string_view::npos && line.front() != '#') read_line(line.substr(0, last + 1));
    }
    refuse_chains();
  }

  const std::map<std::u32string, Meaning>& meanings() const { return meanings_; }
  const std::set<std::u32string>& targets() const { return targets_; }

 private:
  [[noreturn]] void refuse(std::size_t line, const std::string& what) const {
    throw Error(ErrorCode::kInvalidArgument, "'" + origin_ + "' line " + std::to_string(line) + " " + what);
  }

  void read_line(std::string_view line) {
    if (const auto offset = base::find_invalid_utf8(line)) {
      refuse(line_, "is not UTF-8 at byte " + std::to_string(*offset) + "; valid UTF-8 is expected");
    }
    std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) {
      refuse(line_, "has no tab; the word that is drawn, a tab and a word that becomes it are expected");
    }
    const std::u32string target = folded_word(line.substr(0, tab));
    targets_.insert(target);
    while (tab != std::string_view::npos) {
      line.remove_prefix(tab + 1);
      tab = line.find('\t');
      add(folded_word(line.substr(0, tab)), target);
    }
  }

  std::u32string folded_word(std::string_view written) const {
    const std::string folded = fold_text(written, MatchLevel::kLoose).text;
    std::u32string word = to_code_points(folded);
    if (word.empty()) refuse(line_, "has a word in which nothing can be seen; at least one letter is expected");
    if (word.size() > Synonyms::kMaxWord) {
      refuse(line_, "has a word of " + std::to_string(word.size()) + " characters; at most " +
                        std::to_string(Synonyms::kMaxWord) + " are expected");
    }
    if (word.find_first_of(U"\"“”「」『』‘’") != std::u32string::npos || word.front() == U'\'' ||
        word.back() == U'\'') {
      refuse(line_, "has a quotation mark in '" + folded + "'; quotations are never folded");
    }
    if (is_mark(word.front())) refuse(line_, "has a word that begins with an accent; a letter before it is expected");
    return word;
  }

  void add(const std::u32string& word, const std::u32string& target) {
    if (word == target) return;
    const auto [known, is_new] = meanings_.emplace(word, Meaning{target, line_});
    if (!is_new && known->second.becomes != target) {
      refuse(line_, "makes '" + to_utf8(word) + "' become '" + to_utf8(target) + "', where line " +
                        std::to_string(known->second.line) + " makes it '" + to_utf8(known->second.becomes) +
                        "'; one meaning is expected");
    }
  }

  // A word that others become must not become another itself: folding twice would not be folding once.
  void refuse_chains() const {
    for (const auto& [word, meaning] : meanings_) {
      if (meanings_.count(meaning.becomes) == 0) continue;
      std::set<std::u32string_view> seen = {word};
      std::size_t last_line = meaning.line;
      const Meaning* step = &meaning;
      for (;;) {
        if (!seen.insert(step->becomes).second) refuse(last_line, "closes a cycle at '" + to_utf8(step->becomes) + "'");
        const auto next = meanings_.find(step->becomes);
        if (next == meanings_.end()) break;
        step = &next->second;
        last_line = std::max(last_line, step->line);
      }
      const Meaning& next = meanings_.at(meaning.becomes);
      refuse(std::max(meaning.line, next.line), "makes a chain with line " +
                                                    std::to_string(std::min(meaning.line, next.line)) + ": '" +
                                                    to_utf8(meaning.becomes) + "' would become '" +
                                                    to_utf8(next.becomes) + "'; write all words on one line");
    }
  }

  const std::string& origin_;
  std::size_t line_ = 0;
  std::map<std::u32string, Meaning> meanings_;
  std::set<std::u32string> targets_;
};

}  // namespace

Synonyms Synonyms::parse(std::string_view content, const std::string& origin) {
  SynonymsReader reader(origin);
  reader.read(content);
  Synonyms synonyms;
  for (const auto& [word, meaning] : reader.meanings()) synonyms.add(word, meaning.becomes);
  // In "猫咪<TAB>猫" the shorter word must not be found inside the longer.
  for (const std::u32string& target : reader.targets()) synonyms.add(target, target);
  return synonyms;
}

Synonyms Synonyms::read(const std::string& path) {
  return parse(base::read_file(path, kMaxFileBytes, ErrorCode::kInvalidArgument), path);
}

void Synonyms::add(std::u32string_view word, std::u32string_view becomes) {
  std::uint32_t node = 0;
  for (const char32_t code : word) {
    const auto fresh = static_cast<std::uint32_t>(nodes_.size());
    const auto [child, is_new] = children_.emplace((std::uint64_t{node} << 32) | code, fresh);
    if (is_new) nodes_.push_back(0);
    node = child->second;
  }
  becomes_.emplace_back(becomes);
  nodes_[node] = static_cast<std::uint32_t>(becomes_.size());
}

Synonyms::Match Synonyms::longest_match(std::u32string_view text, std::size_t at) const {
  Match found;
  if (at > 0 && is_spaced_word(text[at - 1]) && is_spaced_word(text[at])) return found;
  std::uint32_t node = 0;
  for (std::size_t end = at; end < text.size();) {
    const auto child = children_.find((std::uint64_t{node} << 32) | text[end]);
    if (child == children_.end()) break;
    node = child->second;
    ++end;
    if (nodes_[node] == 0) continue;
    if (end < text.size()) {
      const char32_t next = text[end];
      if (is_mark(next) || is_maybe_invisible(next)) continue;
      if (is_spaced_word(text[end - 1]) && is_spaced_word(next)) continue;
    }
    found = {end - at, &becomes_[nodes_[node] - 1]};
  }
  return found;
}

std::optional<std::u32string> Synonyms::replace(std::u32string_view text, std::size_t longest) const {
  std::u32string replaced;
  replaced.reserve(std::min(text.size(), longest));
  for (std::size_t at = 0; at < text.size();) {
    const Match match = longest_match(text, at);
    if (match.length == 0) {
      replaced.push_back(text[at++]);
    } else {
      replaced += *match.becomes;
      at += match.length;
    }
    if (replaced.size() > longest) return std::nullopt;
  }
  return replaced;
}

}  // namespace zimg::key
