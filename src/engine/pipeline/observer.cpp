// The destructors of the interfaces that the engine holds its own copy of: it does not link libzimg.
#include "zimg/pipeline.hpp"

namespace zimg {
inline namespace v0 {

IDrawingObserver::~IDrawingObserver() = default;
IPipeline::~IPipeline() = default;

}  // namespace v0
}  // namespace zimg
