// The options that say what is drawn, by which model and on what: those that `draw`, `key` and `bench` share.
//
// A plain value that the command-line parser fills.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "zimg/generator.hpp"
#include "zimg/request.hpp"

namespace zimg::app {

struct DrawingOptions {
  std::string negative_prompt;
  std::string size;
  std::optional<std::uint32_t> steps;
  std::optional<double> guidance;
  double guidance_normalization = 0;
  double guidance_truncation = 1;
  std::string schedule = "linear";
  std::string seed = "42";
  std::string match = "normalized";
  std::string name_space = "default";
  std::string synonyms;     // a file
  std::string secret_file;  // of name_space
  bool vae_tiling = false;

  std::string model;
  std::string dtype = "auto";
  std::string device = "auto";
  std::uint32_t threads = 0;
  std::string fingerprint = "portable";

  void add_to(Command command);

  // Errors: kInvalidArgument naming the option; kNotFound and kIo for the file with the secret.
  Request request(const std::string& prompt) const;
  NamespaceSecrets secrets() const;
  GeneratorOptions generator_options() const;
};

// The cache that a drawing may use, and what it may do with it.
struct CacheOptions {
  std::string url;
  bool encrypts = false;
  std::string preset;
  bool is_off = false;
  bool refreshes = false;
  bool is_only_if_cached = false;
  bool is_unstored = false;
  std::string ttl;
  double ttl_jitter = 0;
  std::string tag;
  bool pins = false;
  std::string keep = "lossless";
  bool is_required = false;
  std::string trace;  // a file; empty: nothing is taken down
  bool traces_prompts = false;
  std::vector<std::string> keywords;  // FILE[:ACTION]

  // `has_modes`: with --no-cache, --refresh and the like, which not every command can follow.
  void add_to(Command command, bool has_modes);

  // Lets the preset, if there is one, have its say about the namespace. Errors: kInvalidArgument.
  void apply_preset(DrawingOptions& drawing);

  // Errors: kInvalidArgument where --no-cache leaves one of `given`, the command line's options by name, without
  // effect.
  void refuse_idle(const std::vector<std::string>& given) const;

  // Errors of both: kInvalidArgument naming the option.
  void apply_to(Request& request) const;
  void apply_to(GeneratorOptions& options) const;

  // Never null: one that is there after this process. Errors: kInvalidArgument for none: and for memory: alone; those
  // of open_cache().
  std::shared_ptr<ICache> open_to_keep(const NamespaceSecrets& secrets) const;
  // Null also where there is to be none, or where it cannot be used: then a warning was written to stderr, for no cache
  // failure ever fails a request. Errors: kInvalidArgument for a URL that says nothing sensible; all others too where
  // the cache is required.
  std::shared_ptr<ICache> open_or_warn(const NamespaceSecrets& secrets) const;

 private:
  std::shared_ptr<ICache> open(const NamespaceSecrets& secrets) const;  // null where the URL names none

  CachePolicy policy_;
};

}  // namespace zimg::app
