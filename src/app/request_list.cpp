#include "app/request_list.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string_view>
#include <utility>

#include "app/csv.hpp"
#include "app/file_ending.hpp"
#include "app/interrupt.hpp"
#include "app/request_fields.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/system_error.hpp"
#include "base/utf8.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

constexpr std::uint64_t kMaxListBytes = std::uint64_t{256} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some editors begin a file with it

// What has come of standard input; 0 at its end. Who types or pipes may take his time, and an interrupt is heard
// meanwhile.
ssize_t read_some(char* piece, std::size_t room) {
  constexpr int kSliceMs = 50;
  for (;;) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int ready = ::poll(&input, 1, kSliceMs);
    stop_if_interrupted();
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t size = ::read(STDIN_FILENO, piece, room);
    if (size < 0 && errno == EINTR) continue;
    stop_if_interrupted();
    return size;
  }
}

std::string read_standard_input() {
  std::string content;
  char piece[65536];
  for (;;) {
    const ssize_t size = read_some(piece, sizeof piece);
    if (size < 0) throw base::system_error(ErrorCode::kIo, "cannot read", "standard input", errno);
    if (size == 0) return content;
    content.append(piece, static_cast<std::size_t>(size));
    if (content.size() > kMaxListBytes) {
      throw Error(ErrorCode::kInvalidArgument, "standard input holds more than the 256 MiB that are read");
    }
  }
}

std::string read_content(const std::string& path) {
  std::string content =
      path == "-" ? read_standard_input() : base::read_file(path, kMaxListBytes, ErrorCode::kInvalidArgument);
  if (content.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0) content.erase(0, kByteOrderMark.size());
  return content;
}

void check_utf8(std::string_view text, const std::string& origin) {
  if (const auto place = base::find_invalid_utf8(text)) {
    throw Error(ErrorCode::kInvalidArgument, origin + " is not UTF-8 at byte " + std::to_string(*place));
  }
}

ListedRequest listed_request(std::uint64_t line, base::Json object, const Request& defaults,
                             const std::string& origin) {
  ListedRequest listed{line, defaults};
  const auto priority = object.is_object() ? object.find("priority") : object.end();
  if (priority != object.end()) {
    if (!priority->is_number()) {
      throw Error(ErrorCode::kInvalidArgument,
                  origin + ": priority is a JSON " + priority->type_name() + " where a number is expected");
    }
    listed.priority = priority->get<double>();
    object.erase(priority);
  }
  set_fields(listed.request, object, origin);
  return listed;
}

// A cell of a column that is no text in JSON. What is neither a number nor a truth value is left to the field to
// refuse.
base::Json cell_value(const std::string& column, const std::string& cell) {
  static const std::set<std::string> kTexts{"prompt",    "negative_prompt", "size", "schedule", "seed", "match",
                                            "namespace", "format",          "mode", "ttl",      "tag"};
  if (kTexts.count(column) != 0) return cell;
  try {
    return base::parse_json(cell, "the cell", ErrorCode::kInvalidArgument);
  } catch (const Error&) {
    return cell;
  }
}

std::vector<ListedRequest> read_table(const std::string& path, const Request& defaults) {
  const std::string content = read_content(path);
  check_utf8(content, "'" + path + "'");
  const CsvTable table = parse_csv(content, path);
  std::vector<ListedRequest> requests;
  for (const CsvRow& row : table.rows) {
    base::Json object = base::Json::object();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i].empty()) object[table.columns[i]] = cell_value(table.columns[i], row.cells[i]);
    }
    requests.push_back(listed_request(row.line, std::move(object), defaults, line_origin(path, row.line)));
  }
  return requests;
}

std::vector<ListedRequest> read_line_by_line(const std::string& path, const Request& defaults) {
  std::vector<ListedRequest> requests;
  std::uint64_t number = 0;
  for (const std::string& line : read_lines(path)) {
    const std::string origin = line_origin(path, ++number);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    if (line[first] == '{') {
      base::Json object = base::parse_json(line, origin, ErrorCode::kInvalidArgument);
      requests.push_back(listed_request(number, std::move(object), defaults, origin));
      continue;
    }
    check_utf8(line, origin);
    requests.push_back({number, defaults});
    requests.back().request.prompt = line;
  }
  return requests;
}

}  // namespace

std::string line_origin(const std::string& path, std::uint64_t line) {
  return (path == "-" ? std::string("standard input") : "'" + path + "'") + " line " + std::to_string(line);
}

std::vector<std::string> read_lines(const std::string& path) {
  const std::string content = read_content(path);
  std::string_view rest = content;
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
  const bool is_table = file_ending(path) == ".csv";
  std::vector<ListedRequest> requests = is_table ? read_table(path, defaults) : read_line_by_line(path, defaults);
  if (requests.empty()) {
    throw Error(ErrorCode::kInvalidArgument, (path == "-" ? "standard input" : "'" + path + "'") + " holds no prompt");
  }
  return requests;
}

}  // namespace zimg::app
