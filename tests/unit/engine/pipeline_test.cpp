#include "engine/pipeline/torch_pipeline.hpp"

#include <c10/util/Exception.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <thread>

#include "base/file.hpp"
#include "checkpoint/config_writer.hpp"
#include "models/formula_model.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace zimg;
using engine::ComputePlan;
using engine::PrecisionChoice;
using engine::TorchPipeline;

ComputePlan fp32_on_one_thread() {
  ComputePlan plan;
  plan.threads = 1;  // tests run side by side
  return plan;
}

// Counts what it is asked, keeps what it is told, and cancels when asked for the `cancel_at`-th time.
class Watcher final : public IDrawingObserver {
 public:
  explicit Watcher(bool previews = false, int cancel_at = 0) : previews_(previews), cancel_at_(cancel_at) {}

  bool wants_preview() const override {
    if (on_preview) on_preview();
    return previews_;
  }
  bool is_cancelled() const override {
    if (on_check) on_check();
    return ++checks == cancel_at_ || (cancel_at_ != 0 && checks > cancel_at_);
  }
  void on_progress(const Progress& progress) override {
    told.push_back(progress);
    checks_when_told.push_back(checks);
    if (on_told) on_told(progress);
  }

  mutable int checks = 0;
  std::vector<Progress> told;
  std::vector<int> checks_when_told;
  std::function<void(const Progress&)> on_told;
  std::function<void()> on_preview, on_check;

 private:
  bool previews_;
  int cancel_at_;
};

DrawingOrder order_of(std::uint32_t width, std::uint32_t height) {
  DrawingOrder order;
  order.prompt = "a lovely cat";
  order.width = width;
  order.height = height;
  order.sigmas = {1.0f, 0.9f, 0.75f, 0.5f};
  order.seed = 42;
  return order;
}

struct Fixture {
  Fixture() {
    zimg_test::write_formula_model(folder.path());
    pipeline = std::make_unique<TorchPipeline>(folder.path(), fp32_on_one_thread());
  }

  Picture draw(const DrawingOrder& order) {
    Watcher watcher;
    return pipeline->draw(order, watcher);
  }
  void check_refused(const DrawingOrder& order, ErrorCode code, const std::string& part_of_sentence) {
    BOOST_CHECK_EXCEPTION(draw(order), Error, [&](const Error& e) {
      BOOST_TEST_MESSAGE(e.what());
      return e.code() == code && std::string(e.what()).find(part_of_sentence) != std::string::npos;
    });
  }

  zimg_test::TemporaryFolder folder;
  std::unique_ptr<TorchPipeline> pipeline;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pipeline_test, Fixture)

BOOST_AUTO_TEST_CASE(equal_orders_give_equal_pixels) {
  const DrawingOrder order = order_of(128, 96);
  const Picture picture = draw(order);
  BOOST_TEST(picture.width == 128u);
  BOOST_TEST(picture.height == 96u);
  BOOST_TEST(picture.rgb.size() == 128u * 96u * 3u);
  BOOST_TEST(draw(order).rgb == picture.rgb);
  Watcher previewing(true);
  BOOST_TEST(pipeline->draw(order, previewing).rgb == picture.rgb);
}

BOOST_AUTO_TEST_CASE(every_live_field_moves_pixels) {
  const DrawingOrder order = order_of(128, 96);
  const Bytes pixels = draw(order).rgb;
  const auto check_moves = [&](const char* what, auto&& change) {
    DrawingOrder changed = order;
    change(changed);
    BOOST_TEST(draw(changed).rgb != pixels, what);
  };
  check_moves("prompt", [](DrawingOrder& o) { o.prompt = "a lovely dog"; });
  check_moves("seed", [](DrawingOrder& o) { o.seed = 43; });
  check_moves("sigmas", [](DrawingOrder& o) { o.sigmas[2] = 0.74f; });
  check_moves("guidance", [](DrawingOrder& o) { o.guidance = 2; });
  check_moves("tiling", [](DrawingOrder& o) { o.vae_tiling = true; });
  DrawingOrder guided = order;
  guided.guidance = 2;
  const Bytes guided_pixels = draw(guided).rgb;
  guided.negative_prompt = "a boat";
  BOOST_TEST(draw(guided).rgb != guided_pixels);
  guided.guidance_normalization = 0.5f;
  const Bytes normalized_pixels = draw(guided).rgb;
  guided.guidance_truncation = 0.1f;
  BOOST_TEST(draw(guided).rgb != normalized_pixels);
}

BOOST_AUTO_TEST_CASE(the_negative_prompt_is_dead_without_guidance) {
  DrawingOrder order = order_of(64, 64);
  const Bytes pixels = draw(order).rgb;
  order.negative_prompt = "a boat";
  order.guidance_normalization = 1;
  BOOST_TEST(draw(order).rgb == pixels);
}

BOOST_AUTO_TEST_CASE(progress_counts_the_steps) {
  Watcher watcher;
  pipeline->draw(order_of(64, 64), watcher);
  BOOST_TEST(watcher.told.size() == 5u);
  for (std::uint32_t step = 0; step < watcher.told.size(); ++step) {
    BOOST_TEST(watcher.told[step].step == step);
    BOOST_TEST(watcher.told[step].steps == 4u);
    BOOST_TEST(watcher.told[step].preview.empty());
  }
}

BOOST_AUTO_TEST_CASE(previews_are_small_and_of_the_pictures_shape) {
  struct Case {
    std::uint32_t width, height, preview_width, preview_height;
  };
  for (const Case& c : {Case{128, 96, 128, 96}, Case{128, 128, 128, 128}, Case{256, 64, 128, 32}, Case{32, 512, 8, 128},
                        Case{16, 16, 16, 16}}) {
    Watcher watcher(true);
    pipeline->draw(order_of(c.width, c.height), watcher);
    BOOST_TEST(watcher.told.front().preview.empty());
    BOOST_TEST(watcher.told.back().preview.empty());  // the picture itself follows
    for (std::size_t step = 1; step < 4; ++step) {
      const Progress& progress = watcher.told[step];
      BOOST_TEST(progress.preview_width == c.preview_width);
      BOOST_TEST(progress.preview_height == c.preview_height);
      BOOST_TEST(progress.preview.size() == std::size_t{3} * c.preview_width * c.preview_height);
    }
  }
}

// Whenever the observer cancels, it is the last thing that it is asked.
BOOST_AUTO_TEST_CASE(cancelling_takes_effect_at_once) {
  DrawingOrder order = order_of(16, 32);
  order.sigmas = {1.0f, 0.5f};
  draw(order);  // loading asks too
  Watcher uncancelled;
  pipeline->draw(order, uncancelled);
  const int all_checks = uncancelled.checks;
  for (int cancel_at = 1; cancel_at <= all_checks; ++cancel_at) {
    Watcher watcher(false, cancel_at);
    BOOST_CHECK_EXCEPTION(pipeline->draw(order, watcher), Error,
                          [](const Error& e) { return e.code() == ErrorCode::kCancelled; });
    BOOST_TEST(watcher.checks == cancel_at);
  }
  BOOST_CHECK_NO_THROW(draw(order));  // a cancelled drawing leaves nothing locked
}

BOOST_AUTO_TEST_CASE(loading_can_be_cancelled) {
  Watcher watcher(false, 2);
  BOOST_CHECK_EXCEPTION(pipeline->draw(order_of(64, 64), watcher), Error,
                        [](const Error& e) { return e.code() == ErrorCode::kCancelled; });
  BOOST_TEST(watcher.checks == 2);
  Watcher loading;
  BOOST_TEST(pipeline->draw(order_of(64, 64), loading).load_ms > 0);  // nothing of it was left
  Watcher loaded;
  pipeline->draw(order_of(64, 64), loaded);
  BOOST_TEST(loading.checks > loaded.checks + 60);  // once a tensor
}

// Two refiner blocks and two layers in each step of the tiny model.
BOOST_AUTO_TEST_CASE(every_layer_asks) {
  draw(order_of(64, 64));  // loading asks too
  Watcher watcher;
  pipeline->draw(order_of(64, 64), watcher);
  for (std::size_t step = 1; step < watcher.checks_when_told.size(); ++step) {
    BOOST_TEST(watcher.checks_when_told[step] - watcher.checks_when_told[step - 1] >= 4);
  }
  BOOST_TEST(watcher.checks_when_told[0] + 3 < watcher.checks_when_told[1]);  // and the layers of the text encoder
  BOOST_TEST(watcher.checks_when_told.back() < watcher.checks);               // and the decoder's blocks
}

BOOST_AUTO_TEST_CASE(a_drawing_that_waits_for_the_device_can_be_cancelled) {
  std::atomic<bool> is_drawing{false};
  std::atomic<bool> may_go_on{false};
  Watcher first;
  first.on_told = [&](const Progress&) {
    is_drawing = true;
    while (!may_go_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  std::thread drawing([&] { pipeline->draw(order_of(64, 64), first); });
  while (!is_drawing) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  Watcher second(false, 2);
  BOOST_CHECK_EXCEPTION(pipeline->draw(order_of(64, 64), second), Error,
                        [](const Error& e) { return e.code() == ErrorCode::kCancelled; });
  BOOST_TEST(second.told.empty());
  may_go_on = true;
  drawing.join();
  BOOST_TEST(first.told.size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_throwing_observer_frees_the_device) {
  Watcher watcher;
  watcher.on_told = [](const Progress& progress) {
    if (progress.step == 2) throw std::runtime_error("enough");
  };
  BOOST_CHECK_THROW(pipeline->draw(order_of(64, 64), watcher), std::runtime_error);
  BOOST_CHECK_NO_THROW(draw(order_of(64, 64)));
}

BOOST_AUTO_TEST_CASE(a_device_without_room_gets_a_second_chance_without_the_other_parts) {
  const DrawingOrder order = order_of(64, 64);
  const Bytes pixels = draw(order).rgb;
  Watcher watcher;
  watcher.on_told = [&](const Progress& progress) {
    if (progress.step == 2 && watcher.told.size() == 3) TORCH_CHECK_WITH(OutOfMemoryError, false, "no room");
  };
  const Picture picture = pipeline->draw(order, watcher);
  BOOST_TEST(picture.rgb == pixels);
  BOOST_TEST(picture.load_ms > 0);  // the parts had gone
  BOOST_TEST(watcher.told.size() == 3u + 4u);

  Watcher never;
  never.on_told = [](const Progress& progress) {
    if (progress.step == 2) TORCH_CHECK_WITH(OutOfMemoryError, false, "no room");
  };
  BOOST_CHECK_THROW(pipeline->draw(order, never), c10::OutOfMemoryError);
  BOOST_TEST(draw(order).rgb == pixels);
}

BOOST_AUTO_TEST_CASE(a_device_without_room_for_previews_draws_without_them) {
  const DrawingOrder order = order_of(64, 64);
  const Bytes pixels = draw(order).rgb;
  Watcher watcher(true);
  int previews = 0;
  bool in_preview = false;
  watcher.on_preview = [&] {
    ++previews;
    in_preview = true;
  };
  watcher.on_told = [&](const Progress&) { in_preview = false; };
  watcher.on_check = [&] {
    if (in_preview && previews == 2) TORCH_CHECK_WITH(OutOfMemoryError, false, "no room");
  };
  const Picture picture = pipeline->draw(order, watcher);
  BOOST_TEST(picture.rgb == pixels);
  BOOST_TEST(previews == 2);  // and not asked for again
  BOOST_TEST_REQUIRE(watcher.told.size() == 1u + 4u);
  BOOST_TEST(!watcher.told[1].preview.empty());
  for (std::size_t step = 2; step <= 4; ++step) BOOST_TEST(watcher.told[step].preview.empty());

  watcher.told.clear();
  previews = 0;
  watcher.on_check = [&] { TORCH_CHECK(!in_preview, "CUDA error: unspecified launch failure"); };
  BOOST_CHECK_THROW(pipeline->draw(order, watcher), c10::Error);  // no other error is passed over
}

BOOST_AUTO_TEST_CASE(cudas_libraries_get_a_second_chance_too) {
  Watcher watcher;
  watcher.on_told = [&](const Progress& progress) {
    TORCH_CHECK(progress.step != 2 || watcher.told.size() != 3, "GET was unable to find an engine to execute this");
  };
  BOOST_CHECK_NO_THROW(pipeline->draw(order_of(64, 64), watcher));
  BOOST_TEST(watcher.told.size() == 3u + 4u);
  Watcher failing;
  failing.on_told = [](const Progress& progress) { TORCH_CHECK(progress.step != 2, "CUDA error: unspecified launch"); };
  BOOST_CHECK_THROW(pipeline->draw(order_of(64, 64), failing), c10::Error);
  BOOST_TEST(failing.told.size() == 3u);  // no other error is tried again
}

BOOST_AUTO_TEST_CASE(a_model_larger_than_the_gpu_is_refused_when_it_is_opened) {
  ComputePlan plan = fp32_on_one_thread();
  plan.device = engine::DeviceChoice::kCuda;
  plan.device_memory = 1000;
  BOOST_CHECK_EXCEPTION(TorchPipeline(folder.path(), plan), Error, [](const Error& e) {
    const std::string sentence = e.what();
    return e.code() == ErrorCode::kOutOfMemory && sentence.find("the text encoder takes") == 0 &&
           sentence.find("--device cpu") != std::string::npos;
  });
  plan.device_memory = 1'000'000'000;
  BOOST_CHECK_NO_THROW(TorchPipeline(folder.path(), plan));
}

BOOST_AUTO_TEST_CASE(a_picture_beyond_the_machines_memory_is_refused_before_any_step) {
  Watcher watcher;
  BOOST_CHECK_EXCEPTION(pipeline->draw(order_of(1 << 20, 1 << 20), watcher), Error, [](const Error& e) {
    return e.code() == ErrorCode::kOutOfMemory && std::string(e.what()).find("1048576x1048576") != std::string::npos;
  });
  BOOST_TEST(watcher.told.empty());
}

BOOST_AUTO_TEST_CASE(orders_that_cannot_be_drawn_are_refused) {
  check_refused(order_of(100, 96), ErrorCode::kInvalidArgument, "100x96");
  check_refused(order_of(96, 8), ErrorCode::kInvalidArgument, "multiple of 16");
  check_refused(order_of(0, 96), ErrorCode::kInvalidArgument, "0x96");
  DrawingOrder order = order_of(64, 64);
  order.sigmas.clear();
  check_refused(order, ErrorCode::kInvalidArgument, "sigmas");
  order = order_of(64, 64);
  order.prompt = "\xff";
  check_refused(order, ErrorCode::kInvalidArgument, "UTF-8");
}

BOOST_AUTO_TEST_CASE(latents_that_are_no_numbers_make_no_picture) {
  DrawingOrder order = order_of(64, 64);
  order.sigmas[1] = std::numeric_limits<float>::quiet_NaN();
  check_refused(order, ErrorCode::kDevice, "not finite");
  order.sigmas[1] = std::numeric_limits<float>::infinity();
  check_refused(order, ErrorCode::kDevice, "not finite");
}

BOOST_AUTO_TEST_CASE(prompts_of_any_length_are_drawn) {
  for (const std::string& prompt : {std::string(), std::string(1, '\0'), std::string(1 << 20, 'a')}) {
    DrawingOrder order = order_of(16, 16);
    order.prompt = prompt;
    BOOST_TEST(draw(order).rgb.size() == 16u * 16u * 3u);
  }
}

BOOST_AUTO_TEST_CASE(a_tokenizer_larger_than_the_text_encoder_is_refused) {
  checkpoint::ModelConfig config = zimg_test::formula_config();
  config.text_encoder.vocab_size = 480;
  base::write_file(folder.path("text_encoder/config.json"), checkpoint::text_encoder_json(config.text_encoder), 0644,
                   false);
  BOOST_CHECK_EXCEPTION(TorchPipeline(folder.path(), fp32_on_one_thread()), Error, [](const Error& e) {
    return e.code() == ErrorCode::kBadModel && std::string(e.what()).find("481") != std::string::npos &&
           std::string(e.what()).find("480") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(weights_of_other_shapes_than_the_config_fail_the_drawing) {
  checkpoint::ModelConfig config = zimg_test::formula_config();
  config.transformer.n_layers = 3;
  base::write_file(folder.path("transformer/config.json"), checkpoint::transformer_json(config.transformer), 0644,
                   false);
  pipeline = std::make_unique<TorchPipeline>(folder.path(), fp32_on_one_thread());
  check_refused(order_of(64, 64), ErrorCode::kBadModel, "layers.2.");
}

BOOST_AUTO_TEST_CASE(bfloat16_draws_nearly_the_same_picture) {
  ComputePlan plan = fp32_on_one_thread();
  plan.text_encoder = plan.denoiser = plan.vae = PrecisionChoice::kBf16;
  TorchPipeline coarse(folder.path(), plan);
  Watcher watcher;
  const Bytes theirs = coarse.draw(order_of(128, 96), watcher).rgb;
  const Bytes ours = draw(order_of(128, 96)).rgb;
  double distance = 0;
  for (std::size_t i = 0; i < ours.size(); ++i)
    distance += std::abs(static_cast<double>(ours[i]) - static_cast<double>(theirs[i]));
  BOOST_TEST(theirs != ours);
  BOOST_TEST(distance / static_cast<double>(ours.size()) < 6);
}

BOOST_AUTO_TEST_SUITE_END()
