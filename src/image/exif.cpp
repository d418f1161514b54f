#include "image/exif.hpp"

#include <cstdint>

#include "image/byte_order.hpp"
#include "image/text_encoding.hpp"

namespace zimg::image {
namespace {

constexpr std::string_view kExifHead("Exif\0\0", 6);
constexpr std::string_view kUnicode("UNICODE\0", 8);
constexpr std::string_view kAscii("ASCII\0\0\0", 8);
constexpr std::uint16_t kExifFolderTag = 0x8769;
constexpr std::uint16_t kUserCommentTag = 0x9286;
constexpr std::uint16_t kLongType = 4;
constexpr std::uint16_t kUndefinedType = 7;

// A TIFF block in either byte order; whatever lies outside it is absent.
class Tiff {
 public:
  static std::optional<Tiff> open(std::string_view block) {
    if (block.size() < 8) return std::nullopt;
    if (block.substr(0, 4) == std::string_view("MM\0*", 4)) return Tiff(block, ByteOrder::kBig);
    if (block.substr(0, 4) == std::string_view("II*\0", 4)) return Tiff(block, ByteOrder::kLittle);
    return std::nullopt;
  }

  ByteOrder order() const { return order_; }
  std::optional<std::uint32_t> number(std::size_t at) const {
    if (block_.size() < 4 || at > block_.size() - 4) return std::nullopt;
    return order_ == ByteOrder::kBig ? read_big32(octets(at)) : read_little32(octets(at));
  }
  // Where the 12 octets of the entry `tag` lie in the folder at `at`.
  std::optional<std::size_t> entry(std::size_t at, std::uint16_t tag) const {
    const auto count = short_number(at);
    for (std::size_t i = 0; count && i < *count; ++i) {
      const std::size_t place = at + 2 + 12 * i;
      if (short_number(place) == tag) return place;
    }
    return std::nullopt;
  }
  std::optional<std::string_view> slice(std::size_t at, std::size_t size) const {
    if (at > block_.size() || size > block_.size() - at) return std::nullopt;
    return block_.substr(at, size);
  }

 private:
  Tiff(std::string_view block, ByteOrder order) : block_(block), order_(order) {}
  const std::uint8_t* octets(std::size_t at) const { return reinterpret_cast<const std::uint8_t*>(block_.data()) + at; }
  std::optional<std::uint16_t> short_number(std::size_t at) const {
    if (at > block_.size() - 2) return std::nullopt;
    return order_ == ByteOrder::kBig ? read_big16(octets(at)) : read_little16(octets(at));
  }

  std::string_view block_;
  ByteOrder order_;
};

std::optional<std::string_view> find_comment(const Tiff& tiff) {
  const auto first_folder = tiff.number(4);
  if (!first_folder) return std::nullopt;
  const auto pointer = tiff.entry(*first_folder, kExifFolderTag);
  if (!pointer) return std::nullopt;
  const auto exif_folder = tiff.number(*pointer + 8);
  if (!exif_folder) return std::nullopt;
  const auto entry = tiff.entry(*exif_folder, kUserCommentTag);
  if (!entry) return std::nullopt;
  const auto size = tiff.number(*entry + 4);
  const auto place = tiff.number(*entry + 8);
  if (!size || !place || *size <= 4) return std::nullopt;
  return tiff.slice(*place, *size);
}

void append_entry(std::string& out, std::uint16_t tag, std::uint16_t type, std::size_t count, std::uint32_t value) {
  append_big16(out, 1);  // entries in this folder
  append_big16(out, tag);
  append_big16(out, type);
  append_big32(out, static_cast<std::uint32_t>(count));
  append_big32(out, value);
  append_big32(out, 0);  // no folder after this one
}

}  // namespace

std::string make_exif(std::string_view comment) {
  const std::string content = std::string(kUnicode) + utf16_from_utf8(comment);
  std::string data(kExifHead);
  data += std::string_view("MM\0*", 4);
  append_big32(data, 8);                                     // the first folder follows
  append_entry(data, kExifFolderTag, kLongType, 1, 8 + 18);  // 18 octets a folder of one entry
  append_entry(data, kUserCommentTag, kUndefinedType, content.size(), 8 + 36);
  return data + content;
}

std::optional<std::string> read_exif_comment(std::string_view data) {
  if (data.substr(0, kExifHead.size()) != kExifHead) return std::nullopt;
  const auto tiff = Tiff::open(data.substr(kExifHead.size()));
  if (!tiff) return std::nullopt;
  const auto comment = find_comment(*tiff);
  if (!comment || comment->size() < kUnicode.size()) return std::nullopt;
  const std::string_view text = comment->substr(kUnicode.size());
  if (comment->substr(0, kUnicode.size()) == kUnicode) {
    return utf8_from_utf16(text, likely_utf16_order(text, tiff->order()));  // programs disagree with their own block
  }
  if (comment->substr(0, kAscii.size()) != kAscii) return std::nullopt;
  return utf8_from_latin1(text.substr(0, text.find_last_not_of('\0') + 1));
}

}  // namespace zimg::image
