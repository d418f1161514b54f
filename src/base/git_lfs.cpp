#include "base/git_lfs.hpp"

#include "zimg/error.hpp"

namespace zimg::base {

void refuse_git_lfs_pointer(const std::string& path, std::string_view content) {
  if (!content.starts_with("version https://git-lfs")) return;
  throw Error(ErrorCode::kBadModel,
              "'" + path + "' is a Git LFS pointer, not the file itself: fetch it with 'git lfs pull'");
}

}  // namespace zimg::base
