#include <chrono>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <utility>

#include "base/namespace_secrets.hpp"
#include "base/random_bits.hpp"
#include "generator/generator_impl.hpp"
#include "key/picture_key.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"
#include "zimg/policy.hpp"

namespace zimg {
inline namespace v0 {
namespace {

std::optional<key::Synonyms> synonyms_of(const GeneratorOptions& options) {
  if (options.synonyms.empty()) return std::nullopt;
  return key::Synonyms::read(options.synonyms);
}

const std::map<std::string, Bytes>& checked_secrets(const GeneratorOptions& options) {
  base::check_namespace_secrets(options.namespace_secrets);
  return options.namespace_secrets;
}

Kept checked(Kept kept) {
  if (kept == Kept::kLossless || kept == Kept::kDelivered) return kept;
  throw Error(ErrorCode::kInvalidArgument, "what is kept is " + std::to_string(static_cast<int>(kept)) +
                                               "; 0 (lossless) or 1 (delivered) is expected");
}

// The cache that the options name, if any; null with a warning where it cannot be opened and need not be.
std::shared_ptr<ICache> open_named(const GeneratorOptions& options, std::string& warning) {
  if (!options.cache_url) {
    if (!options.requires_cache) return nullptr;
    throw Error(ErrorCode::kInvalidArgument, "a cache is required and none is handed over or named");
  }
  try {
    auto opened = open_cache(*options.cache_url, CachePolicy{}, options.namespace_secrets);
    if (opened || !options.requires_cache) return opened;
    throw Error(ErrorCode::kInvalidArgument, "a cache is required and its URL names none");
  } catch (const Error& error) {
    if (options.requires_cache || error.code() == ErrorCode::kInvalidArgument) throw;
    warning = std::string("the cache could not be opened, so the picture was drawn without it: ") + error.what();
    return nullptr;
  }
}

// Of a picture that was to come from the cache. A cache that failed is named as the reason.
Error absence(const Report& report) {
  std::string sentence = "the picture " + report.key.hex() + " is not in the cache, and it was not to be drawn";
  for (const std::string& warning : report.warnings) sentence += "; " + warning;
  return {ErrorCode::kNotFound, sentence};
}

}  // namespace

Generator::Impl::Impl(const GeneratorOptions& options, std::shared_ptr<ICache> cache)
    : tracer_(options),
      cache_(cache ? std::move(cache) : open_named(options, cache_warning_)),
      kept_(checked(options.kept)),
      patience_(options.patience_ms),
      keywords_(options.keywords),
      drawer_(options),
      synonyms_(synonyms_of(options)),
      secrets_(checked_secrets(options)),
      stores_(1, options.pending_stores),
      drawings_(options.drawings_at_once, 0) {}

Generator::Impl::~Impl() {
  const std::unique_lock no_call_is_left(calls_);
  elsewhere_.close();  // before the drawings, which it posts and which may still send somebody there
}

key::CanonicalRequest Generator::Impl::canonicalize(const Request& asked) const {
  const key::Synonyms* synonyms = synonyms_ ? &*synonyms_ : nullptr;
  if (!asked.random_seed) return key::canonicalize(asked, drawer_.facts(), synonyms);
  Request seeded = asked;
  seeded.seed = base::random_bits();
  return key::canonicalize(seeded, drawer_.facts(), synonyms);
}

const Bytes* Generator::Impl::secret_of(const std::string& name_space) const {
  const auto found = secrets_.find(name_space);
  return found == secrets_.end() ? nullptr : &found->second;
}

Generator::Impl::Passage Generator::Impl::enter(const Request& asked) {
  double canonicalize_ms = 0;
  generator::CachePlan plan = generator::plan_of(asked, cache_ != nullptr);
  std::optional<Passage> passage;
  {
    const telemetry::Stopwatch watch(canonicalize_ms);
    key::CanonicalRequest canonical = canonicalize(asked);
    const filter::Verdict verdict = keywords_.judge(canonical.order.prompt);
    generator::heed(verdict, plan);
    key::DrawerIdentity identity = drawer_.identity(asked.cancel, plan.draws);
    Report report(key::picture_key(canonical, identity, secret_of(canonical.name_space)));
    report.folded = canonical.folded;
    report.is_filtered = verdict.is_caught;
    report.tags = verdict.tags;
    report.seed = canonical.order.seed;
    report.steps = canonical.steps;
    report.guidance = static_cast<double>(canonical.order.guidance);
    report.model = drawer_.model_name();
    report.name_space = canonical.name_space;
    if (!cache_warning_.empty()) report.warnings.push_back(cache_warning_);
    passage.emplace(Passage{asked, std::move(plan), std::move(canonical), std::move(identity), std::move(report)});
  }
  passage->report.times_ms.canonicalize = canonicalize_ms;
  return std::move(*passage);
}

Result Generator::Impl::generate(const Request& asked) {
  const std::shared_lock call(calls_);
  const auto start = std::chrono::steady_clock::now();
  std::optional<Passage> passage;
  try {
    if (asked.cancel.is_cancelled()) throw Error(ErrorCode::kCancelled, "the request was cancelled before it began");
    passage.emplace(enter(asked));
    if (const Report& report = passage->report; report.is_filtered) {
      tracer_.tell(TraceKind::kFiltered, report.key, report.name_space, passage->plan.tag.empty() ? "no-store" : "tag");
    }
    Result result = answer(*passage);
    result.report.times_ms.total = telemetry::milliseconds_since(start);
    trace_answer(*passage, result);
    return result;
  } catch (const Error& error) {
    if (passage) {
      passage->report.times_ms.total = telemetry::milliseconds_since(start);
      trace_failure(*passage, error);
    } else {
      tracer_.fail(error_code_name(error.code()));
    }
    throw;
  } catch (const std::bad_alloc&) {
    tracer_.fail(error_code_name(ErrorCode::kOutOfMemory));
    throw;
  } catch (...) {  // what a progress callback threw is passed on as it is
    tracer_.fail("a callback's own");
    throw;
  }
}

Result Generator::Impl::answer(Passage& passage) {
  for (;;) {
    const std::uint64_t ended = flights_.ended(passage.report.key);
    if (auto found = look_up(passage)) return std::move(*found);
    if (!passage.plan.draws) throw absence(passage.report);
    if (auto drawn = draw(passage, ended)) return std::move(*drawn);
  }
}

CacheKey Generator::Impl::key(const Request& asked) {
  const std::shared_lock call(calls_);
  return enter(asked).report.key;
}

std::vector<KeyField> Generator::Impl::explain_key(const Request& asked) {
  const std::shared_lock call(calls_);
  const Passage passage = enter(asked);
  return key::explain(passage.canonical, passage.drawer, asked);
}

// One that joined a drawing neither hit nor missed, and wanted the picture all the same.
void Generator::Impl::touch(const Passage& passage) {
  if (!passage.plan.reads) return;
  try {
    cache_->touch(kept_key(passage.report.key, passage.asked.format, passage.asked.jpeg_quality));
  } catch (...) {  // a cache that fails has told so when it was looked into
  }
}

void Generator::Impl::trace_answer(const Passage& passage, const Result& result) {
  const std::string& prompt = passage.canonical.order.prompt;
  const double total_ms = result.report.times_ms.total;
  telemetry::RequestCounters& counters = tracer_.counters;
  switch (result.report.outcome) {
    case Outcome::kHit:
      counters.hit_ms.record(total_ms);
      counters.count_hit(result.bytes->size(), passage.saved_ms);
      return tracer_.answer(TraceKind::kHit, result.report, result.report.converted ? "converted" : "", prompt);
    case Outcome::kJoined:
      counters.joined_ms.record(total_ms);
      touch(passage);
      return tracer_.answer(TraceKind::kJoined, result.report, "", prompt);
    case Outcome::kDrawn:
      break;
  }
  if (passage.plan.reads) counters.miss_ms.record(total_ms);
  const TraceKind kind = passage.plan.reads ? TraceKind::kMiss : TraceKind::kBypassed;
  tracer_.answer(kind, result.report, passage.plan.unread, prompt);
}

void Generator::Impl::trace_failure(const Passage& passage, const Error& error) {
  const bool was_missed = passage.plan.reads && !passage.plan.draws && error.code() == ErrorCode::kNotFound;
  if (was_missed) count_miss(passage.report.key, passage.asked.format, passage.asked.jpeg_quality);
  tracer_.answer(was_missed ? TraceKind::kMiss : TraceKind::kFailed, passage.report,
                 was_missed ? "only if cached" : error_code_name(error.code()), passage.canonical.order.prompt);
}

void Generator::Impl::drain() {
  const std::shared_lock call(calls_);
  stores_.drain();
}

}  // namespace v0
}  // namespace zimg
