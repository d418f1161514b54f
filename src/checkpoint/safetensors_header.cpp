#include "checkpoint/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/json.hpp"
#include "zimg/error.hpp"

namespace zimg::checkpoint {
namespace {

using base::Json;

[[noreturn]] void refuse(const std::string& origin, const std::string& what) {
  throw Error(ErrorCode::kBadModel, "'" + origin + "' " + what);
}

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
    refuse(origin,
           "gives " + what + " as " + value.dump(-1, ' ', true).substr(0, 40) + ", expected an integer of at least 0");
  }
  return value.get<std::uint64_t>();
}

std::vector<std::int64_t> shape_of(const Json& entry, const std::string& origin, const std::string& name) {
  const auto shape = entry.find("shape");
  if (shape == entry.end() || !shape->is_array()) refuse(origin, "gives no shape for tensor '" + name + "'");
  if (shape->size() > 8) refuse(origin, "gives tensor '" + name + "' more than 8 dimensions");
  std::vector<std::int64_t> extents;
  for (const Json& value : *shape) {
    const std::uint64_t extent = unsigned_of(value, origin, "an extent of tensor '" + name + "'");
    if (extent > (std::uint64_t{1} << 48)) refuse(origin, "gives tensor '" + name + "' an extent beyond 2^48");
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
      refuse(origin, "gives tensor '" + name + "' the impossible shape " + shape_text(shape));
    }
  }
  if (total % 8 != 0) refuse(origin, "gives tensor '" + name + "' a size that is no whole number of octets");
  return total / 8;
}

StoredTensor stored_tensor(const Json& entry, const std::string& origin, const std::string& name) {
  if (!entry.is_object()) refuse(origin, "describes tensor '" + name + "' by something else than an object");
  StoredTensor tensor;
  const auto dtype = entry.find("dtype");
  if (dtype == entry.end() || !dtype->is_string()) refuse(origin, "gives no dtype for tensor '" + name + "'");
  tensor.dtype = dtype->get<std::string>();
  tensor.shape = shape_of(entry, origin, name);
  const auto offsets = entry.find("data_offsets");
  if (offsets == entry.end() || !offsets->is_array() || offsets->size() != 2) {
    refuse(origin, "gives no pair of data_offsets for tensor '" + name + "'");
  }
  tensor.begin = unsigned_of((*offsets)[0], origin, "an offset of tensor '" + name + "'");
  tensor.end = unsigned_of((*offsets)[1], origin, "an offset of tensor '" + name + "'");
  if (tensor.begin > tensor.end) refuse(origin, "gives tensor '" + name + "' an end before its begin");
  const auto bits = bits_of(tensor.dtype);
  if (!bits) refuse(origin, "gives tensor '" + name + "' the unknown dtype '" + tensor.dtype.substr(0, 40) + "'");
  const std::uint64_t size = size_of_shape(tensor.shape, *bits, origin, name);
  if (size != tensor.end - tensor.begin) {
    refuse(origin, "gives tensor '" + name + "' " + std::to_string(tensor.end - tensor.begin) +
                       " bytes where its shape " + shape_text(tensor.shape) + " in " + tensor.dtype + " takes " +
                       std::to_string(size));
  }
  return tensor;
}

// No overlaps, no gaps, nothing beyond the end: what the format asks for, and what keeps every read in its place.
void check_places(const StoredTensors& tensors, std::uint64_t data_size, const std::string& origin) {
  std::vector<const StoredTensors::value_type*> ordered;
  for (const auto& tensor : tensors) ordered.push_back(&tensor);
  std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
  });
  const std::uint64_t claimed = ordered.empty() ? 0 : ordered.back()->second.end;
  if (claimed > data_size) {
    refuse(origin, "is cut or lies: its header places tensor '" + ordered.back()->first + "' up to byte " +
                       std::to_string(claimed) + " of the data, of which the file holds " + std::to_string(data_size));
  }
  std::uint64_t at = 0;
  for (const auto* tensor : ordered) {
    if (tensor->second.begin < at) refuse(origin, "places tensor '" + tensor->first + "' over another one");
    if (tensor->second.begin > at) refuse(origin, "leaves a gap before tensor '" + tensor->first + "'");
    at = tensor->second.end;
  }
  if (at != data_size) {
    refuse(origin, "holds " + std::to_string(data_size - at) + " bytes after its last tensor, expected none");
  }
}

}  // namespace

std::uint64_t StoredTensor::elements() const {
  std::uint64_t count = 1;
  for (const std::int64_t extent : shape) count *= static_cast<std::uint64_t>(extent);
  return count;
}

StoredTensors parse_safetensors_header(std::string_view header, std::uint64_t data_size, const std::string& origin) {
  const Json json = base::parse_json(header, "the header of '" + origin + "'", ErrorCode::kBadModel, 4);
  if (!json.is_object()) refuse(origin, "has a header that is no JSON object");
  StoredTensors tensors;
  for (const auto& [name, entry] : json.items()) {
    if (name != "__metadata__") tensors.emplace(name, stored_tensor(entry, origin, name));
  }
  check_places(tensors, data_size, origin);
  return tensors;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

}  // namespace zimg::checkpoint
