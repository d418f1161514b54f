// Pixels to encode, made without a model, and a way to damage what was made of them.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <stdexcept>

#include "zimg/bytes.hpp"
#include "zimg/error.hpp"

namespace zimg_test {

// A smooth ground with noise on it: compresses neither to nothing nor not at all.
inline zimg::Bytes drawn_pixels(std::uint32_t width, std::uint32_t height, unsigned seed = 1) {
  std::mt19937 random(seed);
  zimg::Bytes rgb;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const auto noise = static_cast<std::uint32_t>(random() % 7);
      rgb.push_back(static_cast<std::uint8_t>(x * 3 + noise));
      rgb.push_back(static_cast<std::uint8_t>(y * 5 + noise));
      rgb.push_back(static_cast<std::uint8_t>((x + y) * 2));
    }
  }
  return rgb;
}

// True when `action` throws zimg::Error with `code`; other exceptions pass through.
inline bool fails_with(zimg::ErrorCode code, const std::function<void()>& action) {
  try {
    action();
  } catch (const zimg::Error& error) {
    return error.code() == code;
  }
  return false;
}

// `bytes` with one to four octets changed, at places and to values that `random` names.
inline zimg::Bytes damaged(zimg::Bytes bytes, std::mt19937& random) {
  const unsigned times = 1 + random() % 4;
  for (unsigned i = 0; i < times; ++i) bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
  return bytes;
}

}  // namespace zimg_test
