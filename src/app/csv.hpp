// Tables of comma-separated values, as RFC 4180 has them: quoted cells may hold commas, line breaks and doubled quotes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zimg::app {

struct CsvRow {
  std::uint64_t line = 0;  // on which it begins, from 1
  std::vector<std::string> cells;
};

struct CsvTable {
  std::uint64_t header_line = 0;     // 0: there is not even a first row
  std::vector<std::string> columns;  // the first row, each name once
  std::vector<CsvRow> rows;          // each with as many cells; blank lines are passed over
};

// Errors: kInvalidArgument naming `path` and the line: an open quote, text beside one, another number of cells than
// columns, a column without a name or named twice.
CsvTable parse_csv(std::string_view content, const std::string& path);

}  // namespace zimg::app
