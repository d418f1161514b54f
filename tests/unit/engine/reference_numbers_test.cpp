// The engine against numbers that the reference once gave for the formula model: tests/data/reference_numbers.json,
// written by tests/parity/write_reference_numbers.py. The live comparison, over more of everything, is tests/parity.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>

#include <boost/test/unit_test.hpp>
#include <numbers>

#include "base/file.hpp"
#include "base/float_below.hpp"
#include "base/json.hpp"
#include "engine/denoiser/rope_table.hpp"
#include "engine/pipeline/sample.hpp"
#include "engine/pipeline/torch_pipeline.hpp"
#include "models/formula_model.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace zimg;
using base::Json;

const engine::CheckCancelled kNeverCancelled = [] {};

const Json& numbers() {
  static const Json read =
      base::parse_json(base::read_file(ZIMG_TEST_DATA "/reference_numbers.json", 1 << 22, ErrorCode::kIo),
                       "reference_numbers.json", ErrorCode::kIo);
  return read;
}

// Formula numbers with variance 1: the inputs that both sides make.
at::Tensor formula_input(const std::string& name, at::IntArrayRef shape) {
  const std::vector<double> drawn =
      zimg_test::formula_numbers(name, static_cast<std::size_t>(c10::multiply_integers(shape)));
  return (at::tensor(drawn) * std::numbers::sqrt3).to(at::kFloat).view(shape);
}

// A summary holds a tensor's first numbers, its norm, and its product with a fixed direction, which every number moves.
void check_summary(const at::Tensor& ours, const Json& expected, double tolerance) {
  const at::Tensor flat = ours.to(at::kDouble).flatten();
  BOOST_TEST(ours.sizes().vec() == expected.at("shape").get<std::vector<std::int64_t>>(),
             boost::test_tools::per_element());
  const double norm = expected.at("norm");
  const double per_number = norm / std::sqrt(static_cast<double>(flat.numel()));
  const auto first = expected.at("first").get<std::vector<double>>();
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double off = std::abs(flat[static_cast<std::int64_t>(i)].item<double>() - first[i]);
    BOOST_TEST(off <= tolerance * per_number * 10, "number " << i << " is off by " << off);
  }
  BOOST_TEST(std::abs(at::linalg_vector_norm(flat).item<double>() / norm - 1) <= tolerance);
  const at::Tensor direction = at::tensor(zimg_test::formula_numbers("probe", static_cast<std::size_t>(flat.numel())));
  const double off = std::abs(flat.dot(direction).item<double>() - expected.at("probe").get<double>());
  BOOST_TEST(off <= tolerance * norm, "the product with the probe is off by " << off / norm << " of the norm");
}

constexpr double kTolerance = 1e-5;

struct Fixture {
  Fixture() {
    zimg_test::write_formula_model(folder.path());
    parts.emplace(checkpoint::ModelFolder::open(folder.path()), engine::ComputePlan{});
    tokenizer.emplace(tokenizer::Tokenizer::open(folder.path("tokenizer")));
  }

  at::Tensor rows(const std::string& prompt) {
    return parts->text_encoder().encode(tokenizer->encode_prompt(prompt), kNeverCancelled);
  }

  c10::InferenceMode no_gradients;
  zimg_test::TemporaryFolder folder;
  std::optional<engine::ModelParts> parts;
  std::optional<tokenizer::Tokenizer> tokenizer;
};

DrawingOrder order_of(const Json& draw) {
  DrawingOrder order;
  order.prompt = draw.at("prompt");
  order.negative_prompt = draw.at("negative");
  order.width = draw.at("width");
  order.height = draw.at("height");
  order.sigmas = draw.at("sigmas").get<std::vector<float>>();
  order.guidance = draw.at("guidance");
  order.guidance_normalization = draw.at("normalization");
  order.guidance_truncation = base::float_below(draw.at("truncation"));
  order.seed = draw.at("seed");
  return order;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reference_numbers, Fixture)

BOOST_AUTO_TEST_CASE(token_ids) {
  for (const Json& entry : numbers().at("token_ids")) {
    const std::string prompt = entry.at("prompt");
    BOOST_TEST(tokenizer->encode_prompt(prompt) == entry.at("ids").get<std::vector<std::uint32_t>>(),
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(text_rows) {
  for (const Json& entry : numbers().at("text_rows")) {
    const std::string prompt = entry.at("prompt");
    BOOST_TEST_CONTEXT("prompt '" << prompt << "'") check_summary(rows(prompt), entry.at("rows"), kTolerance);
  }
}

BOOST_AUTO_TEST_CASE(blocks) {
  const checkpoint::TransformerConfig& config = parts->model().config().transformer;
  const engine::PartLoader loader(parts->model().open_weights(checkpoint::Part::kTransformer), {});
  for (const Json& entry : numbers().at("blocks")) {
    const std::string prefix = entry.at("prefix");
    const std::int64_t caption = entry.at("caption");
    const bool is_modulated = !prefix.starts_with("context_refiner");
    const engine::Block block(prefix, is_modulated, config, loader);
    at::Tensor rope = engine::rope_table(config, entry.at("rows"), entry.at("columns"), caption, {});
    if (!is_modulated) rope = rope.slice(0, rope.size(0) - caption);
    at::Tensor x = formula_input(prefix + "x", {rope.size(0), config.dim});
    engine::Modulation modulation;
    if (is_modulated) {
      const at::Tensor row =
          block.modulations(formula_input(prefix + "embedding", {1, config.modulation_dim()})).select(0, 0);
      modulation = {row.select(0, 0), row.select(0, 1), row.select(0, 2), row.select(0, 3)};
    }
    block.run(x, rope, modulation);
    BOOST_TEST_CONTEXT(prefix) check_summary(x, entry.at("x"), kTolerance);
  }
}

BOOST_AUTO_TEST_CASE(decoded_pictures) {
  for (const Json& entry : numbers().at("decodes")) {
    const std::vector<std::int64_t> shape = entry.at("latents");
    const at::Tensor latents = formula_input("latents", shape);
    const at::Tensor picture = parts->decoder().decode(latents, false, kNeverCancelled);
    check_summary(picture, entry.at("rgb"), 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(drawings) {
  engine::TorchPipeline pipeline(folder.path(), {});
  class : public IDrawingObserver {
    bool wants_preview() const override { return false; }
    void on_progress(const Progress&) override {}
    bool is_cancelled() const override { return false; }
  } observer;
  for (const Json& entry : numbers().at("draws")) {
    const DrawingOrder order = order_of(entry);
    engine::TextRows text{rows(order.prompt), {}};
    if (order.guidance > 0) text.negative = rows(order.negative_prompt);
    const at::Tensor latents = engine::sample(
        *parts, order, text, [](auto&&...) {}, kNeverCancelled);
    BOOST_TEST_CONTEXT("drawing of '" << order.prompt << "' with guidance " << order.guidance) {
      check_summary(latents, entry.at("latents"), 1e-4);
      const Picture picture = pipeline.draw(order, observer);
      const at::Tensor pixels =
          at::tensor(picture.rgb, at::TensorOptions().dtype(at::kByte)).view({picture.height, picture.width, 3});
      check_summary(pixels, entry.at("rgb"), 1e-3);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
