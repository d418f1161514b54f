#include <map>
#include <random>
#include <set>

#include "unit/generator/generator_fixture.hpp"

namespace {

using namespace zimg_test;

const OwnHome kHome;

std::uint64_t operations() {
  const char* wanted = std::getenv("ZIMG_NAMESPACE_OPERATIONS");
  return wanted == nullptr ? 5000 : std::strtoull(wanted, nullptr, 10);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(namespaces, GeneratorFixture)

BOOST_AUTO_TEST_CASE(are_none_of_a_secret_whose_name_is_none) {
  using namespace zimg;
  GeneratorOptions wrong = options();
  wrong.namespace_secrets[" mine"] = Bytes{1, 2, 3};
  BOOST_CHECK_EXCEPTION(Generator(wrong, cache), Error,
                        is_error(ErrorCode::kInvalidArgument, "the namespace of a secret"));
}

BOOST_AUTO_TEST_CASE(with_a_secret_are_encrypted_where_the_url_says_so) {
  using namespace zimg;
  const TemporaryFolder folder;
  const std::string path = folder.path("store");
  Request request = small_request("a red circle");
  request.name_space = "mine";
  GeneratorOptions encrypting = options();
  encrypting.cache_url = "lmdb:" + path + "?size=8MiB&encrypt=1";
  encrypting.namespace_secrets["mine"] = Bytes{1, 2, 3};
  const auto outcome = [&](const GeneratorOptions& with) {
    Generator generator(with);
    const Result result = generator.generate(request);
    generator.drain();
    return outcome_name(result.report.outcome);
  };
  BOOST_TEST(outcome(encrypting) == "drawn");
  BOOST_TEST(outcome(encrypting) == "hit");
  const CacheKey key = Generator(encrypting).key(request);
  LmdbOptions without;
  without.path = path;
  BOOST_TEST(open_lmdb_cache(without)->stats().entries == 1u);
  BOOST_TEST(!open_lmdb_cache(without)->find(key).has_value());  // the key alone opens nothing
  GeneratorOptions other = encrypting;
  other.namespace_secrets["mine"] = Bytes{3, 2, 1};
  BOOST_TEST(outcome(other) == "drawn");
  encrypting.namespace_secrets.clear();
  BOOST_CHECK_EXCEPTION(Generator(encrypting).key(request), Error, is_error(ErrorCode::kInvalidArgument));
}

// Random requests and purges against a model of what each namespace must hold. ZIMG_NAMESPACE_OPERATIONS=1000000 is the
// whole of it.
BOOST_AUTO_TEST_CASE(never_share_a_picture) {
  const std::vector<std::string> names{"default", "a", "A", "a.", "a:a", "user:alice", "user:alic", "default-"};
  std::map<std::string, std::set<std::uint64_t>> held;
  zimg::Generator generator(options(), cache);
  std::mt19937 random(20240607);
  std::uint64_t across = 0;
  std::uint64_t lost = 0;
  std::uint64_t within = 0;
  for (std::uint64_t i = 0, count = operations(); i < count; ++i) {
    const std::string& name = names[random() % names.size()];
    if (random() % 500 == 0) {
      zimg::PurgeFilter filter;
      filter.name_space = name;
      BOOST_TEST(zimg::purge(*cache, filter) == held[name].size());
      held[name].clear();
      continue;
    }
    const std::uint64_t number = random() % 24;
    zimg::Request request = small_request("picture " + std::to_string(number));
    request.width = request.height = 32;
    request.name_space = name;
    const zimg::Result result = generator.generate(request);
    const bool is_expected = held[name].count(number) == 1;
    across += result.report.is_hit() && !is_expected ? 1 : 0;
    lost += !result.report.is_hit() && is_expected ? 1 : 0;
    within += result.report.is_hit() && is_expected ? 1 : 0;
    if (is_expected) continue;
    generator.drain();
    held[name].insert(number);
  }
  BOOST_TEST_MESSAGE(operations() << " operations: " << across << " hits across namespaces, " << within << " within, "
                                  << lost << " lost");
  BOOST_TEST(across == 0u);
  BOOST_TEST(lost == 0u);
  BOOST_TEST(within > operations() / 2);
}

BOOST_AUTO_TEST_SUITE_END()
