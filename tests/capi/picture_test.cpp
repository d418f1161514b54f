// zimg_picture and zimg_picture_facts: pixels in and out, and what a file says about itself.
#include "capi_fixture.hpp"

using namespace capi_test;

BOOST_AUTO_TEST_CASE(pixels_are_copied_and_their_number_is_checked) {
  Picture picture;
  must(zimg_picture_create, picture.out());
  BOOST_TEST((zimg_picture_rgb(picture.get(), nullptr) == nullptr));
  std::vector<std::uint8_t> rgb(std::size_t{3} * 5 * 2, 9);
  const auto set = [&](std::uint32_t width, std::uint32_t height, std::size_t size) {
    return refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_picture_set_rgb, picture.get(), width, height,
                   static_cast<const std::uint8_t*>(rgb.data()), size);
  };
  BOOST_TEST(holds(set(5, 2, 29), "5x2"));
  set(5, 3, 30);
  set(UINT32_MAX, UINT32_MAX, 3);  // their product times three would wrap around to 3
  set(0x80000000u, 2, 0);          // and this product, in 32 bits, to 0
  must(zimg_picture_set_rgb, picture.get(), 5u, 2u, static_cast<const std::uint8_t*>(rgb.data()), rgb.size());
  rgb[0] = 1;
  std::size_t size = 0;
  BOOST_TEST(zimg_picture_rgb(picture.get(), &size)[0] == 9);
  BOOST_TEST(size == 30u);
  for (const zimg_stage stage : {-1, 0, 1, 7, 8, 9}) {
    refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_picture_set_stage_ms, picture.get(), stage, 1.0);
  }
  for (zimg_stage stage = ZIMG_STAGE_WAIT; stage <= ZIMG_STAGE_DECODE; ++stage) {
    must(zimg_picture_set_stage_ms, picture.get(), stage, 1.0);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_picture_is_refused) {
  Picture picture;
  PictureFacts facts;
  for (const std::string_view text :
       {std::string_view(), std::string_view("\x89PNG\r\n\x1a\n"), std::string_view("x")}) {
    refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_picture_decode, static_cast<const void*>(text.data()), text.size(),
            picture.out());
    refused(ZIMG_STATUS_INVALID_ARGUMENT, zimg_picture_facts_read, static_cast<const void*>(text.data()), text.size(),
            facts.out());
  }
}

BOOST_AUTO_TEST_CASE(a_file_tells_its_parameters) {
  Painter painter;
  const Generator generator = generator_of(options_for(painter));
  const Request request = request_of("a red circle");
  must(zimg_request_set_splice_parameters, request.get(), 1);
  const auto bytes = bytes_of(generated(generator, request));
  PictureFacts facts;
  must(zimg_picture_facts_read, static_cast<const void*>(bytes.data()), bytes.size(), facts.out());
  BOOST_TEST(zimg_picture_facts_width(facts.get()) == 64u);
  BOOST_TEST(zimg_picture_facts_height(facts.get()) == 64u);
  const std::size_t count = zimg_picture_facts_text_count(facts.get());
  BOOST_REQUIRE(count >= 2u);
  std::string keywords;
  for (std::size_t i = 0; i < count; ++i) {
    keywords += text_of(zimg_picture_facts_keyword, facts.get(), i) + " ";
    BOOST_TEST(holds(text_of(zimg_picture_facts_text, facts.get(), i), "a red circle"));
  }
  BOOST_TEST(keywords == "parameters zimg ");
  BOOST_TEST((zimg_picture_facts_text(facts.get(), count, nullptr) == nullptr));
}
