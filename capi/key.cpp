#include "capi/key.hpp"

#include <cstring>
#include <string>

#include "capi/guard.hpp"
#include "capi/handle.hpp"
#include "capi/text.hpp"
#include "zimg/article_key.hpp"

namespace zimg::capi {

zimg_key key_of(const CacheKey& key) noexcept {
  zimg_key copy;
  std::memcpy(copy.bytes, key.digest().data(), sizeof(copy.bytes));
  return copy;
}

CacheKey required_key(const zimg_key* key) {
  CacheKey::Digest digest;
  std::memcpy(digest.data(), required_pointer(key, "key")->bytes, digest.size());
  return CacheKey(digest);
}

namespace {

ArticleRequest article_request(const char* prompt, size_t prompt_size, const char* negative_prompt,
                               size_t negative_size, const char* config, size_t config_size) {
  return {text_of(prompt, prompt_size, "prompt"), text_of(negative_prompt, negative_size, "negative_prompt"),
          text_of(config, config_size, "config")};
}

}  // namespace
}  // namespace zimg::capi

using namespace zimg::capi;

zimg_status zimg_key_from_hex(const char* hex, size_t size, zimg_key* out_key, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_key, "out_key");
    const auto key = zimg::CacheKey::from_hex(text_of(hex, size, "hex"));
    if (!key) {
      throw zimg::Error(zimg::ErrorCode::kInvalidArgument,
                        "the argument 'hex' is no key; 64 hexadecimal digits are expected");
    }
    *out_key = key_of(*key);
  });
}

zimg_status zimg_key_to_hex(const zimg_key* key, char* out_hex, size_t capacity, zimg_error** out_error) {
  return guarded(out_error, [&] {
    const std::string hex = required_key(key).hex();
    required_pointer(out_hex, "out_hex");
    if (capacity <= hex.size()) {
      throw zimg::Error(zimg::ErrorCode::kInvalidArgument,
                        "the argument 'capacity' is " + std::to_string(capacity) + "; 65 at least is expected");
    }
    std::memcpy(out_hex, hex.c_str(), hex.size() + 1);
  });
}

zimg_status zimg_article_key(const char* prompt, size_t prompt_size, const char* negative_prompt, size_t negative_size,
                             const char* config, size_t config_size, zimg_key* out_key, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_key, "out_key");
    *out_key = key_of(
        zimg::article_key(article_request(prompt, prompt_size, negative_prompt, negative_size, config, config_size)));
  });
}

zimg_status zimg_article_text(const char* prompt, size_t prompt_size, const char* negative_prompt, size_t negative_size,
                              const char* config, size_t config_size, zimg_text** out_text, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_text, "out_text");
    *out_text = new_text(
        zimg::article_text(article_request(prompt, prompt_size, negative_prompt, negative_size, config, config_size)));
  });
}

zimg_status zimg_article_key_of_json(const char* json, size_t size, zimg_key* out_key, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_key, "out_key");
    *out_key = key_of(zimg::article_key(std::string_view(text_of(json, size, "json"))));
  });
}

zimg_status zimg_article_text_of_json(const char* json, size_t size, zimg_text** out_text, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_text, "out_text");
    *out_text = new_text(zimg::article_text(std::string_view(text_of(json, size, "json"))));
  });
}
