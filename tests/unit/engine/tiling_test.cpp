#include "engine/vae/tiling.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <vector>

#include "engine/sampling/noise.hpp"

namespace {

using zimg::checkpoint::VaeConfig;
using zimg::engine::decode_in_tiles;
using zimg::engine::starting_noise;
using zimg::engine::tile_sizes;
using zimg::engine::TileSizes;

// Tiles of 8 latents, 6 apart, a latent to a pixel: 2 pixels are blended, 6 kept.
const TileSizes kSmall{8, 6, 2, 6};

at::Tensor three_channels(const at::Tensor& tile) {
  return tile.narrow(1, 0, 3).clone();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tiling_test)

BOOST_AUTO_TEST_CASE(sizes_come_from_the_config) {
  VaeConfig config;
  config.sample_size = 1024;  // as released
  const TileSizes released = tile_sizes(config);
  BOOST_TEST(released.latents == 128);
  BOOST_TEST(released.stride == 96);
  BOOST_TEST(released.blend == 256);
  BOOST_TEST(released.kept == 768);
  config.sample_size = 64;
  BOOST_TEST(tile_sizes(config).latents == 8);
  BOOST_TEST(tile_sizes(config).stride == 6);
  BOOST_TEST(tile_sizes(config).blend == 16);
  BOOST_TEST(tile_sizes(config).kept == 48);
}

BOOST_AUTO_TEST_CASE(a_config_can_tile_just_where_what_is_kept_is_a_stride) {
  VaeConfig config;
  for (std::size_t blocks = 1; blocks <= 8; ++blocks) {
    config.block_out_channels.assign(blocks, 32);
    for (config.sample_size = 1; config.sample_size <= 2048; ++config.sample_size) {
      const TileSizes sizes = tile_sizes(config);
      const bool fits = sizes.stride >= 1 && sizes.kept == sizes.stride * config.scale();
      if (fits != config.can_tile()) BOOST_ERROR(config.sample_size << " at " << config.scale() << " pixels a latent");
    }
  }
}

// Where tiles agree on what they share, blending changes nothing.
BOOST_AUTO_TEST_CASE(a_decoder_that_sees_single_latents_gives_the_whole_picture) {
  for (const std::int64_t height : {9, 12, 20}) {
    for (const std::int64_t width : {8, 13, 31}) {
      const at::Tensor z = starting_noise(1, 3, height, width).unsqueeze(0);
      const at::Tensor picture = decode_in_tiles(z, kSmall, three_channels);
      BOOST_TEST(at::allclose(picture, z, 1e-6, 1e-6), height << "x" << width);
    }
  }
}

BOOST_AUTO_TEST_CASE(tiles_begin_a_stride_apart_and_end_with_the_picture) {
  std::vector<std::vector<std::int64_t>> seen;
  decode_in_tiles(at::zeros({1, 3, 14, 9}), kSmall, [&](const at::Tensor& tile) {
    seen.push_back({tile.size(2), tile.size(3)});
    return three_channels(tile);
  });
  const std::vector<std::vector<std::int64_t>> expected{{8, 8}, {8, 3}, {8, 8}, {8, 3}, {2, 8}, {2, 3}};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

// The first tile's last pixels fade into the second's first by k / extent, as the reference's blend_h.
BOOST_AUTO_TEST_CASE(a_seam_is_a_ramp) {
  const TileSizes sizes{8, 4, 4, 4};
  float value = 0;
  const at::Tensor picture = decode_in_tiles(at::zeros({1, 3, 4, 8}), sizes, [&](const at::Tensor& tile) {
    value += 1;
    return at::full({1, 3, 4, tile.size(3)}, value);
  });
  const at::Tensor row = picture[0][0][0];
  BOOST_TEST(row.equal(at::tensor({1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.25f, 1.5f, 1.75f})));
}

BOOST_AUTO_TEST_CASE(rows_are_blended_before_columns) {
  const TileSizes sizes{4, 2, 2, 2};
  float value = 0;
  const at::Tensor picture = decode_in_tiles(at::zeros({1, 3, 4, 4}), sizes, [&](const at::Tensor& tile) {
    value += 1;  // 1 2 above 3 4
    return at::full({1, 3, tile.size(2), tile.size(3)}, value);
  });
  const at::Tensor expected = at::tensor({1.0f, 1.0f, 1.0f, 1.5f,   //
                                          1.0f, 1.0f, 1.0f, 1.5f,   //
                                          1.0f, 1.0f, 1.0f, 1.25f,  //
                                          2.0f, 2.0f, 2.0f, 2.375f})
                                  .view({4, 4});
  BOOST_TEST(picture[0][0].equal(expected), picture[0][0]);
}

BOOST_AUTO_TEST_SUITE_END()
