// The module through its C table, as another program would call it.
#include <dlfcn.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>
#include <vector>

#include "engine/engine_abi.h"
#include "models/formula_model.hpp"
#include "temporary_folder.hpp"
#include "zimg/error.hpp"
#include "zimg/version.hpp"

namespace {

using zimg::ErrorCode;

const zimg_engine_table_v1& table() {
  static const zimg_engine_table_v1* const opened = [] {
    void* module = ::dlopen(ZIMG_ENGINE_MODULE, RTLD_NOW | RTLD_LOCAL);
    BOOST_REQUIRE_MESSAGE(module != nullptr, ::dlerror());
    using Entry = const zimg_engine_table_v1* (*)();
    const auto entry = reinterpret_cast<Entry>(::dlsym(module, ZIMG_ENGINE_ENTRY));
    BOOST_REQUIRE(entry != nullptr);
    return entry();
  }();
  return *opened;
}

struct Call {
  Call() { error.struct_size = sizeof(error); }

  void check_failed(int status, ErrorCode code, const std::string& part_of_sentence) {
    BOOST_TEST(status == static_cast<int>(code));
    BOOST_TEST(std::string(error.message).find(part_of_sentence) != std::string::npos, error.message);
  }

  zimg_engine_error error{};
};

zimg_engine_options options_of(const char* model_path) {
  zimg_engine_options options{};
  options.struct_size = sizeof(options);
  options.device = 1;     // the CPU
  options.precision = 1;  // fp32
  options.threads = 1;
  options.model_path = model_path;
  return options;
}

struct Drawing {
  Drawing() {
    order.struct_size = sizeof(order);
    order.width = 64;
    order.height = 48;
    order.seed = 42;
    order.guidance_truncation = 1;
    order.sigmas = sigmas.data();
    order.sigma_count = sigmas.size();
    order.prompt = prompt.data();
    order.prompt_size = prompt.size();
    order.negative_prompt = "";
    observer.struct_size = sizeof(observer);
    observer.user_data = this;
    observer.is_cancelled = [](void* user_data) {
      auto& drawing = *static_cast<Drawing*>(user_data);
      return ++drawing.checks >= drawing.cancel_at ? 1 : 0;
    };
    observer.on_progress = [](void* user_data, std::uint32_t step, std::uint32_t steps, const std::uint8_t* preview,
                              std::uint32_t width, std::uint32_t height) {
      auto& drawing = *static_cast<Drawing*>(user_data);
      drawing.told.push_back({step, steps, width, height});
      drawing.previews += preview != nullptr ? 1 : 0;
    };
    picture.struct_size = sizeof(picture);
  }

  std::string prompt = "a lovely cat";
  std::vector<float> sigmas{1.0f, 0.9f, 0.5f};
  int checks = 0;
  int cancel_at = 1'000'000;
  int previews = 0;
  std::vector<std::vector<std::uint32_t>> told;
  zimg_engine_order order{};
  zimg_engine_observer observer{};
  zimg_engine_picture picture{};
};

struct OpenEngine : Call {
  OpenEngine() {
    zimg_test::write_formula_model(folder.path());
    const zimg_engine_options options = options_of(folder.path().c_str());
    BOOST_REQUIRE_MESSAGE(table().open(&options, &engine, &error) == 0, error.message);
  }
  ~OpenEngine() { table().close(engine); }

  int draw(Drawing& drawing) {
    return table().draw(engine, &drawing.order, &drawing.observer, &drawing.picture, &error);
  }

  zimg_test::TemporaryFolder folder;
  zimg_engine* engine = nullptr;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(module_test)

BOOST_AUTO_TEST_CASE(the_table_says_what_it_is) {
  BOOST_TEST(table().struct_size == sizeof(zimg_engine_table_v1));
  BOOST_TEST(table().abi == ZIMG_ENGINE_ABI);
  BOOST_TEST(std::string(table().zimg_version) == zimg::version());
  BOOST_TEST(table().numerics_version >= 1u);
  BOOST_TEST(table().resolve != nullptr);
  BOOST_TEST(table().open != nullptr);
  BOOST_TEST(table().draw != nullptr);
  BOOST_TEST(table().release_picture != nullptr);
  BOOST_TEST(table().close != nullptr);
  table().close(nullptr);
}

BOOST_FIXTURE_TEST_CASE(auto_comes_to_something_definite, Call) {
  zimg_engine_options options = options_of("");
  options.device = 0;
  options.precision = 0;
  options.threads = 0;
  zimg_engine_resolution resolution{};
  resolution.struct_size = sizeof(resolution);
  BOOST_TEST(table().resolve(&options, &resolution, &error) == 0);
  BOOST_TEST(resolution.device != 0u);
  BOOST_TEST(resolution.text_precision != 0u);
  BOOST_TEST(resolution.denoiser_precision != 0u);
  BOOST_TEST(resolution.vae_precision != 0u);
  BOOST_TEST(resolution.threads >= 1u);
  BOOST_TEST(std::strlen(resolution.device_name) > 0u);
  BOOST_TEST(std::strchr(resolution.torch_version, '.') != nullptr);
}

// Which kind of product is taken moves bits, and the processor's name does not say it.
BOOST_FIXTURE_TEST_CASE(the_name_of_a_cpu_tells_which_products_it_makes, Call) {
  zimg_engine_options options = options_of("");
  options.device = 1;
  zimg_engine_resolution resolution{};
  resolution.struct_size = sizeof(resolution);
  BOOST_REQUIRE(table().resolve(&options, &resolution, &error) == 0);
  const std::string name = resolution.device_name;
  const std::size_t at = name.find(";products=");
  BOOST_REQUIRE(at != std::string::npos);
  const std::string kind = name.substr(at + 10, name.find('+', at) - at - 10);
  BOOST_TEST((kind == "tiles" || kind == "vectors" || kind == "widened" || kind == "libtorch"));
  BOOST_TEST(name.size() < sizeof(resolution.device_name) - 1);  // nothing was cut off
}

BOOST_FIXTURE_TEST_CASE(numbers_outside_the_enumerations_are_refused, Call) {
  zimg_engine_resolution resolution{};
  resolution.struct_size = sizeof(resolution);
  zimg_engine_options options = options_of("");
  options.precision = 4;
  check_failed(table().resolve(&options, &resolution, &error), ErrorCode::kInvalidArgument, "precision is 4");
  options.precision = 3;  // fp16
  check_failed(table().resolve(&options, &resolution, &error), ErrorCode::kUnsupported, "fp16 needs a GPU");
  options.precision = 1;
  options.device = 3;
  check_failed(table().resolve(&options, &resolution, &error), ErrorCode::kInvalidArgument, "device is 3");
  BOOST_TEST(resolution.device == 0u);  // untouched
}

BOOST_FIXTURE_TEST_CASE(a_bad_model_path_is_told, Call) {
  const zimg_test::TemporaryFolder empty;
  zimg_engine* engine = nullptr;
  zimg_engine_options options = options_of("/nowhere/at/all");
  check_failed(table().open(&options, &engine, &error), ErrorCode::kNotFound, "/nowhere/at/all");
  options = options_of(empty.path().c_str());
  check_failed(table().open(&options, &engine, &error), ErrorCode::kBadModel, "holds no model");
  options = options_of(nullptr);
  check_failed(table().open(&options, &engine, &error), ErrorCode::kInvalidArgument, "model_path");
  BOOST_TEST(engine == nullptr);
  BOOST_TEST(table().open(&options, &engine, nullptr) == static_cast<int>(ErrorCode::kInvalidArgument));
}

// A caller of an older ABI has shorter structs: no field beyond them may be read.
BOOST_FIXTURE_TEST_CASE(structs_that_are_too_short_are_refused, OpenEngine) {
  zimg_engine_options options = options_of(folder.path().c_str());
  options.struct_size = 16;
  zimg_engine* other = nullptr;
  check_failed(table().open(&options, &other, &error), ErrorCode::kInvalidArgument, "struct_size");
  zimg_engine_resolution resolution{};
  options.struct_size = sizeof(options);
  check_failed(table().resolve(&options, &resolution, &error), ErrorCode::kInvalidArgument, "struct_size");
  for (const int which : {0, 1, 2}) {
    Drawing drawing;
    if (which == 0) drawing.order.struct_size -= 1;
    if (which == 1) drawing.observer.struct_size = 0;
    if (which == 2) drawing.picture.struct_size = 8;
    check_failed(draw(drawing), ErrorCode::kInvalidArgument, "struct_size");
    BOOST_TEST(drawing.told.empty());
  }
}

BOOST_FIXTURE_TEST_CASE(a_picture_is_drawn_and_released, OpenEngine) {
  Drawing first;
  BOOST_TEST(draw(first) == 0, error.message);
  BOOST_TEST(first.picture.width == 64u);
  BOOST_TEST(first.picture.height == 48u);
  BOOST_REQUIRE(first.picture.rgb != nullptr);
  BOOST_TEST(first.told.size() == 4u);
  BOOST_TEST(first.previews == 0);
  Drawing second;
  second.observer.wants_preview = 1;
  BOOST_TEST(draw(second) == 0);
  BOOST_TEST(second.previews == 2);
  BOOST_TEST(std::memcmp(first.picture.rgb, second.picture.rgb, 64 * 48 * 3) == 0);
  table().release_picture(&first.picture);
  BOOST_TEST(first.picture.rgb == nullptr);
  table().release_picture(&first.picture);  // once more does nothing
  table().release_picture(&second.picture);
}

BOOST_FIXTURE_TEST_CASE(texts_are_read_by_their_size, OpenEngine) {
  Drawing whole;
  Drawing cut;
  cut.prompt = std::string("a lovely cat") + '\0' + "and more";
  cut.order.prompt = cut.prompt.data();
  cut.order.prompt_size = 12;
  Drawing with_nul = cut;
  with_nul.order.prompt_size = cut.prompt.size();
  with_nul.observer.user_data = &with_nul;
  BOOST_TEST(draw(whole) == 0);
  BOOST_TEST(draw(cut) == 0);
  BOOST_TEST(draw(with_nul) == 0);
  BOOST_TEST(std::memcmp(whole.picture.rgb, cut.picture.rgb, 64 * 48 * 3) == 0);
  BOOST_TEST(std::memcmp(whole.picture.rgb, with_nul.picture.rgb, 64 * 48 * 3) != 0);
  for (Drawing* drawing : {&whole, &cut, &with_nul}) table().release_picture(&drawing->picture);
}

BOOST_FIXTURE_TEST_CASE(a_failed_drawing_leaves_the_picture_alone, OpenEngine) {
  Drawing drawing;
  drawing.order.width = 65;
  check_failed(draw(drawing), ErrorCode::kInvalidArgument, "65x48");
  drawing.order.width = 64;
  drawing.order.sigmas = nullptr;
  drawing.order.sigma_count = 0;
  check_failed(draw(drawing), ErrorCode::kInvalidArgument, "sigmas");
  BOOST_TEST(drawing.picture.rgb == nullptr);
  BOOST_TEST(drawing.picture.width == 0u);
}

BOOST_FIXTURE_TEST_CASE(cancelling_comes_back_as_a_status, OpenEngine) {
  Drawing drawing;
  drawing.cancel_at = 9;
  check_failed(draw(drawing), ErrorCode::kCancelled, "cancelled");
  BOOST_TEST(drawing.checks == 9);
  Drawing next;
  BOOST_TEST(draw(next) == 0);
  table().release_picture(&next.picture);
}

BOOST_FIXTURE_TEST_CASE(a_long_message_is_cut, Call) {
  const std::string path = "/nowhere/" + std::string(3000, 'x');
  zimg_engine* engine = nullptr;
  const zimg_engine_options options = options_of(path.c_str());
  BOOST_TEST(table().open(&options, &engine, &error) != 0);
  BOOST_TEST(std::strlen(error.message) == sizeof(error.message) - 1);
}

BOOST_AUTO_TEST_SUITE_END()
