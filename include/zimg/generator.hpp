// A Generator answers requests for pictures: from its cache where it can, by drawing where it must.
//
//     zimg::GeneratorOptions options;
//     options.model = "/models/Z-Image-Turbo";
//     zimg::Generator generator(options, zimg::open_cache(""));
//     zimg::Request request;
//     request.prompt = "a red circle";
//     zimg::Result result = generator.generate(request);   // result.bytes is a PNG
//
// A request is answered with exactly the picture that drawing it afresh would give, or it is drawn; no cache failure
// ever fails a request. Equal requests at one time are drawn once: the first leads, the others join, be they of the
// same process or of another one that shares a cache on disk.
//
// Thread-safe. The destructor waits for calls in flight and for pending stores. In a forked child every method throws
// Error with code kClosed; the destructor does nothing there. One that was moved from may be destroyed or assigned to;
// its methods throw kClosed. No call may be under way while it is moved.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "zimg/bytes.hpp"
#include "zimg/cache.hpp"
#include "zimg/export.hpp"
#include "zimg/keywords.hpp"
#include "zimg/metrics.hpp"
#include "zimg/pipeline.hpp"
#include "zimg/request.hpp"
#include "zimg/result.hpp"
#include "zimg/trace.hpp"

namespace zimg {
inline namespace v0 {

enum class Device : std::uint8_t { kAuto = 0, kCpu = 1, kCuda = 2 };
// Auto on a CPU is bf16 where it has AVX512-BF16 or AVX2 without AVX-512, else fp32; on a GPU bf16, or fp16 below
// compute capability 8.0. fp16 needs a GPU.
enum class Precision : std::uint8_t { kAuto = 0, kFp32 = 1, kBf16 = 2, kFp16 = 3 };

// What of the machine goes into the key besides the request and the model.
enum class Fingerprint : std::uint8_t {
  kPortable = 0,  // zimg's numerics version, precision, device kind
  kStrict = 1,    // + CPU or GPU, releases of libtorch and zimg, number of threads, settings: promises bit equality
};

// What of a drawing is kept.
enum class Kept : std::uint8_t {
  kLossless = 0,   // its PNG, from which every other format is made without drawing
  kDelivered = 1,  // the format that was asked for and no other: less room, and another format is drawn again
};

struct GeneratorOptions {
  // The cache to open where none is handed over, as open_cache() understands it. One that cannot be opened is a warning
  // in each report, and everything is drawn, unless it is required.
  // With "encrypt=1" in it, pictures of the namespaces below that have a secret are encrypted on disk.
  std::optional<std::string> cache_url;
  bool requires_cache = false;

  // A model folder in the released layout or a single-file folder; empty is the built-in model.
  std::string model;
  Device device = Device::kAuto;
  Precision precision = Precision::kAuto;
  unsigned threads = 0;  // CPU threads of a drawing, at most 1024; 0 is one per core
  Fingerprint fingerprint = Fingerprint::kPortable;

  std::string engine_path;  // the engine module; empty: beside libzimg, in ../lib from there, the configured libdir
  std::string torch_path;   // a libtorch folder; empty: $ZIMG_TORCH, then the engine's own RUNPATH

  // Draws in place of the engine. `pipeline_identity` then stands for engine and precision in the key and must not be
  // empty.
  std::shared_ptr<IPipeline> pipeline;
  std::string pipeline_identity;

  // A file of words that mean the same, read when the Generator is made: a line is the word that is drawn, then those
  // that become it, with tabs between. Applied at MatchLevel::kLoose only; empty is none. See docs/caching.md.
  std::string synonyms;
  // Secrets by namespace: the keys of such a namespace are HMAC-SHA-256 under its secret, which nobody can make or
  // guess without it. Not empty; at least 16 random octets are advised. Never stored, never printed.
  std::map<std::string, Bytes> namespace_secrets;

  Kept kept = Kept::kLossless;
  // Drawings side by side, at least 1. More than 1 serves a pipeline of one's own: the engine draws one at a time.
  unsigned drawings_at_once = 1;
  // How long another process that shares the cache and is drawing an equal picture is waited for, or three times what
  // a drawing takes where that is longer. Then the picture is drawn here too: the other may have been stopped for ever.
  std::uint32_t patience_ms = 30000;
  // How many drawn pictures may wait to be written, at least 1; the excess is dropped.
  unsigned pending_stores = 16;
  // Told what happens to each request; may be empty. The prompt is in the events only where trace_prompts is set.
  TraceCallback on_trace;
  bool trace_prompts = false;
  // What becomes of prompts that hold a listed word. Read by the constructor; negative prompts are not looked at.
  std::vector<KeywordList> keywords;
  // Told now and then while the model's files are hashed, which is where no digest of them is remembered. On the thread
  // that asks, others waiting: it must not ask the Generator. What it throws ends the request and is passed on.
  std::function<void(std::uint64_t done_bytes, std::uint64_t total_bytes)> on_hashing;
};

// One field of a picture key, for people.
struct KeyField {
  std::uint16_t tag = 0;
  std::string name;
  std::string value;     // printable
  bool is_live = false;  // false: shown for completeness, not in the key
};

class ZIMG_API Generator {
 public:
  // Reads the model's configs and names its files; weights stay unopened until something must be drawn, engine and
  // libtorch too, but for a first key (see key()). Without a cache everything is drawn. Errors:
  // kInvalidArgument (a cache URL that says nothing sensible among them), kNotFound, kBadModel, kUnsupported, kIo;
  // where a cache is required also those of open_cache().
  explicit Generator(const GeneratorOptions& options, std::shared_ptr<ICache> cache = nullptr);
  ~Generator();
  Generator(Generator&&) noexcept;
  Generator& operator=(Generator&&) noexcept;

  // Blocks until the picture is there. Errors: kInvalidArgument and kRefused before any work, kNotFound (only if
  // cached, or nothing at engine_path), kCancelled, kBadModel, kOutOfMemory, kDevice, kUnsupported, kIo, kInternal,
  // kClosed.
  Result generate(const Request& request);

  // Without drawing. The first key on a machine with these options, environment and libtorch opens the engine, to learn
  // its profile; docs/embedding.md lists what counts. Errors: as generate().
  CacheKey key(const Request& request);
  std::vector<KeyField> explain_key(const Request& request);

  // What was counted and timed so far.
  Metrics metrics() const;

  // Waits until every pending store has committed or failed.
  void drain();

  std::string model_name() const;
  bool is_builtin_model() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v0
}  // namespace zimg
