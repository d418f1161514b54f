#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "capi/guard.hpp"
#include "capi/handle.hpp"
#include "capi/text.hpp"
#include "zimg/model.hpp"
#include "zimg/zimg.h"

using namespace zimg::capi;

struct zimg_tokenizer : Handle<zimg_tokenizer> {
  explicit zimg_tokenizer(const std::string& path) : value(path) {}
  zimg::Tokenization value;
};

zimg_status zimg_tokenizer_open(const char* model_path, size_t size, zimg_tokenizer** out_tokenizer,
                                zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_tokenizer, "out_tokenizer");
    create(out_tokenizer, "out_tokenizer", text_of(model_path, size, "model_path"));
  });
}

zimg_status zimg_tokenizer_encode(const zimg_tokenizer* tokenizer, const char* text, size_t size, int is_prompt,
                                  uint32_t* out_ids, size_t capacity, size_t* out_count, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const zimg::Tokenization& value = required(tokenizer, "tokenizer").value;
    required_pointer(out_count, "out_count");
    if (capacity != 0) required_pointer(out_ids, "out_ids");
    const std::string read = text_of(text, size, "text");
    const std::vector<std::uint32_t> ids = is_prompt != 0 ? value.encode_prompt(read) : value.encode(read);
    std::copy_n(ids.begin(), std::min(capacity, ids.size()), out_ids);
    *out_count = ids.size();
  });
}

zimg_status zimg_tokenizer_piece(const zimg_tokenizer* tokenizer, uint32_t id, zimg_bytes** out_bytes,
                                 zimg_error** out_error) {
  return guarded(out_error, [&] {
    const std::string piece = required(tokenizer, "tokenizer").value.piece(id);
    auto octets = std::make_shared<const zimg::Bytes>(piece.begin(), piece.end());
    create(out_bytes, "out_bytes");
    (*out_bytes)->value = std::move(octets);
  });
}

void zimg_tokenizer_destroy(zimg_tokenizer* tokenizer) {
  destroy(tokenizer);
}
