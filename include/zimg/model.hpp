// Looking at a model folder, and rewriting it, without drawing. Nothing here loads libtorch.
//
// Free functions, thread-safe, and a Tokenization, whose const methods any number of threads may call at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "zimg/export.hpp"

namespace zimg {
inline namespace v0 {

// One part of a model: "text_encoder", "transformer" or "vae".
struct ModelPart {
  std::string role;
  std::vector<std::string> files;  // absolute paths
  std::uint64_t tensors = 0;
  std::uint64_t parameters = 0;
  std::uint64_t bytes = 0;  // of tensor data
  std::string dtypes;       // for example "BF16" or "BF16, F32"
};

struct ModelInspection {
  std::string path;
  std::string name;
  std::string layout;       // "released" or "single-file"; empty where it is neither
  std::string identity;     // SHA-256 of the files that would be loaded, 64 hex digits; empty unless asked for
  std::uint32_t width = 0;  // defaults: pixels, steps, guidance
  std::uint32_t height = 0;
  std::uint32_t size_step = 0;  // sizes are multiples of this many pixels
  std::uint32_t max_side = 0;   // pixels
  std::uint32_t steps = 0;
  double guidance = 0;
  double shift = 0;  // of the schedule
  std::vector<ModelPart> parts;
  std::vector<std::string> problems;  // what is wrong, one sentence each, tensor by tensor; empty: sound
};

// Reads configs, headers and the tokenizer and checks every tensor's name, shape, dtype and place in its file.
// Whatever is wrong with the model goes into `problems`. With `with_identity` all files are hashed as well;
// `on_hashing` is told now and then how far that is, and what it throws ends the inspection and is passed on. Errors:
// kNotFound when `path` is not there, kIo when it cannot be followed, for want of a permission or in a loop of links.
ZIMG_API ModelInspection
inspect_model(const std::string& path, bool with_identity = false,
              const std::function<void(std::uint64_t done_bytes, std::uint64_t total_bytes)>& on_hashing = nullptr);

enum class WeightType : std::uint8_t { kFp32 = 0, kBf16 = 1, kFp16 = 2 };

// Rewrites the model at `path` into the folder `out` in the released layout with weights of type `type` (round to
// nearest even), one file per 5 GB and part. `out` is absent or an empty folder, but neither the current one nor a
// mount point; it appears whole, by rename, or not at all, and is on the disk when this returns. `on_progress` may be
// null. Errors: kInvalidArgument, kNotFound (nothing at `path`), kBadModel, kIo.
ZIMG_API void convert_model(
    const std::string& path, const std::string& out, WeightType type,
    const std::function<void(std::uint64_t done_bytes, std::uint64_t total_bytes)>& on_progress);

// The ids that the model at `path` reads for `text` as it stands: no prompt template, no cut at 512.
// Errors: kNotFound (nothing at `path`), kInvalidArgument (not UTF-8), kBadModel, kIo.
class ZIMG_API Tokenization {
 public:
  explicit Tokenization(const std::string& path);
  ~Tokenization();
  Tokenization(const Tokenization&) = delete;
  Tokenization& operator=(const Tokenization&) = delete;

  std::vector<std::uint32_t> encode(const std::string& text) const;
  // `text` in the prompt template, cut to 512, as the text encoder reads it.
  std::vector<std::uint32_t> encode_prompt(const std::string& text) const;
  // The bytes that one id stands for, for showing; "" for an unused id.
  std::string piece(std::uint32_t id) const;

 private:
  class Impl;
  Impl* impl_;
};

// The folder of the built-in model: $ZIMG_BUILTIN_MODEL where it is set; else beside the library (share/zimg), then in
// the source tree it was built from. Errors: kNotFound naming the places that were searched.
ZIMG_API std::string builtin_model_path();

}  // namespace v0
}  // namespace zimg
