#include "app/csv.hpp"

#include <optional>
#include <set>
#include <utility>

#include "zimg/error.hpp"

namespace zimg::app {
namespace {

class Reader {
 public:
  Reader(std::string_view content, const std::string& path) : rest_(content), path_(path) {}

  // The next row that is not blank.
  std::optional<CsvRow> row() {
    while (!rest_.empty()) {
      CsvRow row{line_, {}};
      bool ends = false;
      while (!ends) {
        row.cells.push_back(cell());
        ends = take_end();
      }
      if (row.cells.size() > 1 || !row.cells.front().empty()) return row;
    }
    return std::nullopt;
  }

  [[noreturn]] void refuse(std::uint64_t line, const std::string& what) const {
    throw Error(ErrorCode::kInvalidArgument, "'" + path_ + "' line " + std::to_string(line) + " " + what);
  }

 private:
  std::string cell() {
    if (!rest_.empty() && rest_.front() == '"') return quoted_cell();
    const std::size_t end = rest_.find_first_of(",\r\n");
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(text.size());
    if (text.find('"') != std::string::npos) refuse(line_, "has a quote inside a cell that is not quoted");
    return text;
  }

  std::string quoted_cell() {
    const std::uint64_t begin = line_;
    std::string text;
    rest_.remove_prefix(1);
    while (true) {
      if (rest_.empty()) refuse(begin, "has a quote that is not closed");
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\n') ++line_;
      if (c != '"') {
        text += c;
      } else if (!rest_.empty() && rest_.front() == '"') {
        text += c;
        rest_.remove_prefix(1);
      } else {
        return text;
      }
    }
  }

  // Takes what ends a cell; whether it ends the row too.
  bool take_end() {
    if (rest_.empty()) return true;
    if (rest_.front() == ',') {
      rest_.remove_prefix(1);
      return false;
    }
    if (rest_.front() == '\r') rest_.remove_prefix(1);
    if (rest_.empty()) return true;
    if (rest_.front() != '\n') refuse(line_, "has text beside a quoted cell");
    rest_.remove_prefix(1);
    ++line_;
    return true;
  }

  std::string_view rest_;
  const std::string& path_;
  std::uint64_t line_ = 1;
};

}  // namespace

CsvTable parse_csv(std::string_view content, const std::string& path) {
  Reader reader(content, path);
  CsvTable table;
  if (auto header = reader.row()) {
    std::set<std::string> names;
    for (const std::string& name : header->cells) {
      if (name.empty()) reader.refuse(header->line, "has a column without a name");
      if (!names.insert(name).second) reader.refuse(header->line, "names the column '" + name + "' twice");
    }
    table.header_line = header->line;
    table.columns = std::move(header->cells);
  }
  while (auto row = reader.row()) {
    if (row->cells.size() != table.columns.size()) {
      reader.refuse(row->line, "has " + std::to_string(row->cells.size()) + " cells where " +
                                   std::to_string(table.columns.size()) + " columns are named");
    }
    table.rows.push_back(std::move(*row));
  }
  return table;
}

}  // namespace zimg::app
