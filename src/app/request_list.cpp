#include "app/request_list.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "app/csv.hpp"
#include "app/file_ending.hpp"
#include "app/interrupt.hpp"
#include "app/request_fields.hpp"
#include "base/excerpt.hpp"
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

// A pipe such as <(...) of a shell, which has no size to read by.
void refuse_pipe(const std::string& path) {
  std::error_code unknown;
  const auto status = std::filesystem::status(path, unknown);
  if (!std::filesystem::is_other(status)) return;
  throw Error(ErrorCode::kInvalidArgument, "'" + path +
                                               "' is not a regular file where one is expected; '-' reads standard "
                                               "input, which may be a pipe");
}

std::string read_file_or_input(const std::string& path) {
  if (path == "-") return read_standard_input();
  refuse_pipe(path);
  return base::read_file(path, kMaxListBytes, ErrorCode::kInvalidArgument);
}

std::string read_content(const std::string& path) {
  std::string content = read_file_or_input(path);
  if (content.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0) content.erase(0, kByteOrderMark.size());
  return content;
}

[[noreturn]] void refuse_octet(std::size_t place, const std::string& origin) {
  throw Error(ErrorCode::kInvalidArgument,
              origin + " is not UTF-8 at byte " + std::to_string(place) + "; a list in UTF-8 is expected");
}

void check_utf8(std::string_view line, const std::string& origin) {
  if (const auto place = base::find_invalid_utf8(line)) refuse_octet(*place, origin);
}

// The same of a whole file, whose rows may go over several lines.
void check_all_utf8(std::string_view content, const std::string& path) {
  const auto place = base::find_invalid_utf8(content);
  if (!place) return;
  const std::string_view before = content.substr(0, *place);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto lines_before = std::count(before.begin(), before.end(), '\n');
  refuse_octet(*place - line_begin, line_origin(path, static_cast<std::uint64_t>(lines_before) + 1));
}

// Takes the field that says how soon a request is drawn, which is none of its own.
double take_priority(base::Json& object, const std::string& origin) {
  const auto priority = object.find("priority");
  if (priority == object.end()) return 0;
  if (!priority->is_number()) {
    throw Error(ErrorCode::kInvalidArgument,
                origin + ": priority is " + shown_value(*priority) + " where a number is expected");
  }
  const double number = priority->get<double>();
  object.erase(priority);
  return number;
}

ListedRequest listed_request(std::uint64_t line, base::Json object, const Request& defaults,
                             const std::string& origin) {
  ListedRequest listed{line, defaults};
  listed.priority = take_priority(object, origin);
  set_fields(listed.request, object, origin);
  if (!object.contains("prompt")) {
    throw Error(ErrorCode::kInvalidArgument,
                origin + " has no 'prompt' where one is expected; \"prompt\": \"\" draws the picture of no prompt");
  }
  return listed;
}

// Of two values of a field nobody could tell which is meant.
base::Json parse_fields(const std::string& line, const std::string& origin) {
  using Event = base::Json::parse_event_t;
  std::set<std::string> names;
  return base::parse_json(line, origin, ErrorCode::kInvalidArgument, {}, [&](int depth, Event event, base::Json& part) {
    if (event != Event::key || depth != 1 || names.insert(part.get<std::string>()).second) return true;
    throw Error(ErrorCode::kInvalidArgument, origin + " has the field " +
                                                 base::in_quotes(part.get_ref<const std::string&>()) +
                                                 " twice where once is expected");
  });
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

void check_columns(const CsvTable& table, const std::string& path) {
  if (table.header_line == 0) return;
  const std::string origin = line_origin(path, table.header_line);
  for (const std::string& column : table.columns) check_field_name(column, origin);
  if (std::find(table.columns.begin(), table.columns.end(), "prompt") != table.columns.end()) return;
  throw Error(ErrorCode::kInvalidArgument, origin + " has no column 'prompt' where one is expected");
}

std::vector<ListedRequest> read_table(const std::string& path, const Request& defaults) {
  const std::string content = read_content(path);
  check_all_utf8(content, path);
  const CsvTable table = parse_csv(content, path);
  check_columns(table, path);
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
    check_utf8(line, origin);
    if (line[first] == '{') {
      requests.push_back(listed_request(number, parse_fields(line, origin), defaults, origin));
      continue;
    }
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
