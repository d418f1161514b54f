#include "checkpoint/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/excerpt.hpp"
#include "base/json.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

using base::in_quotes;
using base::Json;
using Event = Json::parse_event_t;

// Bits of one element; nullopt for a dtype whose size is not known here.
std::optional<std::uint64_t> bits_of(std::string_view dtype) {
  static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 20> kBits{{
      {"BOOL", 8}, {"U8", 8},   {"I8", 8},    {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"I16", 16},
      {"U16", 16}, {"F16", 16}, {"BF16", 16}, {"I32", 32},    {"U32", 32},    {"F32", 32},    {"F64", 64},
      {"I64", 64}, {"U64", 64}, {"C64", 64},  {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6},
  }};
  const auto* found = std::find_if(kBits.begin(), kBits.end(), [&](const auto& entry) { return entry.first == dtype; });
  if (found == kBits.end()) return std::nullopt;
  return found->second;
}

// The unsigned integer that `value` is; refuses anything else.
std::uint64_t unsigned_of(const Json& value, const std::string& origin, const std::string& what) {
  if (!value.is_number_unsigned()) {
    refuse_safetensors(origin, "gives " + what + " as " + base::excerpt(value.dump(-1, ' ', true)) +
                                   ", expected an integer of at least 0");
  }
  return value.get<std::uint64_t>();
}

std::vector<std::int64_t> shape_of(const Json& entry, const std::string& origin, const std::string& name) {
  const auto shape = entry.find("shape");
  if (shape == entry.end() || !shape->is_array())
    refuse_safetensors(origin, "gives no shape for tensor " + in_quotes(name));
  if (shape->size() > 8) refuse_safetensors(origin, "gives tensor " + in_quotes(name) + " more than 8 dimensions");
  std::vector<std::int64_t> extents;
  for (const Json& value : *shape) {
    const std::uint64_t extent = unsigned_of(value, origin, "an extent of tensor " + in_quotes(name));
    if (extent > (std::uint64_t{1} << 48))
      refuse_safetensors(origin, "gives tensor " + in_quotes(name) + " an extent beyond 2^48");
    extents.push_back(static_cast<std::int64_t>(extent));
  }
  return extents;
}

// Octets of a tensor of `shape`; refuses a product beyond 2^60.
std::uint64_t size_of_shape(const std::vector<std::int64_t>& shape, std::uint64_t bits, const std::string& origin,
                            const std::string& name) {
  std::uint64_t total = bits;
  for (const std::int64_t extent : shape) {
    if (__builtin_mul_overflow(total, static_cast<std::uint64_t>(extent), &total) || total >> 60 != 0) {
      refuse_safetensors(origin, "gives tensor " + in_quotes(name) + " the impossible shape " + shape_text(shape));
    }
  }
  if (total % 8 != 0)
    refuse_safetensors(origin, "gives tensor " + in_quotes(name) + " a size that is no whole number of octets");
  return total / 8;
}

StoredTensor stored_tensor(const Json& entry, const std::string& origin, const std::string& name) {
  StoredTensor tensor;
  const auto dtype = entry.find("dtype");
  if (dtype == entry.end() || !dtype->is_string())
    refuse_safetensors(origin, "gives no dtype for tensor " + in_quotes(name));
  tensor.dtype = dtype->get<std::string>();
  tensor.shape = shape_of(entry, origin, name);
  const auto offsets = entry.find("data_offsets");
  if (offsets == entry.end() || !offsets->is_array() || offsets->size() != 2) {
    refuse_safetensors(origin, "gives no pair of data_offsets for tensor " + in_quotes(name));
  }
  tensor.begin = unsigned_of((*offsets)[0], origin, "an offset of tensor " + in_quotes(name));
  tensor.end = unsigned_of((*offsets)[1], origin, "an offset of tensor " + in_quotes(name));
  if (tensor.begin > tensor.end)
    refuse_safetensors(origin, "gives tensor " + in_quotes(name) + " an end before its begin");
  const auto bits = bits_of(tensor.dtype);
  if (!bits)
    refuse_safetensors(origin, "gives tensor " + in_quotes(name) + " the unknown dtype " + in_quotes(tensor.dtype));
  const std::uint64_t size = size_of_shape(tensor.shape, *bits, origin, name);
  if (size != tensor.end - tensor.begin) {
    refuse_safetensors(origin, "gives tensor " + in_quotes(name) + " " + std::to_string(tensor.end - tensor.begin) +
                                   " bytes where its shape " + shape_text(tensor.shape) + " in " + tensor.dtype +
                                   " takes " + std::to_string(size));
  }
  return tensor;
}

// Takes each tensor's entry out of the header as soon as it is read, and keeps nothing else: all of a hostile header as
// parsed JSON would take some twenty times its own size.
class EntryReader {
 public:
  explicit EntryReader(const std::string& origin) : origin_(origin) {}
  StoredTensors take() { return std::move(tensors_); }

  // Told of each part by the parser; whether it is kept as JSON.
  bool keeps(int depth, Event event, Json& part) {
    if (depth == 0 && event != Event::object_start && event != Event::object_end) {
      refuse_safetensors(origin_, "has a header that is no JSON object");
    }
    if (depth == 0) return true;
    if (event == Event::key) return keeps_key(depth, part.get_ref<const std::string&>());
    if (is_metadata_) return false;
    if (depth == 1) return keeps_entry(event, part);
    return is_read_ && keeps_within_entry(depth, event);
  }

 private:
  bool keeps_key(int depth, const std::string& key) {
    if (depth == 1) {
      name_ = key;
      is_metadata_ = key == "__metadata__";
      return !is_metadata_;
    }
    if (depth == 2) is_read_ = key == "dtype" || key == "shape" || key == "data_offsets";
    return depth == 2 && is_read_;
  }

  bool keeps_entry(Event event, const Json& part) {
    if (event == Event::object_start) return true;
    if (event != Event::object_end) {
      refuse_safetensors(origin_, "describes tensor " + in_quotes(name_) + " by something else than an object");
    }
    tensors_.insert_or_assign(name_, stored_tensor(part, origin_, name_));
    return false;
  }

  bool keeps_within_entry(int depth, Event event) {
    constexpr int kMostNumbers = 64;
    if (depth == 2) numbers_ = 0;
    if (depth > 2 && event != Event::value) {
      refuse_safetensors(origin_,
                         "gives tensor " + in_quotes(name_) + " a list of something else than integers of at least 0");
    }
    if (depth > 2 && ++numbers_ > kMostNumbers) {
      refuse_safetensors(origin_, "gives tensor " + in_quotes(name_) + " a list of more than " +
                                      std::to_string(kMostNumbers) + " numbers");
    }
    return event != Event::object_start;
  }

  const std::string& origin_;
  StoredTensors tensors_;
  std::string name_;          // of the entry that is being read
  bool is_metadata_ = false;  // which is no tensor's
  bool is_read_ = false;      // whether the field of the entry is of those that count
  int numbers_ = 0;           // so far, of the list
};

// No overlaps, no gaps, nothing beyond the end: what the format asks for, and what keeps every read in its place.
void check_places(const StoredTensors& tensors, std::uint64_t data_size, const std::string& origin) {
  std::vector<const StoredTensors::value_type*> ordered;
  for (const auto& tensor : tensors) ordered.push_back(&tensor);
  std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
  });
  const std::uint64_t claimed = ordered.empty() ? 0 : ordered.back()->second.end;
  if (claimed > data_size) {
    refuse_safetensors(origin, "is cut or lies: its header places tensor " + in_quotes(ordered.back()->first) +
                                   " up to byte " + std::to_string(claimed) + " of the data, of which the file holds " +
                                   std::to_string(data_size));
  }
  std::uint64_t at = 0;
  for (const auto* tensor : ordered) {
    if (tensor->second.begin < at)
      refuse_safetensors(origin, "places tensor " + in_quotes(tensor->first) + " over another one");
    if (tensor->second.begin > at) refuse_safetensors(origin, "leaves a gap before tensor " + in_quotes(tensor->first));
    at = tensor->second.end;
  }
  if (at != data_size) {
    refuse_safetensors(origin,
                       "holds " + std::to_string(data_size - at) + " bytes after its last tensor, expected none");
  }
}

}  // namespace

std::uint64_t StoredTensor::elements() const {
  std::uint64_t count = 1;
  for (const std::int64_t extent : shape) count *= static_cast<std::uint64_t>(extent);
  return count;
}

StoredTensors parse_safetensors_header(std::string_view header, std::uint64_t data_size, const std::string& origin) {
  EntryReader reader(origin);
  const base::JsonLimits limits{.depth = 4, .values = SIZE_MAX};  // the reader keeps none of them
  base::parse_json(header, "the header of '" + origin + "'", ErrorCode::kBadModel, limits,
                   [&](int depth, Event event, Json& part) { return reader.keeps(depth, event, part); });
  StoredTensors tensors = reader.take();
  check_places(tensors, data_size, origin);
  return tensors;
}

void refuse_safetensors(const std::string& path, const std::string& what) {
  throw Error(ErrorCode::kBadModel, "'" + path + "' " + what);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

}  // namespace zimg::checkpoint
