#include "engine/kernels/attention.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

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

at::Tensor attend(std::int64_t tokens, at::ScalarType type, bool causal) {
  const auto drawn = [&](std::uint64_t seed) { return starting_noise(seed, tokens, 2, 128).to(type); };
  return attention(drawn(1), drawn(2), drawn(3), causal);
}

// Octets of memory that this process may execute: its programs', and what is made as it runs.
std::size_t octets_of_code() {
  std::ifstream maps("/proc/self/maps");
  std::size_t octets = 0;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    std::size_t begin = 0, end = 0;
    char dash = 0;
    std::string access;
    fields >> std::hex >> begin >> dash >> end >> access;
    if (access.find('x') != std::string::npos) octets += end - begin;
  }
  return octets;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(attention_test)

BOOST_AUTO_TEST_CASE(is_softmax_of_scores_over_values) {
  for (const Shape& shape : {Shape{1, 1, 1, 32}, Shape{2, 3, 3, 32}, Shape{33, 3, 3, 32}, Shape{96, 2, 2, 128},
                             Shape{129, 2, 2, 64}, Shape{300, 3, 3, 32}, Shape{515, 1, 1, 128}}) {
    check_both_types(shape, false);
  }
}

// At and beside the ends of the blocks that queries and keys are taken in.
BOOST_AUTO_TEST_CASE(any_number_of_tokens_is_right) {
  for (const std::int64_t tokens : {1, 2, 31, 32, 33, 63, 64, 65, 511, 512, 513, 1023, 1024, 1025, 1056}) {
    for (const bool causal : {false, true}) check_both_types({tokens, 2, 1, 64}, causal);
  }
}

// libtorch makes a kernel for each shape of a product and keeps it: prompts of every length must not make some each.
BOOST_AUTO_TEST_CASE(lengths_make_no_code_of_their_own) {
  const int threads = at::get_num_threads();
  at::set_num_threads(1);  // each makes its own
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    for (std::int64_t tokens = 32; tokens <= 512; tokens += 32) attend(tokens, type, true);
    const std::size_t before = octets_of_code();
    for (std::int64_t tokens = 2; tokens <= 512; tokens += 3) attend(tokens, type, true);
    BOOST_TEST(octets_of_code() == before);
  }
  at::set_num_threads(threads);
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_moves_no_bit) {
  const int threads = at::get_num_threads();
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    for (const std::int64_t tokens : {20, 65, 577}) {
      for (const bool causal : {false, true}) {
        at::set_num_threads(1);
        const at::Tensor alone = attend(tokens, type, causal);
        at::set_num_threads(3);
        BOOST_TEST(attend(tokens, type, causal).equal(alone));
      }
    }
  }
  at::set_num_threads(threads);
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
