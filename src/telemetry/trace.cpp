#include "zimg/trace.hpp"

namespace zimg {
inline namespace v0 {

const char* trace_kind_name(TraceKind kind) noexcept {
  switch (kind) {
    case TraceKind::kHit:
      return "hit";
    case TraceKind::kMiss:
      return "miss";
    case TraceKind::kJoined:
      return "joined";
    case TraceKind::kBypassed:
      return "bypassed";
    case TraceKind::kFailed:
      return "failed";
    case TraceKind::kExpired:
      return "expired";
    case TraceKind::kInvalidated:
      return "invalidated";
    case TraceKind::kFiltered:
      return "filtered";
    case TraceKind::kEvicted:
      return "evicted";
    case TraceKind::kCorrupt:
      return "corrupt";
  }
  return "unknown";
}

}  // namespace v0
}  // namespace zimg
