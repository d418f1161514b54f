#include <chrono>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <utility>

#include "generator/generator_impl.hpp"
#include "key/picture_key.hpp"
#include "telemetry/stopwatch.hpp"
#include "zimg/error.hpp"

namespace zimg {
inline namespace v0 {
namespace {

std::uint32_t fresh_seed() {
  static thread_local std::random_device entropy;
  return entropy();
}

std::optional<key::Synonyms> synonyms_of(const GeneratorOptions& options) {
  if (options.synonyms.empty()) return std::nullopt;
  return key::Synonyms::read(options.synonyms);
}

const std::map<std::string, Bytes>& checked_secrets(const GeneratorOptions& options) {
  for (const auto& [name_space, secret] : options.namespace_secrets) {
    if (secret.empty()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "the secret of the namespace '" + name_space + "' is empty; at least one octet is expected");
    }
  }
  return options.namespace_secrets;
}

}  // namespace

Generator::Impl::Impl(const GeneratorOptions& options, std::shared_ptr<ICache> cache)
    : cache_(std::move(cache)),
      drawer_(options),
      synonyms_(synonyms_of(options)),
      secrets_(checked_secrets(options)),
      stores_(1, options.pending_stores),
      drawings_(options.drawings_at_once, 0) {}

Generator::Impl::~Impl() {
  const std::unique_lock no_call_is_left(calls_);
}

key::CanonicalRequest Generator::Impl::canonicalize(const Request& asked) const {
  const key::Synonyms* synonyms = synonyms_ ? &*synonyms_ : nullptr;
  if (!asked.random_seed) return key::canonicalize(asked, drawer_.facts(), synonyms);
  Request seeded = asked;
  seeded.seed = fresh_seed();
  return key::canonicalize(seeded, drawer_.facts(), synonyms);
}

const Bytes* Generator::Impl::secret_of(const std::string& name_space) const {
  const auto found = secrets_.find(name_space);
  return found == secrets_.end() ? nullptr : &found->second;
}

Generator::Impl::Passage Generator::Impl::enter(const Request& asked) {
  double canonicalize_ms = 0;
  std::optional<Passage> passage;
  {
    const telemetry::Stopwatch watch(canonicalize_ms);
    key::CanonicalRequest canonical = canonicalize(asked);
    key::DrawerIdentity identity = drawer_.identity(asked.cancel);
    Report report(key::picture_key(canonical, identity, secret_of(canonical.name_space)));
    report.folded = canonical.folded;
    report.seed = canonical.order.seed;
    report.steps = canonical.steps;
    report.guidance = static_cast<double>(canonical.order.guidance);
    report.model = drawer_.model_name();
    report.name_space = canonical.name_space;
    passage.emplace(Passage{asked, std::move(canonical), std::move(identity), std::move(report)});
  }
  passage->report.times_ms.canonicalize = canonicalize_ms;
  return std::move(*passage);
}

Result Generator::Impl::generate(const Request& asked) {
  const std::shared_lock call(calls_);
  const auto start = std::chrono::steady_clock::now();
  if (asked.cancel.is_cancelled()) throw Error(ErrorCode::kCancelled, "the request was cancelled before it began");
  Passage passage = enter(asked);
  std::optional<Result> result;
  while (!result) {
    const std::uint64_t ended = flights_.ended();
    result = look_up(passage);
    if (!result) result = draw(passage, ended);
  }
  result->report.times_ms.total = telemetry::milliseconds_since(start);
  return std::move(*result);
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

void Generator::Impl::drain() {
  const std::shared_lock call(calls_);
  stores_.drain();
}

}  // namespace v0
}  // namespace zimg
