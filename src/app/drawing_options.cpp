#include "app/drawing_options.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "app/cache_choice.hpp"
#include "app/choice.hpp"
#include "app/interrupt.hpp"
#include "app/messages.hpp"
#include "app/request_fields.hpp"
#include "app/secret_file.hpp"
#include "app/trace_file.hpp"
#include "base/drawing_limits.hpp"
#include "base/duration.hpp"
#include "base/namespace_name.hpp"
#include "zimg/error.hpp"
#include "zimg/policy.hpp"

namespace zimg::app {
namespace {

// A variable that is not set leaves nothing behind an option: that is no way to leave the option out.
constexpr OptionTraits kFilled{.is_filled = true};

constexpr std::uint32_t kMaxThreads = 1024;  // as GeneratorOptions have it
constexpr RealRange kGuidances{0, base::kMaxGuidance};

void add_request_options(Command command, DrawingOptions& options) {
  command.group("What is drawn");
  command.add("--negative", "TEXT", options.negative_prompt, "What to steer away from; needs --guidance above 0");
  command.add("--size", "WxH", options.size, "Width and height in pixels; the model's own if absent", kFilled);
  command.add("--steps", "N", options.steps, "Denoising steps, 1 to 1000; the model's own if absent",
              {1, base::kMaxSteps});
  command.add("--guidance", "G", options.guidance, "0 is off (Turbo); the usual \"CFG scale\" less 1", kGuidances);
  command.add("--guidance-normalization", "X", options.guidance_normalization,
              "Limits how much guidance may add; 0 is off", kGuidances);
  command.add("--guidance-truncation", "X", options.guidance_truncation,
              "No guidance at noise levels below 1 - X; 1: guidance at every step", RealRange{0, 1});
  command.add("--schedule", "NAME", options.schedule, "linear, legacy-zero-end or native", kFilled);
  command.add("--seed", "N", options.seed, "A number, or random for a fresh picture each time", kFilled);
  command.add("--match", "LEVEL", options.match, "How much spelling is folded away: exact, normalized or loose",
              kFilled);
  command.add("--synonyms", "FILE", options.synonyms,
              "Words that mean the same, for --match loose; see docs/caching.md", kFilled);
  command.add("--namespace", "NAME", options.name_space, "Pictures of two namespaces are never shared", kFilled);
  command.add("--secret-file", "FILE", options.secret_file,
              "A secret of --namespace, without which nobody can make its keys", kFilled);
  command.add_flag("--vae-tiling", options.vae_tiling, "Decode in overlapping tiles: less memory, other pixels");
}

void add_model_options(Command command, DrawingOptions& options) {
  command.group("The model and the machine");
  command.add("--model", "DIR", options.model, "A folder with a Z-Image model; the built-in model if absent",
              {.environment = "ZIMG_MODEL", .is_filled = true});
  command.add("--dtype", "TYPE", options.dtype, "auto, fp32, bf16 or fp16", kFilled);
  command.add("--device", "NAME", options.device, "auto, cpu or cuda",
              {.environment = "ZIMG_DEVICE", .is_filled = true});
  command.add("--threads", "N", options.threads, "CPU threads, at most 1024; 0 is one per core", {0, kMaxThreads});
  command.add("--fingerprint", "NAME", options.fingerprint, "portable, or strict: bit equality, but fewer hits",
              kFilled);
}

// "words.txt", "words.txt:no-store", "words.txt:refuse", "words.txt:tag=NAME". A path with a colon needs its action.
KeywordList keyword_list(const std::string& text) {
  constexpr std::string_view kTag = ":tag=";
  if (const std::size_t tag = text.find(kTag); tag != std::string::npos) {
    return {text.substr(0, tag), KeywordAction::kTag, text.substr(tag + kTag.size())};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return {text, KeywordAction::kNoStore, ""};
  const std::string path = text.substr(0, colon);
  const std::string action = text.substr(colon + 1);
  if (action == "no-store") return {path, KeywordAction::kNoStore, ""};
  if (action == "refuse") return {path, KeywordAction::kRefuse, ""};
  throw Error(ErrorCode::kInvalidArgument,
              "the action of --keywords is '" + action + "' where no-store, refuse or tag=NAME is expected");
}

}  // namespace

void DrawingOptions::add_to(Command command) {
  add_request_options(command, *this);
  add_model_options(command, *this);
}

Request DrawingOptions::request(const std::string& prompt) const {
  Request request;
  request.prompt = prompt;
  request.negative_prompt = negative_prompt;
  if (!size.empty()) set_size(request, "--size", size);
  request.steps = steps;
  request.guidance = guidance;
  request.guidance_normalization = guidance_normalization;
  request.guidance_truncation = guidance_truncation;
  request.schedule = app::schedule("--schedule", schedule);
  set_seed(request, "--seed", seed);
  request.match = match_level("--match", match);
  if (const auto problem = base::namespace_name_problem(name_space)) {
    throw Error(ErrorCode::kInvalidArgument, "--namespace " + *problem);
  }
  request.name_space = name_space;
  request.vae_tiling = vae_tiling;
  request.cancel = interrupt_token();
  return request;
}

NamespaceSecrets DrawingOptions::secrets() const {
  return secrets_of(name_space, secret_file);
}

GeneratorOptions DrawingOptions::generator_options() const {
  GeneratorOptions options;
  options.model = model;
  options.device = choose<Device>("--device (or ZIMG_DEVICE)", device,
                                  {{"auto", Device::kAuto}, {"cpu", Device::kCpu}, {"cuda", Device::kCuda}});
  options.precision = choose<Precision>(
      "--dtype", dtype,
      {{"auto", Precision::kAuto}, {"fp32", Precision::kFp32}, {"bf16", Precision::kBf16}, {"fp16", Precision::kFp16}});
  options.threads = threads;
  options.fingerprint = choose<Fingerprint>("--fingerprint", fingerprint,
                                            {{"portable", Fingerprint::kPortable}, {"strict", Fingerprint::kStrict}});
  options.synonyms = synonyms;
  options.namespace_secrets = secrets();
  return options;
}

void CacheOptions::add_to(Command command, bool has_modes) {
  command.group("The cache");
  command.add("--cache", "URL", url, std::string("lmdb:PATH?size=10GiB, memory: or none:; ") + kCachePlace,
              {.environment = "ZIMG_CACHE", .is_filled = true});
  command.add_flag("--encrypt", encrypts, "Encrypt the pictures of --namespace on disk under its --secret-file");
  command.add("--preset", "NAME", preset,
              "public-demo (shared, 24 h), personal (--namespace is the user), batch (no expiry), ab-test (60 s)",
              kFilled);
  if (has_modes) {
    command.add_flag("--no-cache", is_off, "Neither read nor write a cache");
    command.add_flag("--refresh", refreshes, "Draw, and replace what is in the cache");
    command.add_flag("--only-if-cached", is_only_if_cached, "Draw nothing: exit with 3 where it is not in the cache");
    command.add_flag("--no-store", is_unstored, "Read the cache, but do not keep what is drawn");
  }
  command.add("--ttl", "TIME", ttl,
              "How long it is kept: 60s, 90m, 24h, 7d; if absent, by the cache's rule, else until evicted", kFilled);
  command.add("--ttl-jitter", "X", ttl_jitter, "Up to this share of --ttl is taken off at random, 0 to less than 1");
  command.add("--tag", "TEXT", tag, "Kept beside the picture, for purging by it", kFilled);
  command.add_flag("--pin", pins, "The picture is never evicted for room");
  command.add("--keywords", "FILE", keywords,
              "Words, one a line, and what follows: FILE[:no-store], FILE:refuse or FILE:tag=NAME; repeatable");
  command.add("--keep", "WHAT", keep, "lossless (the PNG, all formats are made from it) or delivered (what is written)",
              kFilled);
  command.add_flag("--require-cache", is_required, "Fail where the cache cannot be opened");
  command.add("--trace", "FILE", trace, "Append what happens to each request, a JSON object a line, without prompts",
              kFilled);
  command.add_flag("--trace-prompts", traces_prompts, "Write prompts into the trace as well");
}

void CacheOptions::refuse_idle(const std::vector<std::string>& given) const {
  constexpr const char* kOfCaches[] = {"--require-cache", "--cache", "--encrypt", "--pin"};
  if (!is_off) return;
  for (const std::string& name : given) {
    if (std::find(std::begin(kOfCaches), std::end(kOfCaches), name) == std::end(kOfCaches)) continue;
    throw Error(ErrorCode::kInvalidArgument, "--no-cache and " + name + " contradict each other");
  }
}

void CacheOptions::apply_to(Request& request) const {
  if (is_off + refreshes + is_only_if_cached + is_unstored > 1) {
    throw Error(ErrorCode::kInvalidArgument,
                "at most one of --no-cache, --refresh, --only-if-cached and --no-store is expected");
  }
  if (is_off) request.mode = CacheMode::kBypass;
  if (refreshes) request.mode = CacheMode::kRefresh;
  if (is_only_if_cached) request.mode = CacheMode::kOnlyIfCached;
  if (is_unstored) request.mode = CacheMode::kNoStore;
  if (!ttl.empty()) request.ttl_ms = base::parse_duration_ms("--ttl", ttl);
  request.ttl_jitter = ttl_jitter;
  request.tag = tag;
  request.pin = pins;
}

void CacheOptions::apply_to(GeneratorOptions& options) const {
  if (traces_prompts && trace.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "--trace-prompts goes with --trace, into whose file it writes them");
  }
  if (!trace.empty()) {
    const auto file = std::make_shared<TraceFile>(trace);
    options.on_trace = [file](const TraceEvent& event) { file->add(event); };
  }
  options.trace_prompts = traces_prompts;
  for (const std::string& list : keywords) options.keywords.push_back(keyword_list(list));
  options.kept = choose<Kept>("--keep", keep, {{"lossless", Kept::kLossless}, {"delivered", Kept::kDelivered}});
}

void CacheOptions::apply_preset(DrawingOptions& drawing) {
  if (preset.empty()) return;
  const auto named = preset_named(preset);
  if (!named) {
    throw Error(ErrorCode::kInvalidArgument,
                "--preset is '" + preset + "' where public-demo, personal, batch or ab-test is expected");
  }
  const bool has_name = drawing.name_space != Request().name_space;
  if (has_name != (*named == Preset::kPersonal)) {
    throw Error(ErrorCode::kInvalidArgument, has_name
                                                 ? "--namespace goes without --preset " + preset
                                                 : std::string("--preset personal needs a user's name in --namespace"));
  }
  Request request;
  zimg::apply_preset(*named, has_name ? drawing.name_space : "", request, policy_);
  drawing.name_space = request.name_space;
}

std::shared_ptr<ICache> CacheOptions::open(const NamespaceSecrets& secrets) const {
  if (encrypts && secrets.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "--encrypt needs the secret of --namespace in --secret-file");
  }
  CachePolicy policy = policy_;
  policy.on_warning = warn;
  return naming_url(kCacheOption, [&] { return open_cache(encrypts ? encrypting(url) : url, policy, secrets); });
}

std::shared_ptr<ICache> CacheOptions::open_to_keep(const NamespaceSecrets& secrets) const {
  check_outlasting(url);
  return open(secrets);
}

std::shared_ptr<ICache> CacheOptions::open_or_warn(const NamespaceSecrets& secrets) const {
  if (is_off) return nullptr;
  try {
    auto cache = open(secrets);
    if (cache || !is_required) return cache;
    throw Error(ErrorCode::kInvalidArgument, "a cache is required and --cache is none:");
  } catch (const Error& error) {
    if (is_required || (error.code() == ErrorCode::kInvalidArgument && (encrypts || !url.empty()))) throw;
    const char* const rest = is_only_if_cached ? "; nothing is found without it" : "; drawing without a cache";
    warn(error.what() + std::string(rest));
    return nullptr;
  }
}

}  // namespace zimg::app
