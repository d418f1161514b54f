#include "engine/denoiser/rope_table.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace {

using zimg::checkpoint::TransformerConfig;
using zimg::engine::padded_tokens;
using zimg::engine::Placement;
using zimg::engine::rope_table;

const TransformerConfig kReleased;  // the defaults are the released numbers: 32 + 48 + 48 wide, theta 256

// Cosine and sine of `angle`, as the reference takes them: of the angle in float32.
void check_pair(const at::Tensor& table, std::int64_t token, std::int64_t pair, float angle) {
  BOOST_TEST_CONTEXT("token " << token << ", pair " << pair) {
    BOOST_TEST(std::abs(table[token][pair][0].item<float>() - std::cos(angle)) < 2e-7f);
    BOOST_TEST(std::abs(table[token][pair][1].item<float>() - std::sin(angle)) < 2e-7f);
  }
}

// Row of the table for a token at (frame, row, column).
at::Tensor row_at(std::int64_t frame, std::int64_t row, std::int64_t column) {
  std::vector<float> values;
  const std::int64_t position[] = {frame, row, column};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::int64_t width = kReleased.axes_dims[axis];
    for (std::int64_t m = 0; m < width / 2; ++m) {
      const double exponent = static_cast<double>(2 * m) / static_cast<double>(width);
      const auto angle = static_cast<float>(static_cast<double>(position[axis]) / std::pow(256.0, exponent));
      values.push_back(std::cos(angle));
      values.push_back(std::sin(angle));
    }
  }
  return at::tensor(values).view({-1, 2});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rope_table_test)

// The numbers of section 3.5 of the model's description.
BOOST_AUTO_TEST_CASE(has_the_angles_of_the_reference) {
  const at::Tensor table = rope_table(kReleased, 8, 8, 32, {});
  const std::int64_t caption = 64;  // the first caption token, at frame 1
  check_pair(table, caption, 0, 1.0f);
  check_pair(table, caption, 1, 0.70710677f);
  check_pair(table, caption, 2, 0.5f);
  check_pair(table, caption, 3, 0.35355338f);
  check_pair(table, 0, 15, 0.18230097f);  // the picture stands at frame 33
  const std::int64_t fifth_row = 5 * 8;
  check_pair(table, fifth_row, 16, 5.0f);
  check_pair(table, fifth_row, 17, 3.9685025f);
  check_pair(table, fifth_row, 18, 3.1498027f);
  check_pair(table, fifth_row, 39, 0.024607833f);
}

BOOST_AUTO_TEST_CASE(every_token_stands_where_the_reference_puts_it) {
  constexpr std::int64_t kRows = 6;
  constexpr std::int64_t kColumns = 7;
  constexpr std::int64_t kCaption = 64;
  const at::Tensor table = rope_table(kReleased, kRows, kColumns, kCaption, {});
  BOOST_TEST(table.sizes() == at::IntArrayRef({64 + kCaption, 64, 2}));
  BOOST_TEST(table.scalar_type() == at::kFloat);
  const auto check_row = [&](std::int64_t token, const at::Tensor& expected) {
    BOOST_TEST(at::allclose(table[token], expected, 0, 2e-7), "token " << token);
  };
  for (std::int64_t i = 0; i < kRows; ++i) {
    for (std::int64_t j = 0; j < kColumns; ++j) check_row(i * kColumns + j, row_at(kCaption + 1, i, j));
  }
  for (std::int64_t pad = kRows * kColumns; pad < 64; ++pad) check_row(pad, row_at(0, 0, 0));
  for (std::int64_t k = 0; k < kCaption; ++k) check_row(64 + k, row_at(1 + k, 0, 0));
}

BOOST_AUTO_TEST_CASE(a_picture_of_whole_thirty_twos_has_no_padding) {
  BOOST_TEST(rope_table(kReleased, 4, 8, 32, {}).size(0) == 64);
  BOOST_TEST(rope_table(kReleased, 1, 1, 32, {}).size(0) == 64);
}

BOOST_AUTO_TEST_CASE(stays_in_float32_whatever_is_computed) {
  Placement placement;
  placement.dtype = at::kBFloat16;
  BOOST_TEST(rope_table(kReleased, 4, 8, 32, placement).equal(rope_table(kReleased, 4, 8, 32, {})));
}

BOOST_AUTO_TEST_CASE(tokens_are_padded_to_thirty_twos) {
  BOOST_TEST(padded_tokens(1) == 32);
  BOOST_TEST(padded_tokens(32) == 32);
  BOOST_TEST(padded_tokens(33) == 64);
  BOOST_TEST(padded_tokens(512) == 512);
}

BOOST_AUTO_TEST_SUITE_END()
