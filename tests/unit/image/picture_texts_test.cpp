#include <boost/test/unit_test.hpp>
#include <random>

#include "drawn_pixels.hpp"
#include "image/exif.hpp"
#include "image/image_writer.hpp"
#include "image/inflate.hpp"
#include "image/jpeg_segments.hpp"
#include "image/png_chunks.hpp"
#include "image/text_encoding.hpp"
#include "zimg/image.hpp"

using zimg::Bytes;
using zimg::ErrorCode;
using zimg_test::drawn_pixels;
using zimg_test::fails_with;
namespace image = zimg::image;

namespace {

const image::TextChunks kTexts{{"parameters", "a red circle\nSteps: 8, Seed: 42"},
                               {"zimg", R"({"prompt":"红色的圆 🟠","size":"é"})"},
                               {"empty", ""}};

// zlib.compress(b"a caf\xe9")
const std::string kDeflated("\x78\x9c\x4b\x54\x48\x4e\x4c\x7b\x09\x00\x07\x50\x02\x95", 14);

Bytes png() {
  return image::encode_png(drawn_pixels(33, 20), 33, 20);
}
Bytes jpeg() {
  return image::encode_jpeg(drawn_pixels(33, 20), 33, 20, 90);
}
Bytes pixels_of(const Bytes& picture) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  return zimg::read_picture_pixels(picture, width, height);
}

// `png` with a chunk of another program's in it.
Bytes with_chunk(const char* type, const std::string& data) {
  Bytes picture = png();
  const std::string chunk = image::make_png_chunk(type, data);
  picture.insert(picture.begin() + 33, chunk.begin(), chunk.end());  // after IHDR
  return picture;
}
Bytes with_segment(std::uint8_t marker, const std::string& data) {
  Bytes picture = jpeg();
  const std::string segment = image::make_jpeg_segment(marker, data);
  picture.insert(picture.begin() + 2, segment.begin(), segment.end());
  return picture;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(picture_texts)

BOOST_AUTO_TEST_CASE(are_read_back_and_leave_the_pixels_alone) {
  for (const Bytes& picture : {png(), jpeg()}) {
    const Bytes spliced = image::splice_texts(picture, kTexts);
    BOOST_TEST((zimg::read_picture_facts(spliced).texts == kTexts));
    BOOST_TEST((pixels_of(spliced) == pixels_of(picture)));
    BOOST_TEST((image::splice_texts(picture, kTexts) == spliced));
    BOOST_TEST((image::splice_texts(picture, {}) == picture));
  }
}

BOOST_AUTO_TEST_CASE(of_a_megabyte_are_read_back) {
  std::string text;
  while (text.size() < (std::size_t{1} << 20)) text += "圆形和方形, ";  // characters of three octets across segments
  for (const Bytes& picture : {png(), jpeg()}) {
    const Bytes spliced = image::splice_texts(picture, {{"parameters", text}, {"zimg", text}});
    const auto texts = zimg::read_picture_facts(spliced).texts;
    BOOST_REQUIRE(texts.size() == 2u);
    BOOST_TEST((texts[0] == std::pair<std::string, std::string>("parameters", text)));
    BOOST_TEST((texts[1] == std::pair<std::string, std::string>("zimg", text)));
  }
}

BOOST_AUTO_TEST_CASE(stand_before_the_first_IDAT) {
  const Bytes spliced = image::splice_texts(png(), kTexts);
  std::vector<std::string> types;
  image::PngChunks chunks(spliced);
  while (const auto chunk = chunks.next()) types.emplace_back(chunk->type);
  BOOST_TEST((types == std::vector<std::string>{"tEXt", "iTXt", "tEXt", "IDAT", "IEND"}));
}

BOOST_AUTO_TEST_CASE(with_wrong_keywords_are_refused) {
  for (const Bytes& picture : {png(), jpeg()}) {
    for (const std::string& keyword : {std::string(), std::string(80, 'k'), std::string("a\0b", 3), std::string("é")}) {
      BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { image::splice_texts(picture, {{keyword, "text"}}); }));
    }
  }
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] {
    image::splice_texts(png(), {{"zimg", std::string("a\0b", 3)}});
  }));
}

BOOST_AUTO_TEST_CASE(of_other_programs_are_read) {
  const auto text_of = [](const Bytes& picture) { return zimg::read_picture_facts(picture).texts.at(0).second; };
  BOOST_TEST(text_of(with_chunk("tEXt", std::string("Comment\0caf\xe9", 12))) == "café");
  BOOST_TEST(text_of(with_chunk("zTXt", std::string("Comment\0\0", 9) + kDeflated)) == "a café");
  BOOST_TEST(text_of(with_chunk("iTXt", std::string("Comment\0\1\0zh\0\xe6\xb3\xa8\0", 17) + kDeflated)) == "a café");
  BOOST_TEST(text_of(with_segment(image::kJpegComment, "Created with GIMP")) == "Created with GIMP");
  BOOST_TEST(zimg::read_picture_facts(with_segment(image::kJpegComment, "x")).texts.at(0).first == "comment");
}

BOOST_AUTO_TEST_CASE(of_exif_are_read_in_every_order) {
  // "MM" block with "UNICODE" in the order of the block, and the same with the text the other way round.
  const std::string ours = image::make_exif("a 圆");
  std::string swapped = ours;
  for (std::size_t i = ours.size() - 6; i < ours.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
  const std::string ascii = std::string("Exif\0\0II*\0\x08\0\0\0", 14) +
                            std::string("\1\0\x69\x87\4\0\1\0\0\0\x1a\0\0\0", 14) + std::string("\0\0\0\0", 4) +
                            std::string("\1\0\x86\x92\7\0\x0b\0\0\0\x2c\0\0\0", 14) + std::string("\0\0\0\0", 4) +
                            std::string("ASCII\0\0\0abc", 11);
  BOOST_TEST(image::read_exif_comment(ours).value() == "a 圆");
  BOOST_TEST(image::read_exif_comment(swapped).value() == "a 圆");
  BOOST_TEST(image::read_exif_comment(ascii).value() == "abc");
  BOOST_TEST(!image::read_exif_comment("http://ns.adobe.com/xap/1.0/").has_value());
}

// In the order of the block, MM, and in the other, as some programs write that disagree with it.
BOOST_AUTO_TEST_CASE(of_exif_are_read_in_the_order_that_makes_sense) {
  const auto written = [](const std::string& text, bool is_swapped) {
    std::string data = image::make_exif(text);
    for (std::size_t i = data.size() - image::utf16_from_utf8(text).size(); is_swapped && i < data.size(); i += 2) {
      std::swap(data[i], data[i + 1]);
    }
    return data;
  };
  // U+4E00 and U+6700 are "N" and "g" the other way round, U+2600 is "&".
  for (const std::string text : {"最", "一", "最最最最", "一只猫", "最好的一刀", "开一刀", "☀", "☀一最开", "猫", "é",
                                 "🟠", "红色的圆", "最, 一\nSteps: 8", "a", "abc", "a red circle, 8k"}) {
    BOOST_TEST(image::read_exif_comment(written(text, false)).value() == text);
  }
  for (const std::string text : {"a 圆", "abc", "masterpiece", "a red circle", "best quality,\n最 🟠",
                                 "Steps: 8, Seed: 42", "一只可爱的猫坐在窗台上, 最好", "红色的圆, 8k"}) {
    BOOST_TEST(image::read_exif_comment(written(text, true)).value() == text);
  }
}

BOOST_AUTO_TEST_CASE(that_are_damaged_are_refused_or_absent) {
  const auto is_refused = [](const Bytes& picture) {
    return fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_facts(picture); });
  };
  BOOST_TEST(is_refused(with_chunk("tEXt", "no NUL")));
  BOOST_TEST(is_refused(with_chunk("zTXt", std::string("k\0\0rubbish", 10))));
  BOOST_TEST(is_refused(with_chunk("zTXt", std::string("k\0\1", 3))));
  BOOST_TEST(is_refused(with_chunk("iTXt", std::string("k\0\0", 3))));
  BOOST_TEST(is_refused(with_chunk("iTXt", std::string("k\0\0\0no NUL", 10))));
  const std::string exif = image::make_exif("a text");
  for (std::size_t size = 0; size < exif.size(); ++size) {
    BOOST_TEST(!image::read_exif_comment(exif.substr(0, size)).has_value());
  }
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string bad = exif;
    for (int k = 0; k < 3; ++k) bad[random() % bad.size()] = static_cast<char>(random());
    image::read_exif_comment(bad);  // any answer but a crash
  }
}

BOOST_AUTO_TEST_CASE(do_not_inflate_without_end) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(kDeflated.data());
  BOOST_TEST(image::inflate(data, kDeflated.size(), 6).value() == "a caf\xe9");
  BOOST_TEST(!image::inflate(data, kDeflated.size(), 5).has_value());
  BOOST_TEST(!image::inflate(data, kDeflated.size() - 1, 6).has_value());
  Bytes picture = png();
  const std::string chunk = image::make_png_chunk("tEXt", std::string("k\0", 2) + std::string(1 << 20, 'x'));
  for (int i = 0; i < 17; ++i) picture.insert(picture.begin() + 33, chunk.begin(), chunk.end());
  BOOST_TEST(fails_with(ErrorCode::kInvalidArgument, [&] { zimg::read_picture_facts(picture); }));
}

BOOST_AUTO_TEST_CASE(survive_every_damage) {
  std::mt19937 random(8);
  const Bytes spliced = image::splice_texts(jpeg(), kTexts);
  for (int i = 0; i < 5000; ++i) {
    try {
      zimg::read_picture_facts(zimg_test::damaged(spliced, random));
    } catch (const zimg::Error& error) {
      BOOST_TEST((error.code() == ErrorCode::kInvalidArgument));
    }
  }
}

BOOST_AUTO_TEST_CASE(in_utf16_come_back_whole) {
  for (const std::string& text : {std::string(), std::string("abc"), std::string("é圆🟠\xf4\x8f\xbf\xbf")}) {
    BOOST_TEST(image::utf8_from_utf16(image::utf16_from_utf8(text), image::ByteOrder::kBig) == text);
  }
  BOOST_TEST(image::utf8_from_utf16(std::string("\xd8\x3d\0a", 4), image::ByteOrder::kBig) ==
             "\xef\xbf\xbd"
             "a");
}

BOOST_AUTO_TEST_SUITE_END()
