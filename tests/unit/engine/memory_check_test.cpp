#include "engine/pipeline/memory_check.hpp"

#include <ATen/Functions.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <map>
#include <utility>

#include "engine/kernels/direct_convolution.hpp"
#include "engine/kernels/libtorchs_type.hpp"
#include "engine/kernels/linear.hpp"
#include "engine/kernels/winograd.hpp"
#include "engine/pipeline/model_parts.hpp"
#include "engine/vae/convolution.hpp"
#include "engine/vae/decoding_memory.hpp"
#include "models/formula_model.hpp"
#include "temporary_folder.hpp"
#include "zimg/error.hpp"

namespace {

using zimg::DrawingOrder;
using zimg::Error;
using zimg::ErrorCode;
using zimg::checkpoint::DType;
using zimg::checkpoint::ModelFolder;
using zimg::checkpoint::Part;
using zimg::checkpoint::TensorView;
using namespace zimg::engine;

// Tensors of one shape, known by their types alone, that are said to take `part_bytes`.
class Typed final : public zimg::checkpoint::Weights {
 public:
  explicit Typed(std::map<std::string, DType> types, std::vector<std::int64_t> shape = {10, 10},
                 std::size_t part_bytes = 0, std::size_t offset = 0)
      : types_(std::move(types)), shape_(std::move(shape)), part_bytes_(part_bytes), offset_(offset) {}

  TensorView stored(const std::string& name) const override {
    TensorView view;
    view.name = name;
    view.dtype = types_.at(name);
    view.shape = shape_;
    view.data = file_.data() + offset_;
    return view;
  }
  TensorView tensor(const std::string& name, const std::vector<std::int64_t>&) const override { return stored(name); }
  bool has(const std::string& name) const override { return types_.count(name) != 0; }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, type] : types_) names.push_back(name);
    return names;
  }
  std::vector<TensorView> tensors() const override {
    TensorView all;
    all.size_bytes = part_bytes_;
    return {all};
  }

 private:
  std::map<std::string, DType> types_;
  std::vector<std::int64_t> shape_;
  std::size_t part_bytes_;
  std::size_t offset_;  // of each tensor in the file
  alignas(8) std::array<std::byte, 8> file_{};
};

const Typed kWeights({{"a", DType::kF32}, {"b", DType::kBf16}, {"c", DType::kBf16}, {"d", DType::kF16}});

Placement on(at::DeviceType device, at::ScalarType dtype) {
  Placement placement;
  placement.device = at::Device(device);
  placement.dtype = dtype;
  return placement;
}

bool is_refusal_of_transformer(const Error& e) {
  const std::string sentence = e.what();
  return e.code() == ErrorCode::kOutOfMemory && sentence.find("the transformer takes") == 0 &&
         sentence.find("`zimg convert`") != std::string::npos;
}

struct FormulaModel {
  FormulaModel() { zimg_test::write_formula_model(folder.path()); }

  ModelParts parts(PrecisionChoice precision, std::function<std::uint64_t()> available) {
    ComputePlan plan;
    plan.text_encoder = plan.denoiser = plan.vae = precision;
    return {ModelFolder::open(folder.path()), plan, std::move(available)};
  }

  zimg_test::TemporaryFolder folder;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_check_test)

BOOST_AUTO_TEST_CASE(only_what_is_converted_takes_memory) {
  BOOST_TEST(bytes_to_load(kWeights, on(at::kCPU, at::kBFloat16)) == 2 * 100 * 2);  // a and d
  BOOST_TEST(bytes_to_load(kWeights, on(at::kCPU, at::kFloat)) == 3 * 100 * 4);     // b, c and d
  BOOST_TEST(bytes_to_load(kWeights, on(at::kCUDA, at::kHalf)) == 0);               // the device tells by itself
}

BOOST_AUTO_TEST_CASE(what_lies_unaligned_in_its_file_is_copied) {
  const auto bytes = [](std::size_t offset) {
    return bytes_to_load(Typed({{"a", DType::kF32}, {"b", DType::kF32}}, {10, 10}, 0, offset),
                         on(at::kCPU, at::kFloat));
  };
  BOOST_TEST(bytes(4) == 0u);
  BOOST_TEST(bytes(2) == 2 * 100 * 4u);
}

BOOST_AUTO_TEST_CASE(a_matrix_that_is_packed_is_copied) {
  for (const auto& [stored, type] : {std::pair{DType::kF32, at::kFloat}, {DType::kBf16, at::kBFloat16}}) {
    const bool packs = kernels::packing_pays(at::empty({1024, 512}, type));
    const std::uint64_t size = 1024 * 512 * at::elementSize(type);
    BOOST_TEST(bytes_to_load(Typed({{"a", stored}}, {1024, 512}), on(at::kCPU, type)) == (packs ? size : 0));
    const Typed large({{"a", stored}}, {1024, 512}, (std::size_t{1} << 30) + 1);
    BOOST_TEST(bytes_to_load(large, on(at::kCPU, type)) == 0);
  }
  // Converted and then packed, it is held once.
  BOOST_TEST(bytes_to_load(Typed({{"a", DType::kF32}}, {1024, 512}), on(at::kCPU, at::kBFloat16)) == 1024 * 512 * 2);
}

BOOST_AUTO_TEST_CASE(a_convolution_is_held_as_its_method_wants_it) {
  constexpr std::uint64_t kPairs = 64 * 72;
  for (const auto& [stored, type] : {std::pair{DType::kF32, at::kFloat}, {DType::kBf16, at::kBFloat16}}) {
    const at::Tensor weight = at::empty({64, 72, 3, 3}, type);
    const bool by_winograd = !kernels::direct_convolution_pays(weight) && kernels::winograd_pays(weight);
    const std::uint64_t element = at::elementSize(kernels::libtorchs_type(weight));
    const Typed weights({{"conv1", stored}}, {64, 72, 3, 3});
    BOOST_TEST(bytes_to_load(weights, on(at::kCPU, type)) == kPairs * (by_winograd ? 36 * 4 : 9 * element));
    const Typed upsampling({{"a.upsamplers.0.conv", stored}}, {64, 72, 3, 3});
    BOOST_TEST(bytes_to_load(upsampling, on(at::kCPU, type)) == kPairs * (by_winograd ? 25 * 4 : 16 * element));
  }
}

BOOST_AUTO_TEST_CASE(a_part_that_does_not_fit_is_refused_in_words) {
  BOOST_CHECK_EXCEPTION(require_memory("transformer", 12'309'817'472, 8'000'000'000), Error, [](const Error& e) {
    const std::string sentence = e.what();
    return is_refusal_of_transformer(e) && sentence.find("12.3 GB") != std::string::npos &&
           sentence.find("8.0 GB of memory") != std::string::npos;
  });
  BOOST_CHECK_THROW(require_memory("transformer", 101, 100), Error);
}

BOOST_AUTO_TEST_CASE(a_gpu_needs_room_for_all_of_a_part) {
  BOOST_TEST(bytes_in_all(kWeights, on(at::kCUDA, at::kHalf)) == 4 * 100 * 2);
  BOOST_TEST(bytes_in_all(kWeights, on(at::kCUDA, at::kFloat)) == 4 * 100 * 4);
  BOOST_CHECK_NO_THROW(require_device_memory("VAE", 100, 600'000'100));
  BOOST_CHECK_THROW(require_device_memory("VAE", 101, 600'000'100), Error);  // CUDA's own share
  BOOST_CHECK_NO_THROW(require_device_memory("VAE", 100, 0));                // not known
  BOOST_CHECK_EXCEPTION(require_device_memory("transformer", 12'309'817'472, 8'589'934'592), Error, [](const Error& e) {
    return e.code() == ErrorCode::kOutOfMemory &&
           std::string(e.what()) ==
               "the transformer takes 12.3 GB and CUDA itself 0.6 GB of the GPU's memory, which is 8.5 GB in all; "
               "`--device cpu` draws without the GPU";
  });
}

BOOST_AUTO_TEST_CASE(what_just_fits_and_what_is_unknown_is_allowed) {
  BOOST_CHECK_NO_THROW(require_memory("transformer", 100, 100));
  BOOST_CHECK_NO_THROW(require_memory("transformer", 0, 0));
  BOOST_CHECK_NO_THROW(require_memory("transformer", 1'000'000'000'000, 0));
}

BOOST_FIXTURE_TEST_CASE(parts_are_refused_where_they_would_be_converted, FormulaModel) {
  auto parts_in_bf16 = parts(PrecisionChoice::kBf16, [] { return std::uint64_t{1000}; });  // stored as fp32
  BOOST_CHECK_EXCEPTION(parts_in_bf16.denoiser(), Error, is_refusal_of_transformer);
  BOOST_CHECK_THROW(parts_in_bf16.text_encoder(), Error);
  BOOST_CHECK_THROW(parts_in_bf16.decoder(), Error);
  const auto weights = ModelFolder::open(folder.path()).open_weights(Part::kTransformer);
  const std::uint64_t packed = bytes_to_load(*weights, on(at::kCPU, at::kFloat));
  auto parts_in_place = parts(PrecisionChoice::kFp32, [packed] { return std::max<std::uint64_t>(1000, packed); });
  BOOST_CHECK_NO_THROW(parts_in_place.denoiser());
}

BOOST_AUTO_TEST_CASE(decoding_takes_as_much_as_its_largest_images) {
  zimg::checkpoint::VaeConfig config;  // the released one
  config.sample_size = 1024;
  const Placement placement = on(at::kCPU, at::kBFloat16);
  const auto octets = [&](std::int64_t side, bool tiling) {
    return octets_to_decode(config, placement, {side / 8, side / 8}, tiling);
  };
  const bool by_libtorch = method_for(at::empty({128, 128, 3, 3}, at::kBFloat16)) == ConvolutionMethod::kLibtorch;
  const std::uint64_t channels = by_libtorch ? 2 * 256 + 3 * 128 : 256 + 3 * 128;
  BOOST_TEST(octets(1024, false) == channels * 1024 * 1024 * 2);
  BOOST_TEST(octets(4096, false) == 16 * octets(1024, false));
  BOOST_TEST(octets(1024, true) == octets(1024, false));  // one tile
  BOOST_TEST(octets(4096, true) < octets(4096, false) / 8);
  BOOST_TEST(octets(4096, true) > octets(1024, true));
}

BOOST_FIXTURE_TEST_CASE(a_picture_that_could_not_be_decoded_is_refused_in_words, FormulaModel) {
  std::uint64_t available = 0;
  auto short_of_memory = parts(PrecisionChoice::kFp32, [&] { return available; });
  DrawingOrder order;
  order.width = 4096;
  order.height = 2048;
  const std::uint64_t needed =
      octets_to_decode(short_of_memory.model().config().vae, on(at::kCPU, at::kFloat), {2048 / 8, 4096 / 8}, false);
  BOOST_CHECK_NO_THROW(short_of_memory.make_room_to_decode(order));  // not known
  available = needed;
  BOOST_CHECK_NO_THROW(short_of_memory.make_room_to_decode(order));
  available = needed - 1;
  BOOST_CHECK_EXCEPTION(short_of_memory.make_room_to_decode(order), Error, [](const Error& e) {
    const std::string sentence = e.what();
    BOOST_TEST_MESSAGE(sentence);
    return e.code() == ErrorCode::kOutOfMemory && sentence.find("4096x2048") != std::string::npos &&
           sentence.find(" GB of memory are available") != std::string::npos &&
           sentence.find("`--vae-tiling`") != std::string::npos;
  });
  order.vae_tiling = true;
  BOOST_CHECK_NO_THROW(short_of_memory.make_room_to_decode(order));
  available = 1000;
  BOOST_CHECK_EXCEPTION(short_of_memory.make_room_to_decode(order), Error,
                        [](const Error& e) { return std::string(e.what()).find("smaller size") != std::string::npos; });
}

BOOST_FIXTURE_TEST_CASE(parts_go_where_a_picture_could_not_be_decoded_beside_them, FormulaModel) {
  int asked = 0;
  auto going = parts(PrecisionChoice::kFp32, [&] { return ++asked == 2 ? 1000 : 1'000'000'000'000; });
  going.denoiser();
  going.take_load_ms();
  asked = 1;
  DrawingOrder order;
  order.width = order.height = 1024;
  BOOST_CHECK_NO_THROW(going.make_room_to_decode(order));
  going.denoiser();
  BOOST_TEST(going.take_load_ms() > 0);  // it had gone
}

// Each part as large as all the memory: loading one lets the others go, and memory is then asked for again.
BOOST_FIXTURE_TEST_CASE(parts_take_turns_where_memory_is_short, FormulaModel) {
  int asked = 0;
  auto taking_turns = parts(PrecisionChoice::kBf16, [&] { return ++asked % 2 == 1 ? 1000 : 1'000'000'000; });
  BOOST_CHECK_NO_THROW(taking_turns.text_encoder());
  taking_turns.take_load_ms();
  BOOST_CHECK_NO_THROW(taking_turns.denoiser());
  taking_turns.take_load_ms();
  BOOST_CHECK_NO_THROW(taking_turns.text_encoder());
  BOOST_TEST(taking_turns.take_load_ms() > 0);  // it had gone
  BOOST_TEST(asked == 6);
}

BOOST_FIXTURE_TEST_CASE(a_part_without_room_is_loaded_once_more_without_the_others, FormulaModel) {
  auto on_gpu = parts(PrecisionChoice::kFp32, [] { return std::uint64_t{0}; });
  int failures = 1;
  int tries = 0;
  const CheckCancelled full_gpu = [&] {
    if (tries >= failures) return;
    ++tries;
    TORCH_CHECK_WITH(OutOfMemoryError, false, "Tried to allocate 20 MiB");
  };
  on_gpu.text_encoder();
  BOOST_CHECK_NO_THROW(on_gpu.denoiser(full_gpu));
  BOOST_TEST(tries == 1);
  on_gpu.take_load_ms();
  on_gpu.text_encoder();
  BOOST_TEST(on_gpu.take_load_ms() > 0);  // it had gone

  failures = 100;
  tries = 0;
  BOOST_CHECK_EXCEPTION(on_gpu.decoder(full_gpu), Error, [](const Error& e) {
    return e.code() == ErrorCode::kOutOfMemory && std::string(e.what()).find("VAE even alone") != std::string::npos;
  });
  BOOST_TEST(tries == 2);
  tries = 0;
  BOOST_CHECK_THROW(on_gpu.decoder(full_gpu), Error);
  BOOST_TEST(tries == 1);  // it was alone: once more would be in vain
}

BOOST_FIXTURE_TEST_CASE(parts_stay_where_memory_is_unknown, FormulaModel) {
  auto staying = parts(PrecisionChoice::kBf16, [] { return std::uint64_t{0}; });
  staying.text_encoder();
  staying.denoiser();
  staying.take_load_ms();
  staying.text_encoder();
  BOOST_TEST(staying.take_load_ms() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
