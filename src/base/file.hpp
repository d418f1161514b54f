// Whole small files: read with a bound, written so that they appear whole or not at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "zimg/error.hpp"

namespace zimg::base {

// The file's octets. Errors: kNotFound when it is not there, `code` when it is larger than `max_bytes` or not a regular
// file, kIo when it cannot be read.
std::string read_file(const std::string& path, std::uint64_t max_bytes, ErrorCode code);

// Writes `content` under a temporary name beside `path` with permissions `mode` (less the umask) and renames it over
// `path`; when `durable`, syncs the file before and the folder after. Nothing temporary is left behind on failure.
// Errors: kIo naming `path`.
void write_file(const std::string& path, std::string_view content, unsigned mode, bool durable);

// Creates `path` and its missing parents as folders of mode 0700, durably. Errors: kIo.
void create_private_folders(const std::string& path);

// The folder that `path` lies in: "/a" of "/a/b", "." of "b".
std::string parent_of(const std::string& path);

// Makes what was created, renamed and removed in the folder `path` outlive a loss of power. Errors: kIo.
void sync_folder(const std::string& path);

// $XDG_CACHE_HOME/zimg, else $HOME/.cache/zimg; empty when neither variable holds an absolute path.
std::string cache_home();

}  // namespace zimg::base
