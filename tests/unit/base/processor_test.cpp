#include "base/processor.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>

namespace {

const std::string kEpyc =
    "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\n"
    "stepping\t: 1\nmicrocode\t: 0x1000065\ncpu MHz\t\t: 3700.010\ncache size\t: 1024 KB\n"
    "flags\t\t: fpu vme sse2 fma avx2 avx512f avx512_bf16 ibpb\nbogomips\t: 7400.02\n";
const std::string kSecond = "\nprocessor\t: 1\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\n";

std::string identity(const std::string& text) {
  std::istringstream cpuinfo(text);
  return zimg::base::processor_identity(cpuinfo);
}

// kEpyc with one text in place of another.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = kEpyc;
  text.replace(text.find(from), from.size(), to);
  return identity(text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(processor)

BOOST_AUTO_TEST_CASE(names_the_processor_and_digests_what_decides_its_sums) {
  const std::string found = identity(kEpyc);
  BOOST_TEST(found.starts_with("AMD EPYC "), found);
  BOOST_TEST(found.size() == std::string("AMD EPYC 01234567").size(), found);
  BOOST_TEST(found.find_first_not_of("0123456789abcdef", 9) == std::string::npos, found);
}

BOOST_AUTO_TEST_CASE(tells_processors_apart_that_have_one_name) {
  const std::string found = identity(kEpyc);
  BOOST_TEST(changed(" avx512_bf16", "") != found);
  BOOST_TEST(changed("cpu family\t: 25", "cpu family\t: 26") != found);
  BOOST_TEST(changed("model\t\t: 17", "model\t\t: 1") != found);
  BOOST_TEST(changed("1024 KB", "512 KB") != found);
}

BOOST_AUTO_TEST_CASE(is_the_same_whatever_does_not_decide) {
  const std::string found = identity(kEpyc);
  BOOST_TEST(changed("3700.010", "2450.000") == found);
  BOOST_TEST(changed("0x1000065", "0x1000066") == found);
  BOOST_TEST(changed(" ibpb", " ibpb ibrs_enhanced") == found);
  BOOST_TEST(changed("avx2 avx512f", "avx512f avx2") == found);
  BOOST_TEST(identity(kEpyc + kSecond) == found);
}

BOOST_AUTO_TEST_CASE(knows_arm_whose_processors_have_no_name) {
  const std::string arm =
      "processor\t: 0\nFeatures\t: fp asimd crc32 sve bf16\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n";
  BOOST_TEST(identity(arm).starts_with("unknown CPU "));
  BOOST_TEST(identity(arm + "CPU revision\t: 1\n") != identity(arm + "CPU revision\t: 2\n"));
}

BOOST_AUTO_TEST_CASE(says_so_where_nothing_is_told) {
  BOOST_TEST(identity("") == "unknown CPU");
  BOOST_TEST(identity(": 3\nno colon\n\nvendor_id : after the first\n") == "unknown CPU");
  BOOST_TEST(identity("model name\t:") == "unknown CPU");
}

BOOST_AUTO_TEST_CASE(is_one_for_this_machine) {
  BOOST_TEST(zimg::base::processor_identity() == zimg::base::processor_identity());
}

BOOST_AUTO_TEST_SUITE_END()
