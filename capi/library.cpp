#include "capi/guard.hpp"
#include "capi/options.hpp"
#include "capi/text.hpp"
#include "zimg/features.hpp"
#include "zimg/version.hpp"

using namespace zimg::capi;

static_assert(static_cast<int>(zimg::Feature::kEngine) == ZIMG_FEATURE_ENGINE);
static_assert(static_cast<int>(zimg::Feature::kSimplifiedChinese) == ZIMG_FEATURE_SIMPLIFIED_CHINESE);

uint32_t zimg_abi_version(void) {
  return ZIMG_ABI_MAJOR * 65536u + ZIMG_ABI_MINOR;
}

const char* zimg_version(void) {
  return zimg::version();
}

int zimg_has_feature(zimg_feature feature) {
  const bool is_one = feature >= ZIMG_FEATURE_ENGINE && feature <= ZIMG_FEATURE_SIMPLIFIED_CHINESE;
  return is_one && zimg::has_feature(static_cast<zimg::Feature>(feature)) ? 1 : 0;
}

zimg_status zimg_locate_engine(const zimg_options* options, zimg_text** out_path, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required_pointer(out_path, "out_path");
    *out_path = new_path(zimg::find_engine_module(alive(options) == nullptr ? "" : options->value.engine_path));
  });
}
