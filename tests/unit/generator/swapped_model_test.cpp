// Another folder in the place of the model's, while a pipeline reads weights, and gone again before anything is stored.
#include "unit/generator/generator_fixture.hpp"

using namespace zimg;
using zimg_test::GeneratorFixture;
using zimg_test::is_error;
using zimg_test::OwnHome;
using zimg_test::small_request;
namespace fs = std::filesystem;

BOOST_TEST_GLOBAL_FIXTURE(OwnHome);

namespace {

struct Fixture : GeneratorFixture {
  Fixture() {
    for (const char* name : {"model", "other"}) {
      fs::copy(zimg_test::kModel, folder.path(name), fs::copy_options::recursive);
    }
    GeneratorOptions with_folder = options();
    with_folder.model = folder.path("model");
    generator = std::make_unique<Generator>(with_folder, cache);
    request.mode = CacheMode::kNoStore;
    generator->generate(request);
    request.seed = 7;
  }

  // The two change places.
  void swap() const {
    fs::rename(folder.path("model"), folder.path("away"));
    fs::rename(folder.path("other"), folder.path("model"));
    fs::rename(folder.path("away"), folder.path("other"));
  }

  void expect_refusal() {
    request.mode = CacheMode::kNormal;
    BOOST_CHECK_EXCEPTION(generator->generate(request), Error, is_error(ErrorCode::kBadModel, "open it again"));
    BOOST_TEST(cache->stats().entries == 0u);
  }

  zimg_test::TemporaryFolder folder;
  std::unique_ptr<Generator> generator;
  Request request = small_request("a red circle");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(swapped_model, Fixture)

BOOST_AUTO_TEST_CASE(nothing_is_kept_after_a_drawing_that_loaded_from_it) {
  pipeline->spoil = [](Picture& picture) { picture.load_ms = 1; };
  swap();
  generator->generate(request);
  swap();
  expect_refusal();
}

BOOST_AUTO_TEST_CASE(nor_after_a_drawing_in_which_it_came_or_went) {
  pipeline->spoil = [this](Picture& picture) {
    picture.load_ms = 1;
    swap();
  };
  swap();
  generator->generate(request);
  expect_refusal();
}

BOOST_AUTO_TEST_CASE(nor_after_one_that_failed) {
  pipeline->spoil = [](Picture&) { throw Error(ErrorCode::kDevice, "the latents are not finite"); };
  swap();
  BOOST_CHECK_EXCEPTION(generator->generate(request), Error, is_error(ErrorCode::kDevice, "not finite"));
  swap();
  pipeline->spoil = nullptr;
  expect_refusal();
}

BOOST_AUTO_TEST_CASE(a_drawing_that_loaded_nothing_is_none_of_its_business) {
  swap();
  generator->generate(request);
  swap();
  request.mode = CacheMode::kNormal;
  generator->generate(request);
  generator->drain();
  BOOST_TEST(cache->stats().entries == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
