// The denoiser in float16, which only a GPU draws in: numbers beyond 65504 must leave no trace.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>

#include <boost/test/unit_test.hpp>
#include <map>

#include "engine/denoiser/denoiser.hpp"
#include "engine/denoiser/rope_table.hpp"
#include "engine/sampling/noise.hpp"
#include "models/formula_model.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace zimg;
using checkpoint::TensorView;
using checkpoint::Weights;

const engine::CheckCancelled kNeverCancelled = [] {};

// Weights in float32 of which those whose name ends so are larger.
class Louder final : public Weights {
 public:
  Louder(std::shared_ptr<const Weights> weights, std::string ending, float factor)
      : weights_(std::move(weights)), ending_(std::move(ending)), factor_(factor) {}

  TensorView tensor(const std::string& name, const std::vector<std::int64_t>& shape) const override {
    TensorView view = weights_->tensor(name, shape);
    if (!name.ends_with(ending_)) return view;
    const auto* numbers = reinterpret_cast<const float*>(view.data);
    std::vector<float>& louder = louder_[name];
    louder.assign(numbers, numbers + view.elements());
    for (float& number : louder) number *= factor_;
    view.data = reinterpret_cast<const std::byte*>(louder.data());
    return view;
  }
  TensorView stored(const std::string& name) const override { return weights_->stored(name); }
  bool has(const std::string& name) const override { return weights_->has(name); }
  std::vector<std::string> names() const override { return weights_->names(); }
  std::vector<TensorView> tensors() const override { return weights_->tensors(); }

 private:
  std::shared_ptr<const Weights> weights_;
  std::string ending_;
  float factor_;
  mutable std::map<std::string, std::vector<float>> louder_;
};

struct Fixture {
  Fixture() {
    zimg_test::write_formula_model(folder.path());
    weights = checkpoint::ModelFolder::open(folder.path()).open_weights(checkpoint::Part::kTransformer);
  }

  static engine::Placement in(at::ScalarType type) {
    engine::Placement placement;
    placement.dtype = type;
    return placement;
  }

  at::Tensor block(const std::shared_ptr<const Weights>& of, at::ScalarType type) const {
    const engine::Block block("context_refiner.0.", false, config, engine::PartLoader(of, in(type)));
    const at::Tensor rope = engine::rope_table(config, 2, 4, 32, in(type));
    at::Tensor x = engine::starting_noise(1, 1, rope.size(0), config.dim).squeeze(0).to(type);
    block.run(x, rope, {});
    return x.to(at::kFloat);
  }

  static double distance(const at::Tensor& ours, const at::Tensor& exact) {
    return ((ours - exact).norm() / exact.norm()).item<double>();
  }

  c10::InferenceMode no_gradients;
  zimg_test::TemporaryFolder folder;
  checkpoint::TransformerConfig config = zimg_test::formula_config().transformer;
  std::shared_ptr<const Weights> weights;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(half_precision, Fixture)

BOOST_AUTO_TEST_CASE(captions_of_any_size_are_normed_before_they_are_rounded) {
  const engine::Denoiser denoiser(config, engine::PartLoader(weights, in(at::kHalf)));
  const at::Tensor features = engine::starting_noise(2, 1, 20, config.cap_feat_dim).squeeze(0);
  const auto rows = [&](const at::Tensor& of) {
    return denoiser.prepare_caption(of, 2, 4, kNeverCancelled).rows.to(at::kFloat);
  };
  const at::Tensor usual = rows(features);
  BOOST_TEST(distance(rows(features * 1e6), usual) < 2e-3);
  BOOST_TEST(distance(rows((features * 1e6).to(at::kBFloat16)), usual) < 1e-2);
}

BOOST_AUTO_TEST_CASE(blocks_are_nearly_those_of_float32) {
  BOOST_TEST(distance(block(weights, at::kHalf), block(weights, at::kFloat)) < 2e-3);
}

BOOST_AUTO_TEST_CASE(products_beyond_the_range_leave_no_trace) {
  for (const char* name : {"attention.to_out.0.weight", "feed_forward.w2.weight"}) {
    BOOST_TEST_CONTEXT(name) {
      const auto louder = std::make_shared<Louder>(weights, name, 1e5f);
      BOOST_TEST(distance(block(louder, at::kHalf), block(louder, at::kFloat)) < 2e-3);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
