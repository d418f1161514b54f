// What the C API adds to a hit: the same picture of 20 kB asked for through C and through C++ by turns, from memory and
// from a store. Prints a table; see docs/performance.md.
//
//   bench_capi_hit [rounds]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/noise_pipeline.hpp"
#include "bench/times.hpp"
#include "temporary_folder.hpp"
#include "zimg/generator.hpp"
#include "zimg/zimg.h"

namespace {

using namespace zimg_bench;

constexpr std::uint32_t kSide = 128;
constexpr unsigned kLevels = 4;

void must(zimg_status status) {
  if (status != ZIMG_STATUS_OK) throw std::runtime_error(zimg_status_name(status));
}

class CxxSide {
 public:
  CxxSide(const zimg::GeneratorOptions& options, const std::string& cache_url)
      : generator_(options, zimg::open_cache(cache_url)), request_(noise_request(kSide, 1)) {
    generator_.generate(request_);
    generator_.drain();
  }
  std::size_t ask() {
    const zimg::Result result = generator_.generate(request_);
    if (!result.report.is_hit()) throw std::runtime_error("C++: no hit");
    return result.bytes->size();
  }

 private:
  zimg::Generator generator_;
  zimg::Request request_;
};

// The same in C.
class CSide {
 public:
  CSide(const zimg::GeneratorOptions& like, const std::string& cache_url) {
    const zimg_pipeline_vtable pipeline = {sizeof(zimg_pipeline_vtable), &draw, nullptr};
    zimg_options* options = nullptr;
    must(zimg_options_create(&options, nullptr));
    must(zimg_options_set_model(options, like.model.data(), like.model.size(), nullptr));
    must(zimg_options_set_pipeline(options, &pipeline, &noise_, like.pipeline_identity.data(),
                                   like.pipeline_identity.size(), nullptr));
    zimg_cache* cache = nullptr;
    must(zimg_cache_open(cache_url.data(), cache_url.size(), nullptr, &cache, nullptr));
    must(zimg_generator_create(options, cache, &generator_, nullptr));
    zimg_cache_destroy(cache);
    zimg_options_destroy(options);
    const zimg::Request request = noise_request(kSide, 1);
    must(zimg_request_create(&request_, nullptr));
    must(zimg_request_set_prompt(request_, request.prompt.data(), request.prompt.size(), nullptr));
    must(zimg_request_set_size(request_, kSide, kSide, nullptr));
    must(zimg_request_set_steps(request_, 1, nullptr));
    must(zimg_request_set_seed(request_, 1, nullptr));
    zimg_result* result = nullptr;
    must(zimg_generator_generate(generator_, request_, &result, nullptr));
    zimg_result_destroy(result);
    must(zimg_generator_drain(generator_, nullptr));
  }
  ~CSide() {
    zimg_request_destroy(request_);
    zimg_generator_destroy(generator_);
  }
  CSide(const CSide&) = delete;
  CSide& operator=(const CSide&) = delete;

  std::size_t ask() {
    zimg_result* result = nullptr;
    must(zimg_generator_generate(generator_, request_, &result, nullptr));
    if (zimg_report_is_hit(zimg_result_report(result)) == 0) throw std::runtime_error("C: no hit");
    std::size_t size = 0;
    zimg_result_bytes(result, &size);
    zimg_result_destroy(result);
    return size;
  }

 private:
  static zimg_status draw(void* noise, const zimg_drawing* drawing, zimg_picture* out_picture, zimg_error** out_error) {
    const zimg::Picture picture = static_cast<const NoisePipeline*>(noise)->picture(
        zimg_drawing_width(drawing), zimg_drawing_height(drawing), zimg_drawing_seed(drawing));
    return zimg_picture_set_rgb(out_picture, picture.width, picture.height, picture.rgb.data(), picture.rgb.size(),
                                out_error);
  }

  NoisePipeline noise_{kLevels};  // outlives the generator
  zimg_generator* generator_ = nullptr;
  zimg_request* request_ = nullptr;
};

void compare(const std::string& what, const std::string& cxx_url, const std::string& c_url, int rounds) {
  const zimg::GeneratorOptions options = noise_options(kLevels);
  CxxSide cxx(options, cxx_url);
  CSide c(options, c_url);
  const std::size_t bytes = cxx.ask();
  if (c.ask() != bytes) throw std::runtime_error("C and C++ deliver two pictures");
  Times in_cxx, in_c;
  for (int i = 0; i < rounds; ++i) {
    auto start = Clock::now();
    cxx.ask();
    in_cxx.add(microseconds_since(start));
    start = Clock::now();
    c.ask();
    in_c.add(microseconds_since(start));
  }
  print((what + ", C++").c_str(), bytes, in_cxx);
  print((what + ", C").c_str(), bytes, in_c);
  std::printf("C adds %+.2f us to the median, %+.2f us to the 99th of a hundred\n", in_c.p50() - in_cxx.p50(),
              in_c.p99() - in_cxx.p99());
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20000;
  if (rounds < 1) {
    std::fprintf(stderr, "the number of rounds is '%s' where a whole number above 0 is expected\n", argv[1]);
    return 2;
  }
  try {
    const zimg_test::TemporaryFolder folder;
    compare("from memory", "memory:?size=64MiB", "memory:?size=64MiB", rounds);
    compare("from a store", "lmdb:" + folder.path("cxx") + "?size=64MiB", "lmdb:" + folder.path("c") + "?size=64MiB",
            rounds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_capi_hit: %s\n", error.what());
    return 1;
  }
  return 0;
}
