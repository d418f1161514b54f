// A Tracer counts what happens to requests and tells it to the callback of GeneratorOptions.
//
// Thread-safe. Throws nothing: what the callback throws is lost.
#pragma once

#include <string>
#include <vector>

#include "telemetry/cache_notes.hpp"
#include "telemetry/request_counters.hpp"
#include "zimg/generator.hpp"
#include "zimg/trace.hpp"

namespace zimg::generator {

class Tracer {
 public:
  explicit Tracer(const GeneratorOptions& options)
      : on_trace_(options.on_trace), tells_prompts_(options.trace_prompts) {}

  // Something happened to a request or to the entry `key`.
  void tell(TraceKind kind, const CacheKey& key, const std::string& name_space,
            const std::string& reason = "") noexcept;
  // A request was answered. `prompt` is the canonical one.
  void answer(TraceKind kind, const Report& report, const std::string& reason, const std::string& prompt) noexcept;
  // A request failed before it had a key.
  void fail(const std::string& reason) noexcept;

  // Hears what a cache tells while it serves this thread, and passes it on when it goes: callbacks then find the cache
  // unlocked.
  class Listening final : private telemetry::ICacheNoteListener {
   public:
    // `name_space` is the asking request's, and outlives this.
    Listening(Tracer& tracer, const std::string& name_space) : tracer_(tracer), name_space_(name_space), scope_(this) {}

    ~Listening();

   private:
    void on_note(telemetry::CacheNote note, const CacheKey& key, const std::string& name_space) noexcept override;

    struct Note {
      TraceKind kind;
      CacheKey key;
      std::string name_space;
    };

    Tracer& tracer_;
    const std::string& name_space_;
    std::vector<Note> notes_;
    const telemetry::CacheNoteScope scope_;
  };

  telemetry::RequestCounters counters;

 private:
  void send(const TraceEvent& event) noexcept;

  const TraceCallback on_trace_;
  const bool tells_prompts_;
};

}  // namespace zimg::generator
