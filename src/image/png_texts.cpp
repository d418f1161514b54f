#include "image/png_texts.hpp"

#include <optional>
#include <string_view>

#include "image/image_limits.hpp"
#include "image/inflate.hpp"
#include "image/png_chunks.hpp"
#include "image/text_encoding.hpp"
#include "zimg/error.hpp"

namespace zimg::image {
namespace {

constexpr std::size_t kMaxPngKeyword = 79;  // octets, by the PNG specification

[[noreturn]] void fail(const PngChunk& chunk, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, "the chunk " + std::string(chunk.type) + " at byte " +
                                               std::to_string(chunk.offset) + " of the PNG " + what);
}

// What stands in `rest` before its first NUL; `rest` goes on after it.
std::string_view take_field(std::string_view& rest, const PngChunk& chunk) {
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) fail(chunk, "has no NUL after a field");
  const std::string_view field = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return field;
}

std::string inflated(std::string_view text, const PngChunk& chunk, std::size_t room) {
  auto result = inflate(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), room);
  if (!result) fail(chunk, "holds a text that is damaged or too long");
  return std::move(*result);
}

std::string read_text(const PngChunk& chunk, std::string_view rest, std::size_t room) {
  if (chunk.type == "tEXt") return utf8_from_latin1(rest);
  if (chunk.type == "zTXt") {
    if (rest.empty() || rest[0] != 0) fail(chunk, "is compressed in an unknown way");
    return utf8_from_latin1(inflated(rest.substr(1), chunk, room));
  }
  if (rest.size() < 2) fail(chunk, "is too short");
  const bool is_compressed = rest[0] != 0;
  if (is_compressed && rest[1] != 0) fail(chunk, "is compressed in an unknown way");
  rest.remove_prefix(2);
  take_field(rest, chunk);  // language
  take_field(rest, chunk);  // keyword in that language
  return utf8_from_latin1(is_compressed ? inflated(rest, chunk, room) : std::string(rest));
}

std::string text_chunk(const std::string& keyword, const std::string& text) {
  if (keyword.empty() || keyword.size() > kMaxPngKeyword || !is_ascii(keyword) ||
      keyword.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, "the keyword '" + keyword + "' is not 1 to 79 ASCII characters");
  }
  if (text.find('\0') != std::string::npos || text.size() > kMaxTextBytes) {
    throw Error(ErrorCode::kInvalidArgument, "the text '" + keyword + "' holds a NUL or is too long for a PNG");
  }
  std::string data = keyword + '\0';
  if (is_ascii(text)) return make_png_chunk("tEXt", data + text);
  data.append(4, '\0');  // not compressed, method 0, no language, no keyword in it
  return make_png_chunk("iTXt", data + text);
}

}  // namespace

TextChunks read_png_texts(const Bytes& png) {
  TextChunks texts;
  std::size_t room = kMaxTextBytes;
  PngChunks chunks(png);
  while (const std::optional<PngChunk> chunk = chunks.next()) {
    if (chunk->type != "tEXt" && chunk->type != "zTXt" && chunk->type != "iTXt") continue;
    std::string_view rest(reinterpret_cast<const char*>(chunk->data), chunk->size);
    const std::string keyword = utf8_from_latin1(take_field(rest, *chunk));
    std::string text = read_text(*chunk, rest, room);
    if (text.size() > room) fail(*chunk, "holds a text that is too long");
    room -= text.size();
    texts.emplace_back(keyword, std::move(text));
  }
  return texts;
}

Bytes splice_png_texts(const Bytes& png, const TextChunks& texts) {
  std::string added;
  for (const auto& [keyword, text] : texts) added += text_chunk(keyword, text);
  PngChunks chunks(png);
  while (const std::optional<PngChunk> chunk = chunks.next()) {
    if (chunk->type != "IDAT") continue;
    const auto place = png.begin() + static_cast<std::ptrdiff_t>(chunk->offset);
    Bytes spliced;
    spliced.reserve(png.size() + added.size());
    spliced.insert(spliced.end(), png.begin(), place);
    spliced.insert(spliced.end(), added.begin(), added.end());
    spliced.insert(spliced.end(), place, png.end());
    return spliced;
  }
  throw Error(ErrorCode::kInvalidArgument, "the PNG has no IDAT");
}

}  // namespace zimg::image
