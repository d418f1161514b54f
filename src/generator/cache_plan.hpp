// A CachePlan is what one request may do with the cache and with other requests: its mode, its seed and whether there
// is a cache come to this.
#pragma once

#include <cstdint>
#include <string>

#include "filter/keyword_filter.hpp"
#include "zimg/image_format.hpp"
#include "zimg/request.hpp"

namespace zimg::generator {

struct CachePlan {
  bool reads = false;     // the cache is looked into first
  std::string unread;     // why it is not, in a word or two; empty where it is
  bool shares = false;    // an equal request's drawing will do, and this one's is offered to others
  bool writes = false;    // what is drawn is kept
  bool draws = true;      // false: what is not found is not drawn
  std::string unwritten;  // why it is not kept, one sentence; empty where it is
  std::string tag = {};   // kept beside the picture where the request brings none
};

// Errors: kInvalidArgument for a mode that there is not, a random seed that is to be found, a time to live or a tag out
// of bounds.
CachePlan plan_of(const Request& request, bool has_cache);

// What the keyword lists say goes before what the request says.
void heed(const filter::Verdict& verdict, CachePlan& plan);

// How a drawn picture is kept: as the first of its requests that keeps it wishes, but that one is enough that refreshes
// or pins.
struct StoreWish {
  ImageFormat format = ImageFormat::kPng;  // that it is delivered in
  int jpeg_quality = 0;
  std::int64_t lifetime_ms = 0;  // from the store on; 0 is for ever
  std::string tag;
  bool is_pinned = false;
  bool refreshes = false;  // what stands in the cache for it gives way
};

// Of one request; who refreshes is seen to by the flight. Draws the jitter of the life time.
StoreWish wish_of(const Request& request, const CachePlan& plan);

}  // namespace zimg::generator
