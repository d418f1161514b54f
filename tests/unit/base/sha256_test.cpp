#include "base/sha256.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(sha256)

BOOST_AUTO_TEST_CASE(gives_the_vectors_of_fips_180_4) {
  BOOST_TEST(zimg::base::hex_of(zimg::base::sha256("abc", 3)) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(zimg::base::hex_of(zimg::base::sha256("", 0)) ==
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(does_not_depend_on_how_the_octets_are_cut) {
  const std::string text(100'000, 'z');
  zimg::base::Sha256 hash;
  for (std::size_t at = 0; at < text.size(); at += 777) {
    hash.update(text.data() + at, std::min<std::size_t>(777, text.size() - at));
  }
  BOOST_TEST(zimg::base::hex_of(hash.finish()) == zimg::base::hex_of(zimg::base::sha256(text.data(), text.size())));
}

BOOST_AUTO_TEST_SUITE_END()
