// Whole numbers as PNG, JPEG and TIFF write them.
#pragma once

#include <cstdint>
#include <string>

namespace zimg::image {

inline std::uint16_t read_big16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>((at[0] << 8) | at[1]);
}
inline std::uint32_t read_big32(const std::uint8_t* at) {
  return (std::uint32_t{read_big16(at)} << 16) | read_big16(at + 2);
}
inline std::uint16_t read_little16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>((at[1] << 8) | at[0]);
}
inline std::uint32_t read_little32(const std::uint8_t* at) {
  return (std::uint32_t{read_little16(at + 2)} << 16) | read_little16(at);
}

inline void append_big16(std::string& out, std::uint16_t number) {
  out += static_cast<char>(number >> 8);
  out += static_cast<char>(number & 0xff);
}
inline void append_big32(std::string& out, std::uint32_t number) {
  append_big16(out, static_cast<std::uint16_t>(number >> 16));
  append_big16(out, static_cast<std::uint16_t>(number & 0xffff));
}

}  // namespace zimg::image
