// What a Generator holds, and the steps of one request: look up, join or lead a flight, draw, remember, deliver.
#pragma once

#include <unistd.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "filter/keyword_filter.hpp"
#include "generator/cache_plan.hpp"
#include "generator/drawer.hpp"
#include "generator/drawing.hpp"
#include "generator/drawing_pace.hpp"
#include "generator/flight_table.hpp"
#include "generator/tracer.hpp"
#include "generator/waiting_room.hpp"
#include "generator/work_queue.hpp"
#include "key/canonical_request.hpp"
#include "key/synonyms.hpp"
#include "zimg/error.hpp"
#include "zimg/generator.hpp"

namespace zimg {
inline namespace v0 {

// Hidden, because a nested class would otherwise be exported with the class around it.
class __attribute__((visibility("hidden"))) Generator::Impl {
 public:
  Impl(const GeneratorOptions& options, std::shared_ptr<ICache> cache);
  ~Impl();

  Result generate(const Request& asked);
  CacheKey key(const Request& asked);
  std::vector<KeyField> explain_key(const Request& asked);
  void drain();

  Metrics metrics() const { return tracer_.counters.snapshot(); }
  std::string model_name() const { return drawer_.model_name(); }
  bool is_builtin_model() const { return drawer_.is_builtin(); }
  bool is_in_forked_child() const { return ::getpid() != owner_; }

 private:
  // One request on its way: what it came to, and what is known of it so far.
  struct Passage {
    const Request& asked;
    generator::CachePlan plan;
    key::CanonicalRequest canonical;
    key::DrawerIdentity drawer;
    Report report;
    double saved_ms = 0;  // what drawing a hit again would have taken
    // It waited for a drawing of another process, so what is found now is what it waited for.
    bool has_landed_elsewhere = false;
  };

  // What a flight needs to know of the request that opened it.
  struct Course {
    key::CanonicalRequest canonical;
    key::DrawerIdentity drawer;
    CacheKey key;
    ImageFormat format;
    int jpeg_quality;
    bool is_shared;  // stands in the flight table
    bool claims;     // other processes are asked whether they draw it
    bool misses;     // the cache was looked into
  };

  key::CanonicalRequest canonicalize(const Request& asked) const;
  const Bytes* secret_of(const std::string& name_space) const;  // null where there is none
  Passage enter(const Request& asked);

  Result answer(Passage& passage);
  void trace_answer(const Passage& passage, const Result& result);
  void touch(const Passage& passage);
  void count_miss(const CacheKey& picture, ImageFormat format, int jpeg_quality);
  void trace_failure(const Passage& passage, const Error& error);

  // lookup.cpp: the answer from the cache, if there is one.
  std::optional<Result> look_up(Passage& passage);
  std::optional<Result> answer_from(const CacheKey& key, ImageFormat format, Passage& passage);
  std::optional<CacheEntry> find(const CacheKey& key, Passage& passage);
  void pin_found(const CacheKey& key, const CacheEntry& entry, Passage& passage);
  void pin_joined(Passage& passage, const generator::Drawing& drawing);
  void forget(const CacheKey& key, Passage& passage, const std::string& why);

  // draw.cpp: the answer by drawing, alone or together with equal requests; none if the picture was drawn elsewhere and
  // now stands in the cache. `ended_before` is for FlightTable::board().
  std::optional<Result> draw(Passage& passage, std::uint64_t ended_before);
  std::optional<Result> look_again(Passage& passage, generator::Flight& flight, const Course& course);
  void start(const std::shared_ptr<generator::Flight>& flight, std::shared_ptr<const Course> course) noexcept;
  static bool is_kept_as_asked(const Passage& passage, const generator::Drawing& drawing);
  Result arrive(Passage& passage, const generator::Drawing& drawing, bool leads, double waited_ms);
  void fly(const std::shared_ptr<generator::Flight>& flight, const Course& course, std::shared_ptr<void> hold);
  void keep(const Course& course, const generator::StoreWish& wish, generator::Drawing& drawing,
            std::function<void()> afterwards);
  void ground(generator::Flight& flight, const Course& course) noexcept;
  // On a thread of our own, where nobody else catches: what goes wrong ends the flight, not the host.
  template <class Step>
  void run_step(generator::Flight& flight, const Course& course, const Step& step) noexcept {
    try {
      step();
    } catch (...) {
      ground(flight, course);
    }
  }
  std::shared_ptr<generator::Drawing> draw_and_encode(const key::CanonicalRequest& canonical,
                                                      generator::Flight& flight);

  // claim.cpp: one drawing among the processes that share the cache.
  void take_off(const std::shared_ptr<generator::Flight>& flight, const std::shared_ptr<const Course>& course);
  void wait_elsewhere(const std::shared_ptr<generator::Flight>& flight, const std::shared_ptr<const Course>& course);
  void land_elsewhere(generator::Flight& flight, const Course& course);
  void give_up(generator::Flight& flight, const Course& course);
  DrawingClaim claim(const CacheKey& key);
  bool is_in_cache(const CacheKey& key, ImageFormat format, int jpeg_quality);
  std::chrono::steady_clock::duration patience(const Course& course);

  // remember.cpp: into the cache, after the answer. Throws nothing: what goes wrong is the state's note.
  std::string store(const CacheKey& key, const CacheEntry& entry) noexcept;
  // The entry that another one of the same picture must not outlive.
  struct Origin {
    CacheKey key;
    SharedBytes payload;
    std::shared_ptr<StoreState> state = {};  // of its store before this one; null where it was found in the cache
  };
  struct Keeping {
    CacheKey key;
    CacheEntry entry;
    key::DrawerIdentity drawer;              // that `key` was made with
    std::optional<CacheKey> refreshed = {};  // the picture of which all that is kept gives way to this
    std::optional<Origin> origin = {};       // not kept without it
  };
  // `afterwards` runs in any case, on the storing thread or on this one.
  void remember(Keeping keeping, const std::shared_ptr<StoreState>& state, std::function<void()> afterwards) noexcept;
  void store_in_turn(const Keeping& keeping, StoreState& state) noexcept;
  void leave_out(StoreState& state, std::string note) noexcept;
  bool give_way(const Keeping& keeping);
  void tell_refreshed(const CacheKey& key, const Keeping& keeping) noexcept;
  bool is_outlived(const Origin& origin, const std::optional<CacheEntry>& standing);
  void store_beside(const Keeping& keeping, StoreState& state);

  // deliver.cpp: the format that was asked for, with parameters when asked for.
  Result deliver(Passage& passage, const CacheEntry& png, Origin origin);
  Result deliver_beside(Passage& passage, const CacheEntry& png, Origin origin);
  static Origin origin_of(const CacheKey& picture, const generator::Drawing& drawing);  // what is kept of it
  static CacheKey entry_key(const CacheKey& picture, ImageFormat format, int jpeg_quality);
  CacheKey kept_key(const CacheKey& picture, ImageFormat format, int jpeg_quality) const;  // of what is stored of it
  Result finish(Passage& passage, const CacheEntry& entry, ImageFormat format);

  const pid_t owner_ = ::getpid();
  generator::Tracer tracer_;
  std::string cache_warning_;  // why there is no cache although there was to be one
  const std::shared_ptr<ICache> cache_;
  const Kept kept_;
  const std::chrono::milliseconds patience_;
  std::shared_mutex calls_;  // shared by every call; the destructor waits until it has it for itself
  const filter::KeywordFilter keywords_;
  generator::Drawer drawer_;
  const std::optional<key::Synonyms> synonyms_;
  const std::map<std::string, Bytes> secrets_;  // by namespace
  generator::FlightTable flights_;
  generator::WorkQueue stores_;  // outlives the drawings, which post into it
  generator::WaitingRoom elsewhere_;
  generator::DrawingPace pace_;
  generator::WorkQueue drawings_;
};

}  // namespace v0
}  // namespace zimg
