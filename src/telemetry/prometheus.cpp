#include <cstdio>
#include <string>
#include <utility>

#include "zimg/metrics.hpp"

namespace zimg {
inline namespace v0 {
namespace {

constexpr double kMsPerSecond = 1000;

// Whole and without an exponent where it can be, and without the locale's comma.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  std::string plain(text);
  for (char& c : plain) {
    if (c == ',') c = '.';
  }
  return plain;
}

void head(std::string& out, const std::string& name, const char* type, const char* help) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

void counter(std::string& out, const std::string& name, const char* help, const std::string& value) {
  head(out, name, "counter", help);
  out += name + " " + value + "\n";
}

// `labels` is empty or ends in a comma.
void histogram(std::string& out, const std::string& name, const std::string& labels, const LatencyHistogram& times) {
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < LatencyHistogram::kBounds; ++i) {
    so_far += times.counts[i];
    out += name + "_bucket{" + labels + "le=\"" + number(LatencyHistogram::bound_ms(i) / kMsPerSecond) + "\"} " +
           std::to_string(so_far) + "\n";
  }
  out += name + "_bucket{" + labels + "le=\"+Inf\"} " + std::to_string(times.count()) + "\n";
  const std::string own = labels.empty() ? "" : "{" + labels.substr(0, labels.size() - 1) + "}";
  out += name + "_sum" + own + " " + number(times.sum_ms / kMsPerSecond) + "\n";
  out += name + "_count" + own + " " + std::to_string(times.count()) + "\n";
}

using Labelled = std::pair<const char*, std::uint64_t>;

}  // namespace

std::string prometheus_text(const Metrics& metrics) {
  std::string out;
  head(out, "zimg_requests_total", "counter", "Requests by how they were answered.");
  for (const auto& [outcome, count] :
       {Labelled{"hit", metrics.hits}, Labelled{"miss", metrics.misses}, Labelled{"joined", metrics.joined},
        Labelled{"bypassed", metrics.bypassed}, Labelled{"failed", metrics.failed}}) {
    out += std::string("zimg_requests_total{outcome=\"") + outcome + "\"} " + std::to_string(count) + "\n";
  }
  head(out, "zimg_cache_events_total", "counter", "What happened to entries and requests on the way.");
  for (const auto& [event, count] : {Labelled{"expired", metrics.expired}, Labelled{"invalidated", metrics.invalidated},
                                     Labelled{"filtered", metrics.filtered}, Labelled{"evicted", metrics.evicted},
                                     Labelled{"corrupt", metrics.corrupt}, Labelled{"stored", metrics.stored},
                                     Labelled{"not_stored", metrics.not_stored}}) {
    out += std::string("zimg_cache_events_total{event=\"") + event + "\"} " + std::to_string(count) + "\n";
  }
  counter(out, "zimg_drawings_total", "Pictures drawn.", std::to_string(metrics.drawings));
  counter(out, "zimg_hit_bytes_total", "Bytes delivered without drawing.", std::to_string(metrics.hit_bytes));
  counter(out, "zimg_saved_seconds_total", "What drawing the hits again would have taken.",
          number(metrics.saved_ms / kMsPerSecond));
  head(out, "zimg_hit_ratio", "gauge", "Hits by hits and misses.");
  out += "zimg_hit_ratio " + number(metrics.hit_rate()) + "\n";
  head(out, "zimg_request_seconds", "histogram", "From request to answer.");
  histogram(out, "zimg_request_seconds", "outcome=\"hit\",", metrics.hit_ms);
  histogram(out, "zimg_request_seconds", "outcome=\"miss\",", metrics.miss_ms);
  histogram(out, "zimg_request_seconds", "outcome=\"joined\",", metrics.joined_ms);
  head(out, "zimg_lookup_seconds", "histogram", "Lookups in the cache.");
  histogram(out, "zimg_lookup_seconds", "", metrics.lookup_ms);
  head(out, "zimg_draw_seconds", "histogram", "Drawing, without waiting and loading.");
  histogram(out, "zimg_draw_seconds", "", metrics.draw_ms);
  head(out, "zimg_store_seconds", "histogram", "Stores, until they were committed or refused.");
  histogram(out, "zimg_store_seconds", "", metrics.store_ms);
  return out;
}

}  // namespace v0
}  // namespace zimg
