#include "checkpoint/number_cast.hpp"

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>

namespace {

using zimg::checkpoint::bf16_of;
using zimg::checkpoint::DType;
using zimg::checkpoint::f16_of;
using zimg::checkpoint::float_of_bf16;
using zimg::checkpoint::float_of_f16;

}  // namespace

BOOST_AUTO_TEST_SUITE(number_cast)

BOOST_AUTO_TEST_CASE(every_short_number_survives_the_way_to_float_and_back) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto narrow = static_cast<std::uint16_t>(bits);
    const float f16 = float_of_f16(narrow);
    const float bf16 = float_of_bf16(narrow);
    BOOST_REQUIRE(std::isnan(f16) ? std::isnan(float_of_f16(f16_of(f16))) : f16_of(f16) == narrow);
    BOOST_REQUIRE(std::isnan(bf16) ? std::isnan(float_of_bf16(bf16_of(bf16))) : bf16_of(bf16) == narrow);
  }
}

BOOST_AUTO_TEST_CASE(half_precision_has_its_known_values) {
  BOOST_TEST(float_of_f16(0x3C00) == 1.0f);
  BOOST_TEST(float_of_f16(0x7BFF) == 65504.0f);
  BOOST_TEST(float_of_f16(0x0001) == std::ldexp(1.0f, -24));
  BOOST_TEST(float_of_f16(0xC000) == -2.0f);
  BOOST_TEST(f16_of(65519.0f) == 0x7BFFu);
  BOOST_TEST(f16_of(65520.0f) == 0x7C00u);  // rounds to what does not fit
  BOOST_TEST(f16_of(1e9f) == 0x7C00u);
  BOOST_TEST(f16_of(std::ldexp(1.0f, -25)) == 0u);  // tie between 0 and the least
  BOOST_TEST(f16_of(std::ldexp(3.0f, -25)) == 2u);  // tie between 1 and 2 of the least
}

BOOST_AUTO_TEST_CASE(rounds_to_nearest_with_ties_to_even) {
  BOOST_TEST(bf16_of(std::bit_cast<float>(0x3F808000u)) == 0x3F80u);
  BOOST_TEST(bf16_of(std::bit_cast<float>(0x3F818000u)) == 0x3F82u);
  BOOST_TEST(bf16_of(std::bit_cast<float>(0x3F808001u)) == 0x3F81u);
  BOOST_TEST(f16_of(std::bit_cast<float>(0x3F801000u)) == 0x3C00u);
  BOOST_TEST(f16_of(std::bit_cast<float>(0x3F803000u)) == 0x3C02u);
  BOOST_TEST(std::isinf(float_of_bf16(bf16_of(std::numeric_limits<float>::max()))));
}

// A safetensors file promises no alignment, and its tensors are cast where they lie.
BOOST_AUTO_TEST_CASE(neither_side_needs_to_be_aligned) {
  const float numbers[] = {1.0f, -2.0f};
  alignas(4) std::byte from[1 + sizeof numbers];
  std::memcpy(from + 1, numbers, sizeof numbers);
  alignas(4) std::byte narrow[1 + 4];
  alignas(4) std::byte wide[1 + sizeof numbers];
  BOOST_TEST(zimg::checkpoint::cast_numbers(from + 1, DType::kF32, narrow + 1, DType::kBf16, 2));
  BOOST_TEST(zimg::checkpoint::cast_numbers(narrow + 1, DType::kBf16, wide + 1, DType::kF32, 2));
  BOOST_TEST(std::memcmp(wide + 1, numbers, sizeof numbers) == 0);
}

BOOST_AUTO_TEST_CASE(tells_when_a_number_does_not_fit) {
  const float numbers[] = {1.0f, 70000.0f};
  std::byte out[4];
  const auto* from = reinterpret_cast<const std::byte*>(numbers);
  BOOST_TEST(zimg::checkpoint::cast_numbers(from, DType::kF32, out, DType::kF16, 1));
  BOOST_TEST(!zimg::checkpoint::cast_numbers(from, DType::kF32, out, DType::kF16, 2));
  BOOST_TEST(zimg::checkpoint::cast_numbers(from, DType::kF32, out, DType::kBf16, 2));
  const float infinite = std::numeric_limits<float>::infinity();  // it was so before
  BOOST_TEST(
      zimg::checkpoint::cast_numbers(reinterpret_cast<const std::byte*>(&infinite), DType::kF32, out, DType::kF16, 1));
}

BOOST_AUTO_TEST_SUITE_END()
