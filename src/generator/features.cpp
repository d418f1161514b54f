#include "zimg/features.hpp"

#include <string_view>

#include "filter/traditional_chinese.hpp"
#include "generator/engine_module.hpp"
#include "generator/torch_release.hpp"

namespace zimg {
inline namespace v0 {

bool has_feature(Feature feature) noexcept {
  switch (feature) {
    case Feature::kEngine:
      return std::string_view(generator::kBuiltWithTorch) != "none";
    case Feature::kSimplifiedChinese:
      return filter::simplified(U'\u7d05') == U'\u7ea2';  // red
  }
  return false;
}

std::string find_engine_module(const std::string& engine_path) {
  return generator::locate_engine(engine_path, "").module_path;
}

}  // namespace v0
}  // namespace zimg
