#include "cache/lmdb/lmdb_error.hpp"

#include <lmdb.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>

namespace {

using zimg::cache::LmdbFailure;
using zimg::cache::tells_damage;
using zimg::cache::tells_no_room;

}  // namespace

BOOST_AUTO_TEST_SUITE(lmdb_error)

BOOST_AUTO_TEST_CASE(tells_damage_by_the_codes_of_a_broken_store) {
  for (const int code : {MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_NOTFOUND, MDB_INVALID, MDB_VERSION_MISMATCH,
                         MDB_INCOMPATIBLE, MDB_PANIC, MDB_CURSOR_FULL, MDB_BAD_VALSIZE}) {
    BOOST_TEST(tells_damage(code), mdb_strerror(code));
  }
}

BOOST_AUTO_TEST_CASE(takes_no_want_of_room_turn_or_memory_for_damage) {
  for (const int code : {MDB_SUCCESS, MDB_MAP_FULL, MDB_TXN_FULL, MDB_READERS_FULL, MDB_MAP_RESIZED, ENOMEM, ENOSPC,
                         EDQUOT, EACCES, EROFS, EIO, EAGAIN, EINTR}) {
    BOOST_TEST(!tells_damage(code), mdb_strerror(code));
  }
}

BOOST_AUTO_TEST_CASE(tells_want_of_room_by_two_codes) {
  BOOST_TEST(tells_no_room(MDB_MAP_FULL));
  BOOST_TEST(tells_no_room(MDB_TXN_FULL));
  for (const int code : {MDB_SUCCESS, MDB_READERS_FULL, MDB_CURSOR_FULL, MDB_PAGE_FULL, MDB_MAP_RESIZED, ENOSPC}) {
    BOOST_TEST(!tells_no_room(code), mdb_strerror(code));
  }
}

BOOST_AUTO_TEST_CASE(becomes_a_sentence_that_names_the_folder) {
  const auto told = [](int code) { return zimg::cache::to_error(LmdbFailure(code, "write an entry"), "/a/store"); };
  const zimg::Error full = told(MDB_MAP_FULL), memory = told(ENOMEM), damage = told(MDB_CORRUPTED);
  BOOST_TEST((full.code() == zimg::ErrorCode::kCache));
  BOOST_TEST(std::string(full.what()).find("cannot write an entry in the store '/a/store': ") == 0u);
  BOOST_TEST((memory.code() == zimg::ErrorCode::kOutOfMemory));
  BOOST_TEST((damage.code() == zimg::ErrorCode::kCache));
  BOOST_TEST(std::string(damage.what()).find("damaged") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_what_to_do) {
  const auto says = [](int code, const std::string& words) {
    const std::string told = zimg::cache::to_error(LmdbFailure(code, "begin to read"), "/a/store").what();
    return told.find(words) != std::string::npos;
  };
  BOOST_TEST(says(MDB_INVALID, "data.mdb is not an LMDB file; remove the folder to begin anew"));
  BOOST_TEST(says(EAGAIN, "a process with the same number as this one"));
  BOOST_TEST(says(EAGAIN, "one namespace of process numbers"));
}

BOOST_AUTO_TEST_SUITE_END()
