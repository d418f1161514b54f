#include "engine/kernels/attention.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "engine/sampling/noise.hpp"

namespace {

using zimg::engine::starting_noise;
using zimg::engine::kernels::attention;

struct Shape {
  std::int64_t tokens, heads, kv_heads, n;
};

// By its definition, in float64, a head at a time.
at::Tensor by_definition(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal) {
  const std::int64_t repeats = q.size(1) / k.size(1);
  std::vector<at::Tensor> heads;
  for (std::int64_t head = 0; head < q.size(1); ++head) {
    const auto of = [](const at::Tensor& x, std::int64_t index) { return x.select(1, index).to(at::kDouble); };
    at::Tensor scores = at::matmul(of(q, head), of(k, head / repeats).t()) / std::sqrt(static_cast<double>(q.size(2)));
    if (causal) {
      const at::Tensor later = at::ones_like(scores).triu(1).to(at::kBool);
      scores = scores.masked_fill(later, -std::numeric_limits<double>::infinity());
    }
    heads.push_back(at::matmul(at::softmax(scores, -1), of(v, head / repeats)));
  }
  return at::cat(heads, 1);  // [tokens, heads * n]
}

void check(const Shape& shape, bool causal, at::ScalarType type, double tolerance) {
  BOOST_TEST_CONTEXT(shape.tokens << " tokens, " << shape.heads << "/" << shape.kv_heads << " heads of " << shape.n
                                  << (causal ? ", causal, " : ", ") << c10::toString(type)) {
    const at::Tensor q = starting_noise(1, shape.tokens, shape.heads, shape.n).to(type) * 2;
    const at::Tensor k = starting_noise(2, shape.tokens, shape.kv_heads, shape.n).to(type);
    const at::Tensor v = starting_noise(3, shape.tokens, shape.kv_heads, shape.n).to(type);
    const at::Tensor ours = attention(q, k, v, causal);
    BOOST_TEST(ours.scalar_type() == type);
    BOOST_TEST(ours.sizes() == at::IntArrayRef({shape.tokens, shape.heads * shape.n}));
    const double off = (ours.to(at::kDouble) - by_definition(q, k, v, causal)).abs().max().item<double>();
    BOOST_TEST(off < tolerance);
  }
}

void check_both_types(const Shape& shape, bool causal) {
  check(shape, causal, at::kFloat, 2e-5);
  check(shape, causal, at::kBFloat16, 0.04);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(attention_test)

BOOST_AUTO_TEST_CASE(is_softmax_of_scores_over_values) {
  for (const Shape& shape : {Shape{1, 1, 1, 32}, Shape{2, 3, 3, 32}, Shape{33, 3, 3, 32}, Shape{96, 2, 2, 128},
                             Shape{129, 2, 2, 64}, Shape{300, 3, 3, 32}, Shape{515, 1, 1, 128}}) {
    check_both_types(shape, false);
  }
}

BOOST_AUTO_TEST_CASE(a_token_sees_what_stands_before_it_when_causal) {
  for (const Shape& shape :
       {Shape{1, 4, 2, 32}, Shape{2, 4, 2, 32}, Shape{11, 4, 2, 32}, Shape{70, 4, 2, 128}, Shape{512, 4, 2, 32}}) {
    check_both_types(shape, true);
  }
}

BOOST_AUTO_TEST_CASE(query_heads_share_key_heads_in_order) {
  for (const Shape& shape : {Shape{20, 8, 2, 32}, Shape{20, 6, 3, 32}, Shape{20, 5, 1, 32}}) {
    check_both_types(shape, false);
    check_both_types(shape, true);
  }
}

BOOST_AUTO_TEST_CASE(one_head_may_be_as_wide_as_the_vae) {
  check_both_types({144, 1, 1, 512}, false);
  check_both_types({81, 1, 1, 24}, false);  // a width that no vector divides
}

// Scores that differ by thousands must neither overflow nor lose the one that counts.
BOOST_AUTO_TEST_CASE(large_scores_choose_one_value) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    const at::Tensor q = at::full({40, 1, 32}, 100.0f, at::TensorOptions().dtype(type));
    const at::Tensor k = at::zeros({40, 1, 32}, at::TensorOptions().dtype(type));
    k[23] = 100.0f;
    const at::Tensor v = starting_noise(4, 40, 1, 32).to(type);
    const at::Tensor ours = attention(q, k, v, false);
    BOOST_TEST(ours.equal(v[23].expand({40, 32})));
  }
}

BOOST_AUTO_TEST_SUITE_END()
