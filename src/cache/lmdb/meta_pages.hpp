// The two first pages of data.mdb, of which LMDB believes every number: a damaged one would end the process.
#pragma once

#include <cstdint>
#include <string>

namespace zimg::cache {

// Throws LmdbFailure unless both pages say what LMDB may have written into a file for a map of this size. A file that
// is not there, or is empty, has none yet. Others may be committing meanwhile.
void check_meta_pages(const std::string& folder, std::uint64_t capacity_bytes);

}  // namespace zimg::cache
