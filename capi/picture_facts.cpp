#include <utility>

#include "capi/guard.hpp"
#include "capi/handle.hpp"
#include "capi/text.hpp"
#include "zimg/image.hpp"
#include "zimg/zimg.h"

struct zimg_picture_facts : zimg::capi::Handle<zimg_picture_facts> {
  explicit zimg_picture_facts(zimg::PictureFacts facts) : value(std::move(facts)) {}
  zimg::PictureFacts value;
};

using namespace zimg::capi;

zimg_status zimg_picture_facts_read(const void* bytes, size_t size, zimg_picture_facts** out_facts,
                                    zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_facts, "out_facts");
    create(out_facts, "out_facts", zimg::read_picture_facts(bytes_of(bytes, size, "bytes")));
  });
}

zimg_image_format zimg_picture_facts_format(const zimg_picture_facts* facts) {
  return alive(facts) == nullptr ? 0 : static_cast<zimg_image_format>(facts->value.format);
}

uint32_t zimg_picture_facts_width(const zimg_picture_facts* facts) {
  return alive(facts) == nullptr ? 0 : facts->value.width;
}

uint32_t zimg_picture_facts_height(const zimg_picture_facts* facts) {
  return alive(facts) == nullptr ? 0 : facts->value.height;
}

size_t zimg_picture_facts_text_count(const zimg_picture_facts* facts) {
  return alive(facts) == nullptr ? 0 : facts->value.texts.size();
}

const char* zimg_picture_facts_keyword(const zimg_picture_facts* facts, size_t index, size_t* out_size) {
  const auto* texts = alive(facts) == nullptr ? nullptr : &facts->value.texts;
  return view_at(texts, index, out_size, [](const auto& text) -> const std::string& { return text.first; });
}

const char* zimg_picture_facts_text(const zimg_picture_facts* facts, size_t index, size_t* out_size) {
  const auto* texts = alive(facts) == nullptr ? nullptr : &facts->value.texts;
  return view_at(texts, index, out_size, [](const auto& text) -> const std::string& { return text.second; });
}

void zimg_picture_facts_destroy(zimg_picture_facts* facts) {
  destroy(facts);
}
