#include "base/excerpt.hpp"

#include <boost/test/unit_test.hpp>

#include "base/utf8.hpp"

using zimg::base::excerpt;

BOOST_AUTO_TEST_SUITE(excerpts)

BOOST_AUTO_TEST_CASE(are_the_whole_of_what_is_short) {
  for (const std::string& text : {std::string(), std::string("norm"), std::string(60, 'x')}) {
    BOOST_TEST(excerpt(text) == text);
    BOOST_TEST(zimg::base::in_quotes(text) == "'" + text + "'");
  }
}

BOOST_AUTO_TEST_CASE(keep_both_ends_of_what_is_long) {
  BOOST_TEST(excerpt("text_encoders.qwen3_4b.transformer.model.layers.35.post_attention_layernorm.weight") ==
             "text_encoders.qw...layers.35.post_attention_layernorm.weight");
  BOOST_TEST(excerpt(std::string(20'000'000, 'x')).size() == 60u);
}

BOOST_AUTO_TEST_CASE(cut_no_character) {
  for (const char* character : {"é", "圆", "🟠"}) {
    for (int shift = 0; shift < 4; ++shift) {
      std::string text(static_cast<std::size_t>(shift), 'x');
      for (int i = 0; i < 40; ++i) text += character;
      const std::string shown = excerpt(text);
      BOOST_TEST(!zimg::base::find_invalid_utf8(shown).has_value());
      BOOST_TEST(shown.size() <= 60u);
      BOOST_TEST(shown.size() > 52u);
    }
  }
  BOOST_TEST(excerpt(std::string(100, '\x80')).size() <= 60u);  // of what is no UTF-8 anything but a crash
}

BOOST_AUTO_TEST_SUITE_END()
