// Random requests in pairs: the second is the first with some fields written otherwise, or with other values, so that
// about as many pairs are equal once canonical as differ.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include "key/code_points.hpp"
#include "unit/key/text_source.hpp"
#include "zimg/request.hpp"

namespace zimg_test {

class RequestSource {
 public:
  explicit RequestSource(std::uint64_t seed) : noise_(seed), texts_(seed + 1) {}

  std::pair<zimg::Request, zimg::Request> next_pair() {
    zimg::Request first = next();
    zimg::Request second = first;
    for (std::uint64_t changes = below(4); changes > 0; --changes) below(3) == 0 ? change(second) : respell(second);
    return {std::move(first), std::move(second)};
  }

  zimg::Request next() {
    zimg::Request request;
    request.prompt = below(2) == 0 ? texts_.next() : plain();
    if (below(2) == 0) request.negative_prompt = plain();
    for (std::uint64_t changes = below(6); changes > 0; --changes) change(request);
    return request;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return noise_() % bound; }

  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return *(values.begin() + below(values.size()));
  }

  std::string plain() {
    return one_of<std::string>({"a cat", "A cat", "a kitty", "a dog||", "一只猫，坐着", "一只猫咪，坐着",
                                "\"STOP\" sign", "\"stop\" sign", "caf\u00E9", "a\nb", "|| a", "4K，HDR", ""});
  }

  // Another value, as a rule.
  void change(zimg::Request& request) {
    switch (below(13)) {
      case 0:
        request.prompt = below(2) == 0 ? texts_.next() : plain();
        break;
      case 1:
        request.negative_prompt = plain();
        break;
      case 2:
        request.width = one_of<std::uint32_t>({16, 32, 144, 512, 1024});
        break;
      case 3:
        request.height = one_of<std::uint32_t>({16, 32, 144, 512, 1024});
        break;
      case 4:
        request.steps = one_of<std::uint32_t>({1, 2, 8});
        break;
      case 5:
        request.guidance = one_of({0.0, -0.0, 1e-60, 1.5, 4.0, 4.0 + 1e-12, std::nextafter(4.0, 5.0) + 1e-6});
        break;
      case 6:
        request.guidance_normalization = one_of({0.0, -0.0, 0.5});
        break;
      case 7:
        request.guidance_truncation = one_of({1.0, 0.5, -0.0});
        break;
      case 8:
        request.schedule = one_of({zimg::Schedule::kLinear, zimg::Schedule::kLegacyZeroEnd, zimg::Schedule::kNative});
        break;
      case 9:
        request.seed = one_of<std::uint64_t>({42, 43, 0, 42 + (std::uint64_t{1} << 32)});
        break;
      case 10:
        request.vae_tiling = !request.vae_tiling;
        break;
      case 11:
        request.match = one_of({zimg::MatchLevel::kExact, zimg::MatchLevel::kNormalized, zimg::MatchLevel::kLoose});
        break;
      default:
        request.name_space = one_of<std::string>({"default", "other", "default."});
    }
  }

  // Another way to write the same, as a rule.
  void respell(zimg::Request& request) {
    std::string& text = below(3) == 0 ? request.negative_prompt : request.prompt;
    switch (below(9)) {
      case 0:
        text = " " + text + "\u3000";
        break;
      case 1:
        text = widened(text);
        break;
      case 2:
        text = with_everywhere(text, U'\u200B');
        break;
      case 3:
        text = with_everywhere(text, U' ');
        break;
      case 4:
        request.width = request.width.value_or(1024);
        break;
      case 5:
        request.steps = request.steps.value_or(8);
        break;
      case 6:
        request.seed ^= std::uint64_t{1} << (32 + below(32));
        break;
      case 7:
        request.format = one_of({zimg::ImageFormat::kPng, zimg::ImageFormat::kJpeg});
        request.jpeg_quality = static_cast<int>(1 + below(100));
        break;
      default:
        request.mode = one_of({zimg::CacheMode::kNormal, zimg::CacheMode::kBypass});
    }
  }

  std::string widened(const std::string& text) {
    std::u32string codes = zimg::key::to_code_points(text);
    for (char32_t& code : codes) {
      if (((code >= U'a' && code <= U'z') || code == U',') && below(2) == 0) code += 0xFEE0;
    }
    return zimg::key::to_utf8(codes);
  }

  // `code` beside each of its kind, or anywhere if that is nothing to see.
  std::string with_everywhere(const std::string& text, char32_t code) {
    std::u32string more;
    for (const char32_t old : zimg::key::to_code_points(text)) {
      more.push_back(old);
      if ((code != U' ' || old == U' ') && below(2) == 0) more.push_back(code);
    }
    return zimg::key::to_utf8(more);
  }

  std::mt19937_64 noise_;
  TextSource texts_;
};

}  // namespace zimg_test
