#include "key/size_grid.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <set>

using zimg::key::fold_side;

BOOST_AUTO_TEST_SUITE(size_grid)

BOOST_AUTO_TEST_CASE(usual_sizes_stay) {
  for (const std::uint32_t side : {256, 512, 576, 640, 768, 832, 896, 960, 1024, 1152, 1280, 1536, 1920, 2048, 4096}) {
    BOOST_TEST(fold_side(side, 16) == side);
  }
}

BOOST_AUTO_TEST_CASE(other_sizes_go_down) {
  BOOST_TEST(fold_side(520, 16) == 512u);
  BOOST_TEST(fold_side(1000, 16) == 960u);
  BOOST_TEST(fold_side(720, 16) == 704u);
  BOOST_TEST(fold_side(1080, 16) == 1024u);
  BOOST_TEST(fold_side(1151, 16) == 1088u);
  BOOST_TEST(fold_side(8000, 16) == 7680u);
}

BOOST_AUTO_TEST_CASE(never_up_and_at_most_a_tenth) {
  for (const std::uint32_t step : {8, 16, 32}) {
    for (std::uint32_t side = 0; side <= 9000; ++side) {
      const std::uint32_t folded = fold_side(side, step);
      BOOST_TEST_REQUIRE(folded <= side);
      BOOST_TEST_REQUIRE(folded * 10 >= side * 9);
      BOOST_TEST_REQUIRE(fold_side(folded, step) == folded);
      // From nine steps on every side has a place on the grid, which the model can draw.
      if (side >= 9 * step) BOOST_TEST_REQUIRE(folded % step == 0u);
      // What could be drawn can be drawn still.
      if (side % step == 0) BOOST_TEST_REQUIRE(folded % step == 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_side_that_would_lose_more_than_a_tenth_stays) {
  BOOST_TEST(fold_side(15, 16) == 15u);
  BOOST_TEST(fold_side(127, 16) == 127u);
  BOOST_TEST(fold_side(100, 16) == 96u);
  BOOST_TEST(fold_side(0, 16) == 0u);
  BOOST_TEST(fold_side(0xFFFFFFFFu, 16) <= 0xFFFFFFFFu);
}

// Of all grid sizes within reach, the one that is chosen moves area and aspect least, taken together.
BOOST_AUTO_TEST_CASE(area_and_aspect_are_kept_as_near_as_the_grid_allows) {
  std::set<std::uint32_t> grid;
  for (std::uint32_t side = 144; side <= 2100; ++side) grid.insert(fold_side(side, 16));
  const auto loss = [](double width, double height, double to_width, double to_height) {
    return std::abs(std::log(to_width * to_height / (width * height))) +
           std::abs(std::log(to_width / to_height / (width / height)));
  };
  for (std::uint32_t width = 150; width <= 2100; width += 37) {
    for (std::uint32_t height = 150; height <= 2100; height += 53) {
      const double chosen = loss(width, height, fold_side(width, 16), fold_side(height, 16));
      for (auto w = grid.lower_bound(width * 9 / 10); w != grid.end() && *w <= width; ++w) {
        for (auto h = grid.lower_bound(height * 9 / 10); h != grid.end() && *h <= height; ++h) {
          BOOST_TEST_REQUIRE(chosen <= loss(width, height, *w, *h) + 1e-12);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
