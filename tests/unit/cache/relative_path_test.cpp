// A store that was named relative to a folder which the process then leaves.
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "contract/icache_contract.hpp"
#include "temporary_folder.hpp"
#include "zimg/store_maintenance.hpp"

namespace {

namespace fs = std::filesystem;
using icache_contract::entry_of;
using icache_contract::key_of;
using zimg_test::TemporaryFolder;

class WorkingFolder {
 public:
  explicit WorkingFolder(const std::string& path) : before_(fs::current_path()) { fs::current_path(path); }
  ~WorkingFolder() { fs::current_path(before_); }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

 private:
  const fs::path before_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(relative_path)

BOOST_AUTO_TEST_CASE(leads_to_the_same_store_after_the_process_moved) {
  const TemporaryFolder folder, other;
  const WorkingFolder start(folder.path());
  const auto cache = zimg::open_cache("lmdb:store?size=8MiB");
  cache->store(key_of(1), entry_of(1, 1000));
  const WorkingFolder moved(other.path());
  BOOST_TEST(cache->verify({}).entries == 1u);
  BOOST_TEST((cache->claim_drawing(key_of(2)).state == zimg::DrawingClaim::State::kHeld));
  BOOST_TEST(fs::exists(folder.path("store/drawing.lock")));
  BOOST_TEST(fs::is_empty(other.path()));
  BOOST_TEST(cache->description() == "lmdb:" + folder.path("store"));
}

BOOST_AUTO_TEST_CASE(may_be_left_while_the_store_is_rebuilt) {
  const TemporaryFolder folder, other;
  const WorkingFolder start(folder.path());
  zimg::open_cache("lmdb:store?size=8MiB")->store(key_of(1), entry_of(1, 1000));
  zimg::LmdbOptions options;
  options.path = "store";
  const auto report = zimg::rebuild_lmdb_store(options, [&](const zimg::RebuildReport&) {
    fs::current_path(other.path());
    return true;
  });
  BOOST_TEST(report.entries == 1u);
  BOOST_TEST(fs::is_empty(other.path()));
}

BOOST_AUTO_TEST_SUITE_END()
