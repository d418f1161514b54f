#include "image/png_codec.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "drawn_pixels.hpp"
#include "image/image_limits.hpp"
#include "image/image_writer.hpp"
#include "image/png_chunks.hpp"
#include "zimg/image.hpp"

using zimg::Bytes;
using zimg::ErrorCode;
using zimg_test::drawn_pixels;
using zimg_test::fails_with;
namespace image = zimg::image;

namespace {

Bytes pixels_of(const Bytes& picture) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  return zimg::read_picture_pixels(picture, width, height);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(png_codec)

BOOST_AUTO_TEST_CASE(gives_back_the_pixels) {
  for (const auto& [width, height] : {std::pair{1u, 1u}, {17u, 3u}, {256u, 256u}, {300u, 1000u}}) {
    const Bytes rgb = drawn_pixels(width, height);
    const Bytes png = image::encode_png(rgb, width, height);
    std::uint32_t read_width = 0;
    std::uint32_t read_height = 0;
    BOOST_TEST((zimg::read_picture_pixels(png, read_width, read_height) == rgb));
    BOOST_TEST(read_width == width);
    BOOST_TEST(read_height == height);
    const zimg::PictureFacts facts = zimg::read_picture_facts(png);
    BOOST_TEST((facts.format == zimg::ImageFormat::kPng));
    BOOST_TEST(facts.width == width);
    BOOST_TEST(facts.height == height);
    BOOST_TEST(facts.texts.empty());
  }
}

BOOST_AUTO_TEST_CASE(writes_the_same_octets_each_time) {
  const Bytes rgb = drawn_pixels(128, 64);
  BOOST_TEST((image::encode_png(rgb, 128, 64) == image::encode_png(rgb, 128, 64)));
}

BOOST_AUTO_TEST_CASE(refuses_pixels_that_do_not_fit_the_size) {
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [] { image::encode_png(Bytes(11), 2, 2); }));
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [] { image::encode_png(Bytes(), 0, 2); }));
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [] { image::encode_png(Bytes(3), 16385, 1); }));
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [] { image::check_size(16384, 16384); }));
}

BOOST_AUTO_TEST_CASE(refuses_every_cut) {
  const Bytes png = image::encode_png(drawn_pixels(40, 30), 40, 30);
  for (std::size_t size = 0; size < png.size(); ++size) {
    const Bytes cut(png.begin(), png.begin() + static_cast<std::ptrdiff_t>(size));
    BOOST_TEST_CONTEXT("cut to " << size << " of " << png.size()) {
      BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_facts(cut); }));
      BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { pixels_of(cut); }));
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_every_damage) {
  const Bytes png = image::encode_png(drawn_pixels(40, 30), 40, 30);
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    const Bytes bad = zimg_test::damaged(png, random);
    if (bad == png) continue;
    BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_facts(bad); }));
    BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { pixels_of(bad); }));
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_small_file_that_claims_to_be_huge) {
  const Bytes png = image::encode_png(drawn_pixels(4, 4), 4, 4);
  const std::string header("\0\0\x40\0\0\0\x40\0\x08\x02\0\0\0", 13);  // 16384 x 16384
  const std::string chunk = image::make_png_chunk("IHDR", header);
  Bytes liar = png;
  std::copy(chunk.begin(), chunk.end(), liar.begin() + 8);
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_facts(liar); }));
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { pixels_of(liar); }));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_picture) {
  for (const Bytes& bytes : {Bytes{}, Bytes{0x89}, Bytes{'G', 'I', 'F', '8'}, Bytes(1000, 0)}) {
    BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_facts(bytes); }));
    BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { pixels_of(bytes); }));
    BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { image::splice_texts(bytes, {{"zimg", "{}"}}); }));
  }
}

BOOST_AUTO_TEST_SUITE_END()
