// A whole bundle: whatever is stored is what its digest names, and the report adds up.
#include <cstdlib>

#include "base/sha256.hpp"
#include "memory_file.hpp"
#include "zimg/bundle.hpp"
#include "zimg/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const zimg_test::MemoryFile file(data, size);
  const auto cache = zimg::make_memory_cache(std::uint64_t{1} << 24);
  try {
    const zimg::ImportReport report = zimg::import_bundle(*cache, file.path());
    if (report.entries != report.stored + report.refused) std::abort();
    cache->list([&](const zimg::CacheKey& key, const zimg::EntryInfo& info, std::uint64_t) {
      const auto entry = cache->peek(key);
      if (entry && zimg::base::sha256(entry->payload->data(), entry->payload->size()) != info.payload_sha256) {
        std::abort();
      }
      return true;
    });
  } catch (const zimg::Error&) {
  }
  return 0;
}
