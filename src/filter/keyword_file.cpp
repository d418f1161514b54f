#include "filter/keyword_file.hpp"

#include <cstdint>

#include "base/file.hpp"
#include "base/utf8.hpp"
#include "filter/matching_form.hpp"
#include "filter/spelling.hpp"
#include "zimg/error.hpp"

namespace zimg::filter {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20;
constexpr std::size_t kMaxLineBytes = 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some editors begin a file with it
constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

void check_line(std::string_view line, const std::string& origin) {
  const auto refuse = [&](const std::string& what) { throw Error(ErrorCode::kInvalidArgument, origin + what); };
  if (line.size() > kMaxLineBytes) {
    refuse(" is " + std::to_string(line.size()) + " bytes long; at most " + std::to_string(kMaxLineBytes) +
           " are expected");
  }
  if (const auto place = base::find_invalid_utf8(line)) {
    refuse(" is not UTF-8 at byte " + std::to_string(*place) + "; valid UTF-8 is expected");
  }
  if (line.find('\0') != std::string_view::npos) refuse(" holds a NUL; a word or phrase is expected");
}

}  // namespace

std::vector<std::string> parse_keywords(std::string_view content, const std::string& path) {
  if (content.substr(0, kByteOrderMark.size()) == kByteOrderMark) content.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> words;
  for (std::uint64_t number = 1; !content.empty(); ++number) {
    const std::size_t end = content.find('\n');
    const std::string_view line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    const std::string origin = "'" + path + "' line " + std::to_string(number);
    check_line(line, origin);
    const std::string_view word = trimmed(line);
    if (word.empty() || word.front() == '#') continue;
    if (spell(matching_form(word), Reading::kPlain).empty()) {
      throw Error(ErrorCode::kInvalidArgument, origin + " holds no letter or digit; a word or phrase is expected");
    }
    words.emplace_back(word);
  }
  if (words.empty()) throw Error(ErrorCode::kInvalidArgument, "'" + path + "' holds no word; at least one is expected");
  return words;
}

std::vector<std::string> read_keywords(const std::string& path) {
  return parse_keywords(base::read_file(path, kMaxBytes, ErrorCode::kInvalidArgument), path);
}

}  // namespace zimg::filter
