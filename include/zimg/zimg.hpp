// zimg draws a picture from a prompt with Z-Image-Turbo and never draws the same picture twice. This header includes
// all.
#pragma once

#include "zimg/article_key.hpp"
#include "zimg/bundle.hpp"
#include "zimg/bytes.hpp"
#include "zimg/cache.hpp"
#include "zimg/cache_key.hpp"
#include "zimg/error.hpp"
#include "zimg/features.hpp"
#include "zimg/generator.hpp"
#include "zimg/image.hpp"
#include "zimg/image_format.hpp"
#include "zimg/keywords.hpp"
#include "zimg/model.hpp"
#include "zimg/pipeline.hpp"
#include "zimg/policy.hpp"
#include "zimg/prewarm.hpp"
#include "zimg/request.hpp"
#include "zimg/result.hpp"
#include "zimg/store_maintenance.hpp"
#include "zimg/trace.hpp"
#include "zimg/version.hpp"
