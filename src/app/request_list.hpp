// A file of requests: one a line, a bare prompt or a JSON object with the fields of request_fields.hpp and "priority";
// or, where its name ends in .csv (or .CSV), a table whose first row names those fields.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "zimg/request.hpp"

namespace zimg::app {

struct ListedRequest {
  std::uint64_t line = 0;  // from 1
  Request request;
  double priority = 0;  // what zimg prewarm draws first
};

// Reads `path`, or standard input for "-". What a line does not say is taken from `defaults`, but for the prompt, which
// each must have. Blank lines are passed over. Errors: kInvalidArgument and kNotFound naming file and line; nothing is
// returned in part.
std::vector<ListedRequest> read_request_list(const std::string& path, const Request& defaults);

// The content of `path` or of standard input, as lines without their ends. Errors: kNotFound, kIo, kInvalidArgument
// (more than 256 MiB).
std::vector<std::string> read_lines(const std::string& path);

// "prompts.txt line 3", for errors about a line.
std::string line_origin(const std::string& path, std::uint64_t line);

}  // namespace zimg::app
