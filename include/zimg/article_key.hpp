// The key of a published article, for programs that share a store with a cache built after it.
//
// The article puts SHA-256 of
//
//     prompt || negative prompt || {"cfg_scale": 7.0, "model_version": "…", "resolution": "512x512", "steps": 8}
//
// where "||" is two bars, both texts went through Python's `" ".join(text.lower().split()).replace("，", ",")` and the
// rest through `json.dumps(…, sort_keys=True)`. It is reproduced bit for bit, its faults included: "a||b" with "c" has
// the key of "a" with "b||c", "STOP" that of "stop", and the seed is not in it. Therefore it stands outside what zimg
// promises of its own keys; no Generator uses it. Letters newer than Unicode 15 have no lower case here.
//
// Free functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "zimg/cache_key.hpp"
#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

struct ArticleRequest {
  std::string prompt;           // UTF-8
  std::string negative_prompt;  // UTF-8
  // A JSON object with `resolution`, `steps`, `cfg_scale` and `model_version`; what else it holds is not read. Any JSON
  // value will do, and 7 and 7.0 are two, as in Python.
  std::string config;
};

// The text that is hashed. Errors: kInvalidArgument for texts that are not UTF-8 and for what Python's json.loads
// refuses, for a config that lacks one of the four, for numbers and nesting beyond Python's own limits.
ZIMG_API std::string article_text(const ArticleRequest& request);
ZIMG_API CacheKey article_key(const ArticleRequest& request);

// The same for one JSON object with `prompt`, `negative_prompt` (absent is empty) and `config`. Errors: also for a text
// with half a surrogate pair, which Python cannot encode either; in the config it can.
ZIMG_API std::string article_text(std::string_view json);
ZIMG_API CacheKey article_key(std::string_view json);

}  // namespace v0
}  // namespace zimg
