// A Git LFS pointer is what a clone without Git LFS has in the place of a large file: some lines that say which one.
#pragma once

#include <string>
#include <string_view>

namespace zimg::base {

// For every reader of a model's files, before it looks for what should be there. Errors: kBadModel naming `path` and
// the remedy, where `content` is such a pointer.
void refuse_git_lfs_pointer(const std::string& path, std::string_view content);

}  // namespace zimg::base
