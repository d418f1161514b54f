// What the tests of modes share: requests for one picture, asked until it is stored, and a look at what is kept.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "unit/generator/generator_fixture.hpp"

namespace zimg_test {

inline zimg::Request in_mode(zimg::CacheMode mode) {
  zimg::Request request = small_request("a red circle");
  request.mode = mode;
  return request;
}

inline zimg::Request as_jpeg(int quality = 90) {
  zimg::Request request = small_request("a red circle");
  request.format = zimg::ImageFormat::kJpeg;
  request.jpeg_quality = quality;
  return request;
}

struct ModesFixture : GeneratorFixture {
  std::string ask_once(zimg::Generator& generator, const zimg::Request& request) {
    const zimg::Result result = generator.generate(request);
    generator.drain();
    return outcome_name(result.report.outcome);
  }

  std::vector<zimg::EntryInfo> kept() const {
    std::vector<zimg::EntryInfo> all;
    cache->list([&](const zimg::CacheKey&, const zimg::EntryInfo& info, std::uint64_t) {
      all.push_back(info);
      return true;
    });
    return all;
  }

  std::ptrdiff_t count_pinned() const {
    const std::vector<zimg::EntryInfo> all = kept();
    return std::count_if(all.begin(), all.end(), [](const zimg::EntryInfo& info) { return info.is_pinned; });
  }
};

}  // namespace zimg_test
