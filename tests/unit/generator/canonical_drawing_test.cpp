// What is drawn is a function of the canonical request alone: a pipeline remembers what it was given.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "key/canonical_request.hpp"
#include "key/synonyms.hpp"
#include "unit/generator/generator_fixture.hpp"
#include "unit/key/request_source.hpp"

using zimg::Request;
using zimg_test::text_of;

namespace {

const zimg_test::OwnHome kOwnHome;

struct Fixture : zimg_test::GeneratorFixture {
  zimg_test::TemporaryFolder folder;
  const std::string words = folder.path("words.tsv");

  Fixture() { std::ofstream(words) << "cat\tkitty\n猫\t猫咪\n"; }

  zimg::GeneratorOptions with_words() const {
    zimg::GeneratorOptions made = options();
    made.synonyms = words;
    return made;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(canonical_drawing, Fixture)

BOOST_AUTO_TEST_CASE(the_pipeline_is_given_the_canonical_request) {
  zimg::Generator generator(with_words());
  const auto synonyms = zimg::key::Synonyms::read(words);
  zimg_test::RequestSource source{7};
  std::map<std::string, std::string> order_of_key;
  std::set<std::string> orders;
  std::size_t equal = 0;
  for (int i = 0; i < 150; ++i) {
    auto [first, second] = source.next_pair();
    for (Request* request : {&first, &second}) {
      if (request->width != 32u) request->width = request->width ? 64 : 70;
      if (request->height != 32u) request->height = 64;
      if (request->match != zimg::MatchLevel::kLoose && request->width == 70u) request->width = 64;
      request->steps = request->steps.value_or(8);
      const std::string key = generator.key(*request).hex();
      generator.generate(*request);
      zimg::key::ModelFacts facts;
      facts.size_step = 32;  // the built-in model's
      const auto canonical = zimg::key::canonicalize(*request, facts, &synonyms);
      const std::string order = text_of(pipeline->orders().back());
      BOOST_TEST(order == text_of(canonical.order));
      const std::string whole = canonical.name_space + '\0' + order;
      const auto [known, is_new] = order_of_key.emplace(key, whole);
      BOOST_TEST(known->second == whole);
      BOOST_TEST(orders.insert(whole).second == is_new);
      equal += is_new ? 0 : 1;
    }
  }
  BOOST_TEST(equal > 20u);
  BOOST_TEST(orders.size() > 20u);
}

// The same request with the cache on, and off.
BOOST_AUTO_TEST_CASE(a_cache_changes_no_picture) {
  zimg::Generator cached(with_words(), cache), uncached(with_words());
  zimg_test::RequestSource source{11};
  for (int i = 0; i < 40; ++i) {
    Request request = source.next();
    request.width = 32;
    request.height = 32;
    const auto drawn = uncached.generate(request);
    cached.generate(request);
    cached.drain();
    const auto found = cached.generate(request);
    BOOST_TEST(found.report.is_hit() == (request.mode == zimg::CacheMode::kNormal));
    BOOST_TEST((*found.bytes == *drawn.bytes));
  }
}

BOOST_AUTO_TEST_CASE(loose_requests_share_a_picture) {
  zimg::Generator generator(with_words(), cache);
  Request request = zimg_test::small_request("A  Kitty，\nsitting");
  request.match = zimg::MatchLevel::kLoose;
  request.width = 70;
  const auto drawn = generator.generate(request);
  BOOST_TEST(drawn.width == 64u);
  BOOST_TEST(!drawn.report.folded.empty());
  BOOST_TEST(pipeline->orders().back().prompt == "a cat, sitting");
  generator.drain();
  Request typed = zimg_test::small_request("a cat, sitting");
  BOOST_TEST(generator.generate(typed).report.is_hit());
}

BOOST_AUTO_TEST_CASE(a_wrong_file_of_synonyms_is_told_at_once) {
  std::ofstream(words, std::ios::app) << "kitty\tcat\n";
  BOOST_CHECK_EXCEPTION(zimg::Generator{with_words()}, zimg::Error, [](const zimg::Error& error) {
    return error.code() == zimg::ErrorCode::kInvalidArgument &&
           std::string(error.what()).find("line 3 closes a cycle") != std::string::npos;
  });
  zimg::GeneratorOptions absent = options();
  absent.synonyms = folder.path("absent.tsv");
  BOOST_CHECK_EXCEPTION(zimg::Generator{absent}, zimg::Error,
                        [](const zimg::Error& error) { return error.code() == zimg::ErrorCode::kNotFound; });
}

BOOST_AUTO_TEST_CASE(a_secret_hides_the_pictures_of_its_namespace) {
  zimg::GeneratorOptions secret = options();
  secret.namespace_secrets["mine"] = {'s', 'e', 'c', 'r', 'e', 't'};
  zimg::Generator knowing(secret, cache), other(options(), cache);
  Request request = zimg_test::small_request("a cat");
  BOOST_TEST((knowing.key(request) == other.key(request)));  // of another namespace
  request.name_space = "mine";
  BOOST_TEST((knowing.key(request) != other.key(request)));
  knowing.generate(request);
  knowing.drain();
  BOOST_TEST(!other.generate(request).report.is_hit());
  BOOST_TEST(knowing.generate(request).report.is_hit());
  for (const auto& field : knowing.explain_key(request)) {
    BOOST_TEST(field.value.find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_secret_is_refused) {
  zimg::GeneratorOptions wrong = options();
  wrong.namespace_secrets["mine"] = {};
  BOOST_CHECK_EXCEPTION(zimg::Generator{wrong}, zimg::Error, [](const zimg::Error& error) {
    return error.code() == zimg::ErrorCode::kInvalidArgument &&
           std::string(error.what()).find("'mine'") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
