#include "app/request_list.hpp"

#include <cstdio>
#include <string_view>

#include "app/request_fields.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

constexpr std::uint64_t kMaxListBytes = std::uint64_t{256} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some editors begin a file with it

std::string read_standard_input() {
  std::string content;
  char piece[65536];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, stdin)) {
    content.append(piece, size);
    if (content.size() > kMaxListBytes) {
      throw Error(ErrorCode::kInvalidArgument, "standard input holds more than the 256 MiB that are read");
    }
  }
  if (std::ferror(stdin) != 0) throw Error(ErrorCode::kIo, "standard input cannot be read");
  return content;
}

}  // namespace

std::string line_origin(const std::string& path, std::uint64_t line) {
  return (path == "-" ? std::string("standard input") : "'" + path + "'") + " line " + std::to_string(line);
}

std::vector<std::string> read_lines(const std::string& path) {
  const std::string content =
      path == "-" ? read_standard_input() : base::read_file(path, kMaxListBytes, ErrorCode::kInvalidArgument);
  std::string_view rest = content;
  if (rest.substr(0, kByteOrderMark.size()) == kByteOrderMark) rest.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.emplace_back(line);
  }
  return lines;
}

std::vector<ListedRequest> read_request_list(const std::string& path, const Request& defaults) {
  std::vector<ListedRequest> requests;
  std::uint64_t number = 0;
  for (const std::string& line : read_lines(path)) {
    const std::string origin = line_origin(path, ++number);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    ListedRequest listed{number, defaults};
    if (line[first] == '{') {
      set_fields(listed.request, base::parse_json(line, origin, ErrorCode::kInvalidArgument), origin);
    } else if (const auto place = base::find_invalid_utf8(line)) {
      throw Error(ErrorCode::kInvalidArgument, origin + " is not UTF-8 at byte " + std::to_string(*place));
    } else {
      listed.request.prompt = line;
    }
    requests.push_back(std::move(listed));
  }
  if (requests.empty()) {
    throw Error(ErrorCode::kInvalidArgument, (path == "-" ? "standard input" : "'" + path + "'") + " holds no prompt");
  }
  return requests;
}

}  // namespace zimg::app
