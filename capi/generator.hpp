// zimg_generator: shares its Generator with the calls in flight and with jobs, so that handles may go in any order.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "capi/handle.hpp"
#include "zimg/generator.hpp"
#include "zimg/zimg.h"

namespace zimg::capi {

class Core;
using SharedCore = std::shared_ptr<Core>;

// A Generator whose callbacks run in a scope that names this as their owner. Thread-safe, as it is.
class Core {
 public:
  // The last pointer to it, wherever it goes, ends the Generator outside of callbacks, for which it would wait.
  static SharedCore make(const GeneratorOptions& options, std::shared_ptr<ICache> cache);

  // Errors: those of Generator; kInvalidArgument in a callback of this generator, which they would wait for.
  Result generate(const Request& request);
  CacheKey key(const Request& request);
  std::vector<KeyField> explain_key(const Request& request);
  void drain();

  // Errors: kInvalidArgument in a callback of this generator; `doing` says what is not to be done there.
  void refuse_in_callback(const char* doing) const;

  // For what waits for nothing, and what refuses by itself.
  Generator& generator() noexcept { return *generator_; }
  const std::string& model_name() const noexcept { return model_name_; }
  bool is_builtin_model() const noexcept { return is_builtin_model_; }

 private:
  Core() = default;

  std::unique_ptr<Generator> generator_;
  // Asked once: a forked child may still ask for them.
  std::string model_name_;
  bool is_builtin_model_ = false;
};

}  // namespace zimg::capi

struct zimg_generator : zimg::capi::Handle<zimg_generator> {
  explicit zimg_generator(zimg::capi::SharedCore its_core) : core(std::move(its_core)) {}
  const zimg::capi::SharedCore core;
};
