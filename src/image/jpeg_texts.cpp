#include "image/jpeg_texts.hpp"

#include <optional>
#include <string_view>

#include "image/exif.hpp"
#include "image/image_limits.hpp"
#include "image/jpeg_segments.hpp"
#include "image/text_encoding.hpp"
#include "zimg/error.hpp"

namespace zimg::image {
namespace {

constexpr std::string_view kParameters = "parameters";
constexpr std::size_t kMaxCommentKeyword = 30;  // octets; longer ones are taken for a part of the text

bool is_keyword(std::string_view text) {
  if (text.empty() || text.size() > kMaxCommentKeyword) return false;
  for (const char c : text) {
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-') return false;
  }
  return true;
}

// "keyword: text" or "keyword#3: text".
struct Comment {
  std::string keyword;
  std::string part;  // "" or "3"
  std::string text;
};

Comment read_comment(std::string_view data) {
  const std::size_t colon = data.substr(0, 2 * kMaxCommentKeyword).find(": ");
  if (colon != std::string_view::npos) {
    const std::string_view head = data.substr(0, colon);
    const std::size_t mark = head.find('#');
    const std::string_view keyword = head.substr(0, mark);
    const std::string_view part = mark == std::string_view::npos ? std::string_view() : head.substr(mark + 1);
    if (is_keyword(keyword) && (mark == std::string_view::npos || is_keyword(part))) {
      return {std::string(keyword), std::string(part), std::string(data.substr(colon + 2))};
    }
  }
  return {"comment", "", std::string(data)};
}

// How much of `text` fits into `room` octets without cutting a character.
std::size_t whole_characters(std::string_view text, std::size_t room) {
  if (text.size() <= room) return text.size();
  while (room > 0 && (static_cast<std::uint8_t>(text[room]) & 0xC0) == 0x80) --room;
  return room;
}

std::string comment_segments(const std::string& keyword, std::string_view text) {
  std::string segments;
  for (int part = 1; part == 1 || !text.empty(); ++part) {
    const std::string head = keyword + (part == 1 ? "" : "#" + std::to_string(part)) + ": ";
    const std::size_t size = whole_characters(text, kMaxJpegSegment - head.size());
    segments += make_jpeg_segment(kJpegComment, head + std::string(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return segments;
}

std::string text_segments(const std::string& keyword, const std::string& text) {
  if (!is_keyword(keyword)) {
    throw Error(ErrorCode::kInvalidArgument,
                "the keyword '" + keyword + "' is not 1 to 30 lower-case letters, digits, '_' and '-'");
  }
  if (text.size() > kMaxTextBytes) {
    throw Error(ErrorCode::kInvalidArgument, "the text '" + keyword + "' is too long for a JPEG");
  }
  if (keyword == kParameters) {
    const std::string exif = make_exif(text);
    if (exif.size() <= kMaxJpegSegment) return make_jpeg_segment(kJpegApp1, exif);
  }
  return comment_segments(keyword, text);
}

}  // namespace

TextChunks read_jpeg_texts(const Bytes& jpeg) {
  TextChunks texts;
  JpegSegments segments(jpeg);
  while (const std::optional<JpegSegment> segment = segments.next()) {
    if (segment->marker == kJpegApp1) {
      if (auto comment = read_exif_comment(segment->data)) texts.emplace_back(kParameters, std::move(*comment));
    } else if (segment->marker == kJpegComment) {
      Comment comment = read_comment(segment->data);
      comment.text = utf8_from_latin1(comment.text);
      if (!comment.part.empty() && !texts.empty() && texts.back().first == comment.keyword) {
        texts.back().second += comment.text;
      } else {
        texts.emplace_back(std::move(comment.keyword), std::move(comment.text));
      }
    }
  }
  return texts;
}

Bytes splice_jpeg_texts(const Bytes& jpeg, const TextChunks& texts) {
  std::string added;
  for (const auto& [keyword, text] : texts) added += text_segments(keyword, text);
  std::size_t place = 2;
  JpegSegments segments(jpeg);
  if (const auto first = segments.next(); first && first->marker == kJpegApp0) place = first->end;
  Bytes spliced;
  spliced.reserve(jpeg.size() + added.size());
  const auto middle = jpeg.begin() + static_cast<std::ptrdiff_t>(place);
  spliced.insert(spliced.end(), jpeg.begin(), middle);
  spliced.insert(spliced.end(), added.begin(), added.end());
  spliced.insert(spliced.end(), middle, jpeg.end());
  return spliced;
}

}  // namespace zimg::image
