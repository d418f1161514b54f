#include "image/jpeg_codec.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "drawn_pixels.hpp"
#include "image/image_writer.hpp"
#include "image/jpeg_segments.hpp"
#include "zimg/image.hpp"

using zimg::Bytes;
using zimg::ErrorCode;
using zimg_test::drawn_pixels;
using zimg_test::fails_with;
namespace image = zimg::image;

namespace {

double mean_difference(const Bytes& a, const Bytes& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(int{a[i]} - int{b[i]});
  return sum / static_cast<double>(a.size());
}

// The sampling factors of the first component: 0x11 where colour has full resolution, 0x22 where it has a quarter.
int sampling_of(const Bytes& jpeg) {
  image::JpegSegments segments(jpeg);
  while (const auto segment = segments.next()) {
    if (segment->is_frame()) return segment->data[7];
  }
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(jpeg_codec)

BOOST_AUTO_TEST_CASE(comes_near_the_pixels) {
  const Bytes rgb = drawn_pixels(250, 97);
  double last = 255;
  for (const int quality : {20, 60, 90, 100}) {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    const Bytes jpeg = image::encode_jpeg(rgb, 250, 97, quality);
    const Bytes read = zimg::read_picture_pixels(jpeg, width, height);
    BOOST_TEST(width == 250u);
    BOOST_TEST(height == 97u);
    BOOST_REQUIRE(read.size() == rgb.size());
    const double difference = mean_difference(read, rgb);
    BOOST_TEST(difference < last);  // a higher quality is nearer
    last = difference;
  }
  BOOST_TEST(last < 1.5);
}

BOOST_AUTO_TEST_CASE(keeps_colour_whole_from_quality_90) {
  const Bytes rgb = drawn_pixels(64, 64);
  BOOST_TEST(sampling_of(image::encode_jpeg(rgb, 64, 64, 89)) == 0x22);
  BOOST_TEST(sampling_of(image::encode_jpeg(rgb, 64, 64, 90)) == 0x11);
}

BOOST_AUTO_TEST_CASE(writes_the_same_octets_each_time) {
  const Bytes rgb = drawn_pixels(128, 64);
  BOOST_TEST((image::encode_jpeg(rgb, 128, 64, 85) == image::encode_jpeg(rgb, 128, 64, 85)));
}

BOOST_AUTO_TEST_CASE(refuses_wrong_pixels_and_qualities) {
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [] { image::encode_jpeg(Bytes(11), 2, 2, 90); }));
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [] { image::encode_jpeg(Bytes(12), 2, 2, 0); }));
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [] { image::encode_jpeg(Bytes(12), 2, 2, 101); }));
}

BOOST_AUTO_TEST_CASE(refuses_every_cut) {
  const Bytes jpeg = image::encode_jpeg(drawn_pixels(48, 32), 48, 32, 80);
  std::uint32_t side = 0;
  for (std::size_t size = 0; size < jpeg.size(); ++size) {
    const Bytes cut(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size));
    BOOST_TEST_CONTEXT("cut to " << size << " of " << jpeg.size()) {
      BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_facts(cut); }));
      BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_pixels(cut, side, side); }));
    }
  }
}

BOOST_AUTO_TEST_CASE(survives_every_damage) {
  const Bytes jpeg = image::encode_jpeg(drawn_pixels(48, 32), 48, 32, 80);
  std::mt19937 random(6);
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    const Bytes bad = zimg_test::damaged(jpeg, random);
    std::uint32_t side = 0;
    try {
      zimg::read_picture_facts(bad);
      zimg::read_picture_pixels(bad, side, side);
    } catch (const zimg::Error& error) {
      BOOST_TEST(((error.code() == ErrorCode::kInvalidArgument) || (error.code() == ErrorCode::kOutOfMemory)));
      ++refused;
    }
  }
  BOOST_TEST(refused > 500);
}

BOOST_AUTO_TEST_SUITE_END()
