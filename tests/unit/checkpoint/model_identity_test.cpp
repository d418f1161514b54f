#include "checkpoint/model_identity.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "checkpoint/digest_store.hpp"
#include "expect_error.hpp"
#include "model_fixture.hpp"

namespace {

using zimg::ErrorCode;
using zimg::checkpoint::identify;
using zimg::checkpoint::is_unchanged;
using zimg::checkpoint::ModelIdentity;
using zimg::checkpoint::RoleFile;

struct Folder {
  zimg_test::TemporaryFolder folder;
  std::string store = folder.path("digests");
  std::vector<RoleFile> files{{"a", folder.path("one")}, {"b", folder.path("two")}};

  Folder() {
    write("one", "first");
    write("two", "second");
  }
  void write(const std::string& name, const std::string& text) const { zimg_test::write_text(folder.path(name), text); }

  // Octets that had to be hashed.
  std::uint64_t hashed() const {
    std::uint64_t done = 0;
    identify(files, store, [&](std::uint64_t bytes, std::uint64_t) { done = bytes; });
    return done;
  }
  // Digests are remembered of files that lie still: these can be made to look so only by waiting.
  static void wait_until_settled() { ::usleep(2'100'000); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(model_identity, Folder)

BOOST_AUTO_TEST_CASE(depends_on_contents_and_roles_not_on_paths) {
  const auto digest = identify(files, "", nullptr).digest;
  write("moved", "first");
  BOOST_TEST((identify({{"a", folder.path("moved")}, files[1]}, "", nullptr).digest == digest));
  BOOST_TEST((identify({{"c", files[0].path}, files[1]}, "", nullptr).digest != digest));
  BOOST_TEST((identify({files[1], files[0]}, "", nullptr).digest != digest));
  BOOST_TEST((identify({files[0]}, "", nullptr).digest != digest));
  write("one", "First");
  BOOST_TEST((identify(files, "", nullptr).digest != digest));
}

BOOST_AUTO_TEST_CASE(is_the_documented_hash) {
  zimg::base::Sha256 hash;
  for (const auto& [role, content] : {std::pair<std::string, std::string>{"a", "first"}, {"b", "second"}}) {
    hash.update("\0\0\0\1", 4);
    hash.update(role.data(), role.size());
    hash.update(zimg::base::sha256(content.data(), content.size()).data(), 32);
  }
  BOOST_TEST((identify(files, "", nullptr).digest == hash.finish()));
}

BOOST_AUTO_TEST_CASE(hashes_once_what_lies_still) {
  BOOST_TEST(hashed() == 11u);
  BOOST_TEST(hashed() == 11u);  // changed within two seconds: not remembered
  wait_until_settled();
  const auto digest = identify(files, store, nullptr).digest;
  BOOST_TEST(hashed() == 0u);
  BOOST_TEST((identify(files, store, nullptr).digest == digest));
  write("two", "SECOND");
  BOOST_TEST(hashed() == 6u);
  BOOST_TEST((identify(files, store, nullptr).digest != digest));

  // What is damaged in the store is forgotten.
  for (const auto& entry : std::filesystem::directory_iterator(store)) {
    BOOST_TEST((std::filesystem::status(entry).permissions() == static_cast<std::filesystem::perms>(0600)));
    std::filesystem::resize_file(entry, 20);
  }
  BOOST_TEST(hashed() == 11u);
}

BOOST_AUTO_TEST_CASE(needs_no_store) {
  write("file", "");
  const std::string no_folder = folder.path("file/below");
  BOOST_TEST((identify(files, no_folder, nullptr).digest == identify(files, "", nullptr).digest));
}

BOOST_AUTO_TEST_CASE(reads_a_file_of_several_roles_once) {
  files.push_back({"c", files[0].path});
  BOOST_TEST(hashed() == 11u);
}

BOOST_AUTO_TEST_CASE(sees_a_file_that_changed) {
  const auto identity = identify(files, "", nullptr);
  BOOST_TEST(is_unchanged(identity, files));
  BOOST_TEST(!is_unchanged(identity, {files[0]}));
  struct stat before {};
  BOOST_REQUIRE(::stat(files[0].path.c_str(), &before) == 0);
  ::usleep(20'000);
  write("one", "FIRST");
  const struct timespec times[2] = {before.st_atim, before.st_mtim};
  BOOST_REQUIRE(::utimensat(AT_FDCWD, files[0].path.c_str(), times, 0) == 0);  // as a copy with -p would
  BOOST_TEST(!is_unchanged(identity, files));
  std::filesystem::remove(files[0].path);
  BOOST_TEST(!is_unchanged(identity, files));
}

// Whose digest would be remembered for the file that has the name before and after.
BOOST_AUTO_TEST_CASE(sees_a_file_that_took_the_name_of_another_for_a_moment) {
  write("other", "2econd");
  wait_until_settled();
  const auto swap = [&](std::uint64_t done, std::uint64_t) {
    if (done == 5) {  // of the first file, while the second waits
      std::filesystem::rename(files[1].path, folder.path("away"));
      std::filesystem::copy_file(folder.path("other"), files[1].path);
    } else {
      std::filesystem::rename(folder.path("away"), files[1].path);
    }
  };
  zimg_test::expect_error(ErrorCode::kIo, {files[1].path, "changed while it was hashed"},
                          [&] { identify(files, store, swap); });
  BOOST_TEST(hashed() == 6u);  // the first was remembered, the second was not
}

BOOST_AUTO_TEST_CASE(remembers_for_a_file_of_the_same_stamp_only_what_has_the_same_sample) {
  const zimg::checkpoint::DigestStore remembered(store);
  const auto stamp = zimg::checkpoint::stamp_of(files[0].path);
  const auto sample = zimg::base::sha256("first", 5);
  const auto digest = zimg::base::sha256("all of it", 9);
  remembered.remember(stamp, sample, digest);
  BOOST_TEST((remembered.find(stamp, sample) == digest));
  BOOST_TEST(!remembered.find(stamp, zimg::base::sha256("other", 5)).has_value());
}

BOOST_AUTO_TEST_CASE(remembers_files_of_any_length) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{16384}, std::size_t{16385}, std::size_t{20481}}) {
    write("one", std::string(size, 'x'));
    write("two", std::string(size, 'y'));
    wait_until_settled();
    const auto digest = identify(files, store, nullptr).digest;
    BOOST_TEST(hashed() == 0u);
    BOOST_TEST((identify(files, "", nullptr).digest == digest));
  }
}

BOOST_AUTO_TEST_CASE(names_a_file_that_is_gone) {
  std::filesystem::remove(files[1].path);
  zimg_test::expect_error(ErrorCode::kIo, {files[1].path}, [&] { identify(files, "", nullptr); });
}

BOOST_AUTO_TEST_SUITE_END()
