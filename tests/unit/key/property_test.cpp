// What holds for all requests, on random ones: 100,000 pairs, or as many as ZIMG_PROPERTY_PAIRS says.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>
#include <tuple>

#include "key/canonical_request.hpp"
#include "key/picture_key.hpp"
#include "key/synonyms.hpp"
#include "unit/key/asking_for.hpp"
#include "unit/key/request_source.hpp"

using zimg::key::canonicalize;
using zimg::key::CanonicalRequest;
using zimg::key::DrawerIdentity;
using zimg::key::ModelFacts;
using zimg::key::Synonyms;

namespace {

std::uint64_t pairs() {
  const char* asked = std::getenv("ZIMG_PROPERTY_PAIRS");
  return asked == nullptr ? 100'000 / zimg_test::kTimesLess : std::strtoull(asked, nullptr, 10);
}

// Everything that a canonical request is, compared value by value.
bool is_same(const CanonicalRequest& a, const CanonicalRequest& b) {
  const auto all = [](const CanonicalRequest& r) {
    const auto& o = r.order;
    return std::tie(r.name_space, o.prompt, o.negative_prompt, o.width, o.height, o.sigmas, o.guidance,
                    o.guidance_normalization, o.guidance_truncation, o.seed, o.vae_tiling);
  };
  return all(a) == all(b);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(property)

BOOST_AUTO_TEST_CASE(keys_are_equal_where_canonical_requests_are_and_only_there) {
  const Synonyms synonyms = Synonyms::parse("cat\tkitty\n猫\t猫咪\n", "words.tsv");
  const ModelFacts model;
  DrawerIdentity drawer;
  drawer.engine = "zimg-numerics=1;device=cpu;text=bf16;denoiser=bf16;vae=bf16";
  zimg_test::RequestSource source{20240607};
  std::uint64_t equal = 0, different = 0;
  for (std::uint64_t i = 0; i < pairs(); ++i) {
    const auto [first, second] = source.next_pair();
    const CanonicalRequest a = canonicalize(first, model, &synonyms);
    const CanonicalRequest b = canonicalize(second, model, &synonyms);
    const bool same = is_same(a, b);
    ++(same ? equal : different);
    BOOST_TEST_REQUIRE((key_message(a, drawer) == key_message(b, drawer)) == same, "pair " << i);
    BOOST_TEST_REQUIRE((picture_key(a, drawer) == picture_key(b, drawer)) == same, "pair " << i);
    // Canonical is canonical: at its own level, and its seed, size and numbers too.
    const CanonicalRequest again = canonicalize(zimg_test::asking_for(a, first), model, &synonyms);
    BOOST_TEST_REQUIRE(is_same(again, a), "pair " << i);
    BOOST_TEST_REQUIRE(again.folded.empty(), "pair " << i);
  }
  BOOST_TEST_MESSAGE(equal << " equal pairs, " << different << " different ones");
  BOOST_TEST(equal > pairs() / 10);
  BOOST_TEST(different > pairs() / 10);
}

BOOST_AUTO_TEST_SUITE_END()
