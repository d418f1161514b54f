#include "checkpoint/digest_store.hpp"

#include <algorithm>
#include <utility>

#include "base/file.hpp"
#include "base/hex.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

// The whole stamp stands in the file: a name that is a hash of it is no proof.
std::string stamp_line(const FileStamp& stamp, const base::Sha256Digest& sample) {
  return "zimg-digest 2 " + std::to_string(stamp.device) + " " + std::to_string(stamp.inode) + " " +
         std::to_string(stamp.size) + " " + std::to_string(stamp.mtime_ns) + " " + std::to_string(stamp.ctime_ns) +
         " " + base::hex_of(sample);
}

}  // namespace

DigestStore::DigestStore(std::string folder) : folder_(std::move(folder)) {}

std::string DigestStore::path_of(const FileStamp& stamp, const base::Sha256Digest& sample) const {
  const std::string line = stamp_line(stamp, sample);
  return folder_ + "/" + base::hex_of(base::sha256(line.data(), line.size())).substr(0, 32);
}

std::optional<base::Sha256Digest> DigestStore::find(const FileStamp& stamp, const base::Sha256Digest& sample) const {
  if (folder_.empty()) return std::nullopt;
  try {
    const std::string content = base::read_file(path_of(stamp, sample), 1024, ErrorCode::kIo);
    const std::string line = stamp_line(stamp, sample) + " ";
    if (content.size() != line.size() + 65 || !content.starts_with(line) || content.back() != '\n') {
      return std::nullopt;
    }
    const auto octets = base::from_hex(std::string_view(content).substr(line.size(), 64));
    if (!octets) return std::nullopt;
    base::Sha256Digest digest{};
    std::copy(octets->begin(), octets->end(), digest.begin());
    return digest;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void DigestStore::remember(const FileStamp& stamp, const base::Sha256Digest& sample,
                           const base::Sha256Digest& digest) const {
  if (folder_.empty()) return;
  try {
    base::create_private_folders(folder_);
    base::write_file(path_of(stamp, sample), stamp_line(stamp, sample) + " " + base::hex_of(digest) + "\n", 0600,
                     false);
  } catch (const Error&) {
    return;  // it is computed again the next time
  }
}

}  // namespace zimg::checkpoint
