// make_golden_stores FOLDER: writes the stores of golden_stores.hpp as this version lays them out. For a new format
// only: what an earlier version wrote stays as it is.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "unit/cache/golden_stores.hpp"
#include "zimg/error.hpp"

namespace {

namespace fs = std::filesystem;

void fill(const zimg::LmdbOptions& options, const std::vector<golden::GoldenEntry>& entries) {
  zimg::LmdbOptions making = options;
  making.capacity_bytes = golden::kCapacity;
  const auto cache = zimg::open_lmdb_cache(making);
  for (const auto& [number, entry] : entries) cache->store(golden::golden_key(number), entry);
  for (int i = 0; i < 3; ++i) cache->find(golden::golden_key(entries.back().number));
  cache->find(golden::golden_key(999));
}

// Only what a later version reads, and of data.mdb what is no zero.
void strip(const std::string& folder) {
  for (const char* name : {"/lock.mdb", "/open.lock", "/users.lock", "/writer.lock", "/drawing.lock"}) {
    fs::remove(folder + name);
  }
  std::ifstream file(folder + "/data.mdb", std::ios::binary);
  const std::string octets((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t end = octets.find_last_not_of('\0') + 1;
  fs::resize_file(folder + "/data.mdb", (end + 4095) / 4096 * 4096);
}

int make(const std::string& folder) {
  fs::create_directories(folder);
  const std::string plain = folder + "/plain";
  fill(golden::plain_options(plain, golden::kMadeAtMs), golden::plain_entries());
  strip(plain);
  const std::string ruled = folder + "/ruled";
  fill(golden::ruled_options(ruled, golden::kMadeAtMs), golden::ruled_entries());
  strip(ruled);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || fs::exists(argv[1])) {
    std::fprintf(stderr, "usage: make_golden_stores FOLDER, which must not be there\n");
    return 2;
  }
  try {
    return make(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_golden_stores: %s\n", error.what());
    return 1;
  }
}
