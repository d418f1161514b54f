#include <initializer_list>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "zimg/trace.hpp"

namespace zimg {
inline namespace v0 {

std::string trace_json(const TraceEvent& event) {
  base::Json json{{"event", trace_kind_name(event.kind)}, {"at_ms", event.at_ms}};
  if (!event.key_prefix.empty()) json["key"] = event.key_prefix;
  if (!event.name_space.empty()) json["namespace"] = event.name_space;
  if (!event.reason.empty()) json["reason"] = event.reason;
  if (!event.prompt.empty()) json["prompt"] = event.prompt;
  const StageTimes& times = event.times_ms;
  for (const auto& [stage, ms] :
       std::initializer_list<std::pair<const char*, double>>{{"canonicalize", times.canonicalize},
                                                             {"lookup", times.lookup},
                                                             {"wait", times.wait},
                                                             {"load", times.load},
                                                             {"encode_text", times.encode_text},
                                                             {"denoise", times.denoise},
                                                             {"decode", times.decode},
                                                             {"encode_image", times.encode_image},
                                                             {"total", times.total}}) {
    if (ms > 0) json["times_ms"][stage] = ms;
  }
  return base::dump(json);
}

}  // namespace v0
}  // namespace zimg
