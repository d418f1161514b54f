#include "engine/part_loader.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <map>

#include "engine/kernels/linear.hpp"
#include "zimg/error.hpp"

namespace {

using zimg::Error;
using zimg::ErrorCode;
using zimg::checkpoint::DType;
using zimg::checkpoint::TensorView;
using zimg::engine::PartLoader;
using zimg::engine::Placement;

// One tensor "w" in memory, at an address that is off by as many octets as wished, of a part that says to have a
// `rest`.
class OneTensor final : public zimg::checkpoint::Weights {
 public:
  OneTensor(const at::Tensor& values, DType dtype, std::size_t misalignment, std::size_t rest = 0)
      : octets_(static_cast<std::size_t>(values.nbytes()) + misalignment) {
    std::memcpy(octets_.data() + misalignment, values.const_data_ptr(), values.nbytes());
    view_.name = "w";
    view_.dtype = dtype;
    view_.shape = values.sizes().vec();
    view_.data = octets_.data() + misalignment;
    view_.size_bytes = values.nbytes();
    rest_.size_bytes = rest;
  }

  TensorView tensor(const std::string& name, const std::vector<std::int64_t>& shape) const override {
    if (name != "w") throw Error(ErrorCode::kBadModel, "tensor '" + name + "' is missing");
    if (shape != view_.shape) throw Error(ErrorCode::kBadModel, "tensor 'w' has another shape");
    return view_;
  }
  TensorView stored(const std::string&) const override { return view_; }
  bool has(const std::string& name) const override { return name == "w"; }
  std::vector<std::string> names() const override { return {"w"}; }
  std::vector<TensorView> tensors() const override { return {view_, rest_}; }

  void release(const std::string&) const override { is_released_ = true; }

  const void* address() const { return view_.data; }
  bool is_released() const { return is_released_; }

 private:
  mutable bool is_released_ = false;
  std::vector<std::byte> octets_;
  TensorView view_;
  TensorView rest_;
};

Placement cpu(at::ScalarType dtype) {
  Placement placement;
  placement.dtype = dtype;
  return placement;
}

const at::Tensor kNumbers = at::tensor({1.0f, -0.3f, 3.14159265f, 65504.0f, 1e-20f, 1.00390625f}).view({2, 3});

}  // namespace

BOOST_AUTO_TEST_SUITE(part_loader_test)

BOOST_AUTO_TEST_CASE(what_is_stored_as_computed_is_used_in_place) {
  for (const auto& [stored, type] : {std::pair{DType::kF32, at::kFloat}, std::pair{DType::kBf16, at::kBFloat16}}) {
    const at::Tensor values = kNumbers.to(type);
    const auto weights = std::make_shared<OneTensor>(values, stored, 0);
    const at::Tensor loaded = PartLoader(weights, cpu(type)).load("w", {2, 3});
    BOOST_TEST(loaded.const_data_ptr() == weights->address());
    BOOST_TEST(loaded.equal(values));
  }
}

BOOST_AUTO_TEST_CASE(other_types_are_rounded_to_nearest_even) {
  const auto weights = std::make_shared<OneTensor>(kNumbers, DType::kF32, 0);
  const at::Tensor loaded = PartLoader(weights, cpu(at::kBFloat16)).load("w", {2, 3});
  BOOST_TEST(loaded.scalar_type() == at::kBFloat16);
  BOOST_TEST(loaded.equal(kNumbers.to(at::kBFloat16)));
  BOOST_TEST(loaded[1][2].item<float>() == 1.0f);  // the middle between 1 and 1.0078125 goes to the even one
  const auto halves = std::make_shared<OneTensor>(kNumbers.to(at::kHalf), DType::kF16, 0);
  BOOST_TEST(PartLoader(halves, cpu(at::kFloat)).load("w", {2, 3}).equal(kNumbers.to(at::kHalf).to(at::kFloat)));
}

BOOST_AUTO_TEST_CASE(norms_are_rounded_before_they_are_widened) {
  const auto weights = std::make_shared<OneTensor>(kNumbers, DType::kF32, 0);
  const at::Tensor loaded = PartLoader(weights, cpu(at::kBFloat16)).load_as_float("w", {2, 3});
  BOOST_TEST(loaded.scalar_type() == at::kFloat);
  BOOST_TEST(loaded.equal(kNumbers.to(at::kBFloat16).to(at::kFloat)));
}

BOOST_AUTO_TEST_CASE(a_misaligned_tensor_is_copied) {
  for (const std::size_t misalignment : {1, 2, 3}) {
    const auto weights = std::make_shared<OneTensor>(kNumbers, DType::kF32, misalignment);
    const at::Tensor loaded = PartLoader(weights, cpu(at::kFloat)).load("w", {2, 3});
    BOOST_TEST(loaded.const_data_ptr() != weights->address());
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(loaded.const_data_ptr()) % 4 == 0);
    BOOST_TEST(loaded.equal(kNumbers));
  }
  const auto weights = std::make_shared<OneTensor>(kNumbers.to(at::kBFloat16), DType::kBf16, 1);
  BOOST_TEST(PartLoader(weights, cpu(at::kBFloat16)).load("w", {2, 3}).equal(kNumbers.to(at::kBFloat16)));
}

BOOST_AUTO_TEST_CASE(a_matrix_is_packed_where_that_pays_and_its_part_is_small) {
  for (const auto& [type, stored] : {std::pair{at::kBFloat16, DType::kBf16}, {at::kFloat, DType::kF32}}) {
    const at::Tensor values = at::ones({1024, 1024}, type);
    for (const std::size_t rest : {0, 1 << 30}) {
      const auto weights = std::make_shared<OneTensor>(values, stored, 0, rest);
      const at::Tensor loaded = PartLoader(weights, cpu(type)).load_matrix("w", {1024, 1024});
      const bool is_packed = loaded.dim() > 2;
      BOOST_TEST(is_packed == (rest == 0 && zimg::engine::kernels::packing_pays(values)));
      BOOST_TEST(weights->is_released() == is_packed);
      if (!is_packed) BOOST_TEST(loaded.const_data_ptr() == weights->address());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_tensor_in_place_keeps_its_file_mapped) {
  auto weights = std::make_shared<OneTensor>(kNumbers, DType::kF32, 0);
  const std::weak_ptr<OneTensor> watched = weights;
  at::Tensor loaded = PartLoader(std::move(weights), cpu(at::kFloat)).load("w", {2, 3});
  BOOST_TEST(!watched.expired());
  BOOST_TEST(loaded.equal(kNumbers));
  loaded.reset();
  BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(a_converted_tensor_lets_its_file_go) {
  auto weights = std::make_shared<OneTensor>(kNumbers, DType::kF32, 0);
  const std::weak_ptr<OneTensor> watched = weights;
  const at::Tensor loaded = PartLoader(std::move(weights), cpu(at::kBFloat16)).load("w", {2, 3});
  BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(what_the_checkpoint_refuses_passes_through) {
  const PartLoader loader(std::make_shared<OneTensor>(kNumbers, DType::kF32, 0), cpu(at::kFloat));
  const auto is_bad_model = [](const Error& e) { return e.code() == ErrorCode::kBadModel; };
  BOOST_CHECK_EXCEPTION(loader.load("v", {2, 3}), Error, is_bad_model);
  BOOST_CHECK_EXCEPTION(loader.load("w", {3, 2}), Error, is_bad_model);
  BOOST_TEST(loader.has("w"));
  BOOST_TEST(!loader.has("v"));
}

BOOST_AUTO_TEST_SUITE_END()
