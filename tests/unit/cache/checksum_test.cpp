#include "cache/checksum.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

BOOST_AUTO_TEST_SUITE(checksum)

BOOST_AUTO_TEST_CASE(is_xxh3) {
  BOOST_TEST(zimg::cache::checksum("", 0) == 0x2d06800538d394c2u);  // the value in xxHash's specification
}

BOOST_AUTO_TEST_CASE(does_not_depend_on_how_the_octets_come) {
  std::vector<unsigned char> octets(300001);
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<unsigned char>(i * i >> 3);
  const std::uint64_t whole = zimg::cache::checksum(octets.data(), octets.size());
  for (const std::size_t piece : {1u, 7u, 256u, 1000u, 65520u, 300001u}) {
    zimg::cache::Checksum sum;
    for (std::size_t at = 0; at < octets.size(); at += piece) {
      sum.update(octets.data() + at, std::min(piece, octets.size() - at));
    }
    BOOST_TEST(sum.digest() == whole, "in pieces of " << piece);
  }
}

BOOST_AUTO_TEST_SUITE_END()
