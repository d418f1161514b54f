#include "engine/kernels/packed_linear.hpp"

#include <ATen/Functions.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>

#include "engine/kernels/cpu_features.hpp"

namespace zimg::engine::kernels {
namespace {

constexpr std::int64_t kFewestElements = std::int64_t{1} << 19;  // below, the packing is over what it saves
constexpr std::int64_t kUsualRows = 288;                         // 256x256 pixels and a short prompt; only a hint

// The operators that torch.compile makes of a linear layer. They are libtorch's own and not declared in its headers:
// where a release has none of these names, or other arguments, nothing is packed.
struct Operators {
  c10::OperatorHandle reorder, product;
};

std::optional<Operators> find_operators() {
  auto& dispatcher = c10::Dispatcher::singleton();
  const auto reorder = dispatcher.findSchema({"mkldnn::_reorder_linear_weight", ""});
  const auto product = dispatcher.findSchema({"mkldnn::_linear_pointwise", ""});
  if (!reorder || !product || reorder->schema().arguments().size() != 2 || product->schema().arguments().size() != 6) {
    return std::nullopt;
  }
  return Operators{*reorder, *product};
}

const std::optional<Operators>& operators() {
  static const std::optional<Operators> kFound = find_operators();
  return kFound;
}

template <class... Arguments>
at::Tensor call(const c10::OperatorHandle& handle, Arguments&&... arguments) {
  torch::jit::Stack stack;
  torch::jit::push(stack, std::forward<Arguments>(arguments)...);
  handle.callBoxed(stack);
  return std::move(stack.front()).toTensor();
}

}  // namespace

bool packing_pays(const at::Tensor& weight) {
  static const bool kHasUnits = has_bf16_matrix_units();
  return kHasUnits && weight.is_cpu() && weight.scalar_type() == at::kBFloat16 && weight.numel() >= kFewestElements &&
         operators().has_value();
}

at::Tensor packed_weight(const at::Tensor& weight) {
  return call(operators()->reorder, weight, kUsualRows);
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight) {
  if (!weight.is_mkldnn()) return at::linear(x, weight);
  const c10::impl::GenericList no_scalars(c10::OptionalType::create(c10::NumberType::get()));
  return call(operators()->product, x, weight, c10::IValue(), "none", no_scalars, c10::IValue());
}

}  // namespace zimg::engine::kernels
