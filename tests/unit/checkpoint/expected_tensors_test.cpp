#include "checkpoint/expected_tensors.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <set>

#include "model_fixture.hpp"

namespace {

namespace checkpoint = zimg::checkpoint;
using checkpoint::ExpectedTensor;
using checkpoint::Part;

std::int64_t parameters(const std::vector<ExpectedTensor>& tensors, bool only_used = false) {
  std::int64_t sum = 0;
  for (const auto& tensor : tensors) {
    std::int64_t count = 1;
    for (const auto extent : tensor.shape) count *= extent;
    if (tensor.is_used || !only_used) sum += count;
  }
  return sum;
}

std::size_t distinct_names(const std::vector<ExpectedTensor>& tensors) {
  std::set<std::string> names;
  for (const auto& tensor : tensors) names.insert(tensor.name);
  return names.size();
}

// The release as its config files have it.
checkpoint::ModelConfig released() {
  checkpoint::ModelConfig config;
  config.transformer.axes_lens = {1536, 512, 512};
  return config;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(expected_tensors)

// The counts are those of the released index files and, times the width of a number, their total_size.
BOOST_AUTO_TEST_CASE(of_the_release_are_as_many_as_its_indexes_list) {
  const auto transformer = checkpoint::expected_tensors(Part::kTransformer, released());
  BOOST_TEST(distinct_names(transformer) == 521u);
  BOOST_TEST(parameters(transformer) == 6'154'908'736);
  const auto text_encoder = checkpoint::expected_tensors(Part::kTextEncoder, released());
  BOOST_TEST(distinct_names(text_encoder) == 398u);
  BOOST_TEST(parameters(text_encoder) == 4'022'468'096);
  BOOST_TEST(parameters(text_encoder, true) == 3'921'534'720);
  const auto vae = checkpoint::expected_tensors(Part::kVae, released());
  BOOST_TEST(distinct_names(vae) == 138u);
  BOOST_TEST(parameters(vae) == 49'545'475);
}

BOOST_AUTO_TEST_CASE(are_those_of_the_built_in_model) {
  const auto model = checkpoint::ModelFolder::open(std::string(ZIMG_SOURCE_DIR) + "/src/builtin_model/model");
  for (const Part part : {Part::kTextEncoder, Part::kTransformer, Part::kVae}) {
    const auto tensors = checkpoint::expected_tensors(part, model.config());
    const auto used = std::count_if(tensors.begin(), tensors.end(), [](const auto& tensor) { return tensor.is_used; });
    BOOST_TEST(model.open_weights(part)->names().size() == static_cast<std::size_t>(used));
  }
}

BOOST_AUTO_TEST_CASE(follow_the_config) {
  auto config = zimg_test::tiny_config();
  const auto before = checkpoint::expected_tensors(Part::kVae, config);
  config.vae.mid_block_add_attention = false;
  BOOST_TEST(checkpoint::expected_tensors(Part::kVae, config).size() == before.size() - 10);
  config.vae.use_post_quant_conv = true;
  BOOST_TEST(checkpoint::expected_tensors(Part::kVae, config).size() == before.size() - 8);
}

// 33 GB that take no disk: every name and shape of the release, opened in place.
BOOST_AUTO_TEST_CASE(of_the_release_open_in_two_seconds) {
  const zimg_test::ModelFixture model(released());
  const std::clock_t begin = std::clock();  // of this process: a busy machine is no fault
  const auto folder = checkpoint::ModelFolder::open(model.path());
  BOOST_TEST(folder.open_weights(Part::kTextEncoder)->names().size() == 386u);  // less layer 35 and the last norm
  BOOST_TEST(folder.open_weights(Part::kTransformer)->names().size() == 521u);
  BOOST_TEST(folder.open_weights(Part::kVae)->names().size() == 138u);
  BOOST_TEST(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC < 2.0);
}

BOOST_AUTO_TEST_SUITE_END()
