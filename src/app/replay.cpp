#include "app/replay.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <tuple>
#include <unordered_map>

#include "app/interrupt.hpp"
#include "app/request_list.hpp"
#include "base/file.hpp"
#include "zimg/error.hpp"

namespace zimg::app {
namespace {

constexpr std::uint64_t kLargestTrace = std::uint64_t{256} << 20;    // bytes of the file
constexpr std::uint64_t kLargestPicture = std::uint64_t{256} << 20;  // bytes
constexpr double kOneTimeShare = 0.1;
constexpr double kDriftShare = 0.005;

// The same numbers on every machine, which the standard library's distributions do not promise.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  double share() { return static_cast<double>(random_() >> 11) / 9007199254740992.0; }

 private:
  std::mt19937_64 random_;
};

// Smaller than real pictures by a factor, so that a replay in memory takes little of it.
ReplayTrace::Picture chance_picture(Chance& chance) {
  constexpr double kSides[] = {256, 512, 768, 1024, 1280};
  constexpr double kSteps[] = {4, 8, 8, 8, 20, 50};
  constexpr double kBytesPerMegapixel = 1.5e6 / 16;
  constexpr double kMsPerMegapixel = 1800;  // with 8 steps
  const double megapixels = kSides[chance.below(5)] * kSides[chance.below(5)] / 1048576;
  const double steps = kSteps[chance.below(6)];
  const double roughness = std::exp2(2 * chance.share() - 1);  // how well the PNG compresses
  return {static_cast<std::uint64_t>(megapixels * kBytesPerMegapixel * roughness),
          100 + megapixels * kMsPerMegapixel * steps / 8};
}

CacheKey key_of(std::uint64_t number) {
  CacheKey::Digest digest{};
  std::mt19937_64 random(number);
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(random() >> 56);
  return CacheKey(digest);
}

std::uint64_t number_of(const std::string& text, const std::string& place) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || number > kLargestPicture) {
    throw Error(ErrorCode::kInvalidArgument,
                place + ": '" + text + "' is no whole number up to " + std::to_string(kLargestPicture));
  }
  return number;
}

}  // namespace

std::uint64_t ReplayTrace::bytes_of_all() const {
  return std::accumulate(pictures.begin(), pictures.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Picture& picture) { return sum + picture.bytes; });
}

ReplayTrace make_zipf_trace(std::uint32_t pictures, std::uint32_t requests, double exponent, std::uint32_t seed) {
  Chance chance(seed);
  ReplayTrace trace;
  std::vector<double> up_to(pictures);
  double sum = 0;
  for (std::uint32_t i = 0; i < pictures; ++i) {
    trace.pictures.push_back(chance_picture(chance));
    sum += std::pow(i + 1.0, -exponent);
    up_to[i] = sum;
  }
  std::vector<std::uint32_t> ranked(pictures);  // from the most popular on
  std::iota(ranked.begin(), ranked.end(), 0u);
  for (std::uint32_t i = 0; i < requests; ++i) {
    if (chance.share() < kOneTimeShare) {
      trace.requests.push_back(static_cast<std::uint32_t>(trace.pictures.size()));
      trace.pictures.push_back(chance_picture(chance));
      continue;
    }
    if (chance.share() < kDriftShare) {
      std::swap(ranked[chance.below(std::min(pictures, 200u))], ranked[chance.below(pictures)]);
    }
    const auto rank = std::lower_bound(up_to.begin(), up_to.end(), chance.share() * sum) - up_to.begin();
    trace.requests.push_back(ranked[std::min<std::size_t>(static_cast<std::size_t>(rank), pictures - 1)]);
  }
  return trace;
}

ReplayTrace read_trace(const std::string& path) {
  std::istringstream lines(base::read_file(path, kLargestTrace, ErrorCode::kInvalidArgument));
  ReplayTrace trace;
  std::unordered_map<std::string, std::uint32_t> known;
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string name, bytes, draw_ms, more;
    if (!(words >> name)) continue;
    const std::string place = line_origin(path, number);
    if (!(words >> bytes >> draw_ms) || words >> more) {
      throw Error(ErrorCode::kInvalidArgument, place + " is not a name, a number of bytes and one of milliseconds");
    }
    const ReplayTrace::Picture picture{number_of(bytes, place), static_cast<double>(number_of(draw_ms, place))};
    const auto [at, is_new] = known.emplace(name, static_cast<std::uint32_t>(trace.pictures.size()));
    if (is_new) trace.pictures.push_back(picture);
    trace.requests.push_back(at->second);
  }
  if (trace.requests.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "'" + path + "' holds no request; one a line is expected");
  }
  return trace;
}

ReplayResult replay(ICache& cache, const ReplayTrace& trace) {
  ReplayResult result;
  std::vector<CacheKey> keys;
  for (std::size_t i = 0; i < trace.pictures.size(); ++i) keys.push_back(key_of(i));
  CacheEntry entry;
  entry.info.name_space = "replay";
  entry.info.payload_sha256.fill(1);  // so that nothing is spent on making one
  for (const std::uint32_t request : trace.requests) {
    stop_if_interrupted();
    const ReplayTrace::Picture& picture = trace.pictures[request];
    ++result.requests;
    result.total_ms += picture.draw_ms;
    if (cache.find(keys[request])) {
      ++result.hits;
      result.saved_ms += picture.draw_ms;
      continue;
    }
    entry.info.draw_ms = picture.draw_ms;
    entry.payload = std::make_shared<const Bytes>(picture.bytes);
    cache.store(keys[request], entry);
  }
  return result;
}

ReplayResult replay(EvictionOrder order, std::uint64_t capacity_bytes, const ReplayTrace& trace) {
  using Rank = std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>;  // what goes first, the older, the picture
  ReplayResult result;
  std::set<Rank> ranks;
  std::unordered_map<std::uint32_t, Rank> kept;
  std::uint64_t used = 0;
  std::uint64_t now = 0;
  for (const std::uint32_t request : trace.requests) {
    const ReplayTrace::Picture& picture = trace.pictures[request];
    ++now;
    ++result.requests;
    result.total_ms += picture.draw_ms;
    if (const auto found = kept.find(request); found != kept.end()) {
      ++result.hits;
      result.saved_ms += picture.draw_ms;
      ranks.erase(found->second);
      auto& [first, second, same] = found->second;
      if (order == EvictionOrder::kLeastRecent) first = now;
      if (order == EvictionOrder::kLeastFrequent) std::tie(first, second) = std::tuple(first + 1, now);
      ranks.insert(found->second);
      continue;
    }
    if (picture.bytes > capacity_bytes) continue;
    while (used + picture.bytes > capacity_bytes) {
      const std::uint32_t victim = std::get<2>(*ranks.begin());
      ranks.erase(ranks.begin());
      kept.erase(victim);
      used -= trace.pictures[victim].bytes;
    }
    const Rank rank{order == EvictionOrder::kLeastFrequent ? 1 : now, now, request};
    ranks.insert(rank);
    kept.emplace(request, rank);
    used += picture.bytes;
  }
  return result;
}

}  // namespace zimg::app
