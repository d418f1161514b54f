// Folding gives today what it gave when its keys were first written: a digest of what 60,000 made-up texts become at
// every level. A change that moves it finds none of the entries that were stored before, and must raise the key's
// schema.
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"
#include "key/folding.hpp"
#include "key/synonyms.hpp"

using zimg::MatchLevel;

namespace {

// What texts are made of, one piece between two bars. Nothing newer than Unicode 9, so that every utf8proc folds it
// alike.
constexpr std::string_view kPieces =
    "a|cat|Cat|STOP|don't|4K|HDR|3|50|５０|ＶＲ|ａ|café|cafe\u0301|naïve|ß|İ|ΟΔΟΣ|Σ|дом|一|只|猫|狗|"
    "坐在窗台上|高清|々|が|か\u3099|カメラ|ﾊﾝｶｸ|한|\u1112\u1161\u11AB|क्\u200Dष|می\u200Cخواهم|ไทย| | | |  |"
    "\t|\u00A0|\u3000|\n|\r\n|\u2028|,|.|;|:|?|!|(|)|...|…|—|-|/|_|，|。|；|：|？|！|（|）|、|．|～|％|《|"
    "》|【|】|·|\"|'|“|”|‘|’|「|」|『|』|\"STOP\"|“你好,世界”|「A  B」|5\"|\u200B|\u2060|\uFEFF|\u00AD|"
    "\u202E|\u0007|\u200D|\uFE0F|👨\u200D👩|❤\uFE0F|1\uFE0F\u20E3|\u0301|\u0323|\u3099";

std::vector<std::string> all_pieces() {
  std::vector<std::string> all;
  std::istringstream list{std::string(kPieces)};
  for (std::string piece; std::getline(list, piece, '|');) all.push_back(piece);
  return all;
}

std::string text_of(const std::vector<std::string>& pieces, std::mt19937_64& random) {
  std::string text;
  for (std::uint64_t count = random() % 24; count > 0; --count) text += pieces[random() % pieces.size()];
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(folding_digest)

BOOST_AUTO_TEST_CASE(is_what_it_was) {
  const auto synonyms = zimg::key::Synonyms::parse("cat\tkitty\n猫\t猫咪\nhdr 4k\tsharp\n", "words.tsv");
  const std::vector<std::string> words = all_pieces();
  std::mt19937_64 random(20240607);
  zimg::base::Sha256 all;
  const auto add = [&all](const std::string& text) { all.update(text.c_str(), text.size() + 1); };
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = text_of(words, random);
    for (const auto level : {MatchLevel::kExact, MatchLevel::kNormalized, MatchLevel::kLoose}) {
      const auto folded = zimg::key::fold_text(text, level, &synonyms);
      add(folded.text);
      for (const std::string& change : folded.changes) add(change);
    }
  }
  BOOST_TEST(zimg::base::hex_of(all.finish()) == "910a404f5e03d7e31981771009d4558c9b96bc348bb076d135c3c4dd24b38351");
}

BOOST_AUTO_TEST_SUITE_END()
