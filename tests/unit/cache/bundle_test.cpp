#include "zimg/bundle.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "contract/icache_contract.hpp"
#include "expect_error.hpp"
#include "temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using icache_contract::entry_of;
using icache_contract::key_of;
using zimg::ErrorCode;
using zimg_test::expect_error;
using zimg_test::TemporaryFolder;

constexpr std::size_t kStart = 16;
constexpr std::size_t kFrame = 24;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::shared_ptr<zimg::ICache> memory_with(std::uint64_t first, std::uint64_t last) {
  auto cache = zimg::make_memory_cache(64u << 20);
  for (std::uint64_t i = first; i <= last; ++i) {
    zimg::CacheEntry entry = entry_of(i, 100 + i * 1000);
    entry.info.stored_at_ms = 1700000000000 + static_cast<std::int64_t>(i);
    cache->store(key_of(i), entry);
  }
  return cache;
}

struct Import {
  zimg::ImportReport report;
  std::vector<zimg::RefusedEntry> refused;
};

Import import(zimg::ICache& cache, const std::string& path) {
  Import result;
  zimg::ImportOptions options;
  options.on_refused = [&](const zimg::RefusedEntry& entry) { result.refused.push_back(entry); };
  result.report = zimg::import_bundle(cache, path, options);
  BOOST_TEST(result.report.refused == result.refused.size());
  BOOST_TEST(result.report.entries == result.report.stored + result.report.refused);
  return result;
}

bool says(const Import& import, std::size_t place, const std::string& part) {
  if (import.refused.size() <= place) return false;
  BOOST_TEST_INFO(import.refused[place].reason);
  return import.refused[place].reason.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bundle)

BOOST_AUTO_TEST_CASE(carries_every_entry_and_every_fact) {
  const TemporaryFolder folder;
  const std::string path = folder.path("pictures.zimg");
  const auto from = memory_with(1, 40);
  const zimg::ExportReport exported = zimg::export_bundle(*from, path);
  BOOST_TEST(exported.entries == 40u);
  BOOST_TEST(exported.left_out == 0u);
  BOOST_TEST(((fs::status(path).permissions() & fs::perms::all) == fs::perms(0600)));
  zimg::LmdbOptions options;
  options.path = folder.path("store");
  options.capacity_bytes = 64u << 20;
  const auto to = zimg::open_lmdb_cache(options);
  const Import imported = import(*to, path);
  BOOST_TEST(imported.report.is_whole);
  BOOST_TEST(imported.report.stored == 40u);
  BOOST_TEST(imported.report.payload_bytes == exported.payload_bytes);
  BOOST_TEST(imported.report.read_bytes == fs::file_size(path));
  for (std::uint64_t i = 1; i <= 40; ++i) {
    const auto before = from->find(key_of(i));
    const auto after = to->find(key_of(i));
    BOOST_REQUIRE(after.has_value());
    BOOST_TEST((*after->payload == *before->payload));
    BOOST_TEST(after->info.seed == before->info.seed);
    BOOST_TEST(after->info.stored_at_ms == before->info.stored_at_ms);
    BOOST_TEST(after->info.model == before->info.model);
    BOOST_TEST((after->info.payload_sha256 == before->info.payload_sha256));
  }
  zimg::export_bundle(*to, folder.path("again.zimg"));  // from another kind of cache, and still the same octets
  BOOST_TEST((read_file(folder.path("again.zimg")) == read_file(path)));
}

BOOST_AUTO_TEST_CASE(holds_what_the_filter_lets_through) {
  const TemporaryFolder folder;
  const auto from = memory_with(1, 10);
  const auto is_even = [](const zimg::CacheKey&, const zimg::EntryInfo& info, std::uint64_t) {
    return info.seed % 2 == 0;
  };
  BOOST_TEST(zimg::export_bundle(*from, folder.path("even"), is_even).entries == 5u);
  const auto to = zimg::make_memory_cache(64u << 20);
  BOOST_TEST(import(*to, folder.path("even")).report.stored == 5u);
  BOOST_TEST(to->find(key_of(2)).has_value());
  BOOST_TEST(!to->find(key_of(3)).has_value());
  const auto nothing = zimg::make_memory_cache(1000);
  BOOST_TEST(zimg::export_bundle(*nothing, folder.path("empty")).entries == 0u);
  BOOST_TEST(import(*to, folder.path("empty")).report.is_whole);
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_what_was_stored) {
  const TemporaryFolder folder;
  const auto from = memory_with(1, 3);
  zimg::CacheEntry lying = entry_of(9, 10);
  lying.info.payload_sha256.fill(1);
  from->store(key_of(9), lying);
  const zimg::ExportReport report = zimg::export_bundle(*from, folder.path("b"));
  BOOST_TEST(report.entries == 3u);
  BOOST_TEST(report.left_out == 1u);
}

// Every octet of a small bundle, turned over one at a time: what comes through is what was stored.
BOOST_AUTO_TEST_CASE(refuses_every_damaged_octet) {
  const TemporaryFolder folder;
  const auto from = memory_with(1, 2);
  zimg::export_bundle(*from, folder.path("sound"));
  const std::string sound = read_file(folder.path("sound"));
  int whole = 0;
  for (std::size_t at = kStart; at < sound.size(); ++at) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    write_file(folder.path("damaged"), damaged);
    const auto to = zimg::make_memory_cache(1u << 20);
    const zimg::ImportReport report = zimg::import_bundle(*to, folder.path("damaged"));
    BOOST_REQUIRE_MESSAGE(report.refused > 0 || !report.is_whole, "octet " << at);
    BOOST_REQUIRE(report.stored <= 2u);
    whole += report.is_whole ? 1 : 0;
    to->list([&](const zimg::CacheKey& key, const auto&, std::uint64_t) {
      BOOST_REQUIRE((*to->find(key)->payload == *from->find(key)->payload));
      return true;
    });
  }
  BOOST_TEST(whole > 0);  // damage inside an entry costs that entry and no other
}

BOOST_AUTO_TEST_CASE(takes_what_stands_before_a_cut) {
  const TemporaryFolder folder;
  zimg::export_bundle(*memory_with(1, 3), folder.path("sound"));
  const std::string sound = read_file(folder.path("sound"));
  for (std::size_t size = kStart; size < sound.size(); size += 97) {
    write_file(folder.path("cut"), sound.substr(0, size));
    const auto to = zimg::make_memory_cache(1u << 20);
    const Import imported = import(*to, folder.path("cut"));
    BOOST_TEST(!imported.report.is_whole);
    BOOST_TEST(imported.report.refused <= 1u);
    BOOST_TEST(to->stats().entries == imported.report.stored);
  }
  write_file(folder.path("longer"), sound + "x");
  BOOST_TEST(!import(*zimg::make_memory_cache(1u << 20), folder.path("longer")).report.is_whole);
}

BOOST_AUTO_TEST_CASE(says_which_it_refused_and_why) {
  const TemporaryFolder folder;
  const std::string path = folder.path("b");
  zimg::export_bundle(*memory_with(1, 3), path);
  const std::string sound = read_file(path);
  std::string damaged = sound;
  damaged[sound.size() - kFrame - 1] ^= 1;  // the last octet of the last payload
  damaged[kStart + kFrame + 60] ^= 1;       // in the first header
  write_file(path, damaged);
  const Import imported = import(*zimg::make_memory_cache(1u << 20), path);
  BOOST_TEST(imported.report.stored == 1u);
  BOOST_TEST(imported.report.is_whole);
  BOOST_TEST(says(imported, 0, "header is damaged"));
  BOOST_TEST(imported.refused.at(0).number == 1u);
  BOOST_TEST(imported.refused.at(0).key.size() == 64u);
  BOOST_TEST(says(imported, 1, "digest"));
  BOOST_TEST(imported.refused.at(1).number == 3u);
}

BOOST_AUTO_TEST_CASE(refuses_what_has_expired_and_what_does_not_fit) {
  const TemporaryFolder folder;
  const auto from = zimg::make_memory_cache(1u << 20);
  zimg::CacheEntry soon = entry_of(1, 10);
  soon.info.expires_at_ms = icache_contract::now_ms() + 150;
  from->store(key_of(1), soon);
  from->store(key_of(2), entry_of(2, 90000));
  from->store(key_of(3), entry_of(3, 10));
  zimg::export_bundle(*from, folder.path("b"));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  Import imported = import(*zimg::make_memory_cache(50000), folder.path("b"));
  BOOST_TEST(imported.report.stored == 1u);
  std::string reasons;
  for (const auto& refused : imported.refused) reasons += refused.reason + "; ";
  BOOST_TEST(reasons.find("expired") != std::string::npos, reasons);
  BOOST_TEST(reasons.find("larger than the cache") != std::string::npos, reasons);
}

BOOST_AUTO_TEST_CASE(asks_for_no_memory_on_the_word_of_a_file) {
  const TemporaryFolder folder;
  zimg::export_bundle(*memory_with(1, 1), folder.path("sound"));
  // The frame alone, so that its own check is right: a bundle of one entry that claims to go on behind the file's end.
  const std::string sound = read_file(folder.path("sound"));
  write_file(folder.path("cut"), sound.substr(0, kStart + kFrame));
  const Import imported = import(*zimg::make_memory_cache(1u << 20), folder.path("cut"));
  BOOST_TEST(says(imported, 0, "ends in the middle"));
}

BOOST_AUTO_TEST_CASE(tells_what_is_no_bundle) {
  const TemporaryFolder folder;
  const auto cache = zimg::make_memory_cache(1u << 20);
  const auto import_it = [&](const char* name) { zimg::import_bundle(*cache, folder.path(name)); };
  expect_error(ErrorCode::kNotFound, {"absent"}, [&] { import_it("absent"); });
  expect_error(ErrorCode::kInvalidArgument, {folder.path(), "not a regular file"},
               [&] { zimg::import_bundle(*cache, folder.path()); });
  write_file(folder.path("empty"), "");
  expect_error(ErrorCode::kInvalidArgument, {"not a bundle"}, [&] { import_it("empty"); });
  write_file(folder.path("text"), "a letter, not a bundle, and long enough");
  expect_error(ErrorCode::kInvalidArgument, {"not a bundle"}, [&] { import_it("text"); });
  zimg::export_bundle(*memory_with(1, 1), folder.path("newer"));
  std::string newer = read_file(folder.path("newer"));
  newer[9] = 2;
  write_file(folder.path("newer"), newer);
  expect_error(ErrorCode::kUnsupported, {"version 2", "newer"}, [&] { import_it("newer"); });
  expect_error(ErrorCode::kIo, {"no/such"}, [&] { zimg::export_bundle(*cache, folder.path("no/such/folder")); });
}

BOOST_AUTO_TEST_CASE(is_written_where_a_link_leads) {
  const TemporaryFolder folder;
  const auto from = memory_with(1, 2);
  fs::create_directory(folder.path("far"));
  fs::create_symlink("far/target", folder.path("link"));
  for (int i = 0; i < 2; ++i) {  // onto nothing, and onto the first
    BOOST_TEST(zimg::export_bundle(*from, folder.path("link")).entries == 2u);
    BOOST_TEST(fs::is_symlink(folder.path("link")));
    BOOST_TEST(fs::is_regular_file(folder.path("far/target")));
  }
  fs::create_symlink("circle", folder.path("circle"));
  expect_error(ErrorCode::kIo, {"circle"}, [&] { zimg::export_bundle(*from, folder.path("circle")); });
}

BOOST_AUTO_TEST_CASE(replaces_nothing_but_files_and_says_so_before_it_reads) {
  const TemporaryFolder folder;
  const auto from = memory_with(1, 2);
  const auto refuse = [&](ErrorCode code, const std::string& path, const std::string& words) {
    const zimg::EntryVisitor unread = [](const zimg::CacheKey&, const zimg::EntryInfo&, std::uint64_t) {
      BOOST_ERROR("an entry was read");
      return true;
    };
    expect_error(code, {words}, [&] { zimg::export_bundle(*from, path, unread); });
  };
  BOOST_REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  fs::create_directory(folder.path("folder"));
  fs::create_symlink("pipe", folder.path("link"));
  refuse(ErrorCode::kIo, folder.path("pipe"), "not a regular file");
  refuse(ErrorCode::kIo, folder.path("link"), "not a regular file");
  refuse(ErrorCode::kIo, folder.path("folder"), "is a folder");
  refuse(ErrorCode::kIo, folder.path(std::string(300, 'a')), "too long");
  refuse(ErrorCode::kInvalidArgument, "", "is empty");
  BOOST_TEST(fs::is_fifo(folder.path("pipe")));
  BOOST_TEST(fs::is_symlink(folder.path("link")));
}

// A cache of a host's own, which takes what zimg's would refuse.
class LooseCache final : public zimg::ICache {
 public:
  explicit LooseCache(std::shared_ptr<zimg::ICache> sound) : sound_(std::move(sound)) {}

  std::optional<zimg::CacheEntry> find(const zimg::CacheKey& key) override {
    auto entry = sound_->find(key);
    if (entry && key == key_of(2)) entry->info.tag.assign(70'000, 'x');
    if (entry && key == key_of(3)) entry->info.model.assign(900, 'x');
    return entry;
  }
  zimg::StoreOutcome store(const zimg::CacheKey& key, const zimg::CacheEntry& entry) override {
    return sound_->store(key, entry);
  }
  bool erase(const zimg::CacheKey& key) override { return sound_->erase(key); }
  void list(const zimg::EntryVisitor& visit) override { sound_->list(visit); }
  zimg::CacheStats stats() override { return sound_->stats(); }
  std::string description() const override { return "loose"; }

 private:
  std::shared_ptr<zimg::ICache> sound_;
};

BOOST_AUTO_TEST_CASE(leaves_out_what_no_import_would_take) {
  const TemporaryFolder folder;
  LooseCache from(memory_with(1, 5));
  const zimg::ExportReport report = zimg::export_bundle(from, folder.path("b"));
  BOOST_TEST(report.entries == 3u);
  BOOST_TEST(report.left_out == 2u);
  const auto to = zimg::make_memory_cache(1u << 20);
  BOOST_TEST(import(*to, folder.path("b")).report.stored == 3u);
}

BOOST_AUTO_TEST_CASE(stops_when_told_and_leaves_no_half_file) {
  const TemporaryFolder folder;
  const auto from = memory_with(1, 5);
  expect_error(ErrorCode::kCancelled, {"stopped"}, [&] {
    zimg::export_bundle(*from, folder.path("b"), {},
                        [](const zimg::ExportReport& so_far) { return so_far.entries < 2; });
  });
  BOOST_TEST(fs::is_empty(folder.path()));
  zimg::export_bundle(*from, folder.path("b"));
  zimg::ImportOptions options;
  options.on_progress = [](const zimg::ImportReport&) { return false; };
  const auto to = zimg::make_memory_cache(1u << 20);
  expect_error(ErrorCode::kCancelled, {"stopped"}, [&] { zimg::import_bundle(*to, folder.path("b"), options); });
}

BOOST_AUTO_TEST_SUITE_END()
