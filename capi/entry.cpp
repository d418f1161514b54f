#include "capi/entry.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "capi/callback_scope.hpp"
#include "capi/enumeration.hpp"
#include "capi/guard.hpp"
#include "capi/key.hpp"
#include "capi/text.hpp"

using zimg::EntryInfo;
using zimg::ImageFormat;
using namespace zimg::capi;

namespace zimg::capi {

EntryVisitor visitor_of(zimg_entry_function visit, void* user_data) {
  return [visit, user_data](const CacheKey& key, const EntryInfo& info, std::uint64_t payload_bytes) {
    const zimg_entry view(&info);
    const CacheCallbackScope scope;
    return visit(user_data, view_of_key(key), &view, payload_bytes) != 0;
  };
}

namespace {

// Sets what `set` sets of the entry's facts. The entry is an argument of that name.
template <class Set>
zimg_status change(zimg_entry* entry, zimg_error** out_error, Set&& set) {
  return guarded(out_error, [&] { set(required(entry, "entry").own.info); });
}

const char* text_in(const zimg_entry* entry, std::string EntryInfo::*field, size_t* out_size) {
  return view_of(alive(entry) == nullptr ? nullptr : &(entry->info->*field), out_size);
}

}  // namespace
}  // namespace zimg::capi

zimg_status zimg_entry_create(zimg_entry** out_entry, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_entry, "out_entry"); });
}

zimg_status zimg_entry_clone(const zimg_entry* entry, zimg_entry** out_entry, zimg_error** out_error) {
  return guarded(out_error, [&] { create(out_entry, "out_entry", required(entry, "entry")); });
}

zimg_status zimg_entry_set_payload(zimg_entry* entry, const void* payload, size_t size, zimg_error** out_error) {
  return guarded(out_error, [&] {
    required(entry, "entry").own.payload = std::make_shared<const zimg::Bytes>(bytes_of(payload, size, "payload"));
  });
}

zimg_status zimg_entry_set_format(zimg_entry* entry, zimg_image_format format, zimg_error** out_error) {
  return change(entry, out_error,
                [&](auto& info) { info.format = enumerator(format, ImageFormat::kPng, ImageFormat::kJpeg, "format"); });
}

zimg_status zimg_entry_set_size(zimg_entry* entry, uint32_t width, uint32_t height, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) {
    info.width = width;
    info.height = height;
  });
}

zimg_status zimg_entry_set_seed(zimg_entry* entry, uint32_t seed, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.seed = seed; });
}

zimg_status zimg_entry_set_steps(zimg_entry* entry, uint32_t steps, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.steps = steps; });
}

zimg_status zimg_entry_set_guidance(zimg_entry* entry, double guidance, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.guidance = guidance; });
}

zimg_status zimg_entry_set_draw_ms(zimg_entry* entry, double draw_ms, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.draw_ms = draw_ms; });
}

zimg_status zimg_entry_set_stored_at_ms(zimg_entry* entry, int64_t time_ms, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.stored_at_ms = time_ms; });
}

zimg_status zimg_entry_set_expires_at_ms(zimg_entry* entry, int64_t time_ms, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.expires_at_ms = time_ms; });
}

zimg_status zimg_entry_set_namespace(zimg_entry* entry, const char* name, size_t size, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.name_space = text_of(name, size, "name"); });
}

zimg_status zimg_entry_set_model(zimg_entry* entry, const char* name, size_t size, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.model = text_of(name, size, "name"); });
}

zimg_status zimg_entry_set_tag(zimg_entry* entry, const char* tag, size_t size, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.tag = text_of(tag, size, "tag"); });
}

zimg_status zimg_entry_set_pinned(zimg_entry* entry, int is_pinned, zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) { info.is_pinned = is_pinned != 0; });
}

zimg_status zimg_entry_set_payload_sha256(zimg_entry* entry, const uint8_t* digest, size_t size,
                                          zimg_error** out_error) {
  return change(entry, out_error, [&](auto& info) {
    const uint8_t* begin = required_pointer(digest, "digest");
    if (size != info.payload_sha256.size()) {
      throw zimg::Error(zimg::ErrorCode::kInvalidArgument,
                        "the argument 'size' is " + std::to_string(size) + "; the 32 bytes of a SHA-256 are expected");
    }
    std::copy(begin, begin + size, info.payload_sha256.begin());
  });
}

const uint8_t* zimg_entry_payload(const zimg_entry* entry, size_t* out_size) {
  const bool is_there = alive(entry) != nullptr && entry->own.payload != nullptr;
  if (out_size != nullptr) *out_size = is_there ? entry->own.payload->size() : 0;
  return is_there ? entry->own.payload->data() : nullptr;
}

zimg_image_format zimg_entry_format(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : static_cast<zimg_image_format>(entry->info->format);
}

uint32_t zimg_entry_width(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->width;
}

uint32_t zimg_entry_height(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->height;
}

uint32_t zimg_entry_seed(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->seed;
}

uint32_t zimg_entry_steps(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->steps;
}

double zimg_entry_guidance(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->guidance;
}

double zimg_entry_draw_ms(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->draw_ms;
}

int64_t zimg_entry_stored_at_ms(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->stored_at_ms;
}

int64_t zimg_entry_expires_at_ms(const zimg_entry* entry) {
  return alive(entry) == nullptr ? 0 : entry->info->expires_at_ms;
}

const char* zimg_entry_namespace(const zimg_entry* entry, size_t* out_size) {
  return text_in(entry, &EntryInfo::name_space, out_size);
}

const char* zimg_entry_model(const zimg_entry* entry, size_t* out_size) {
  return text_in(entry, &EntryInfo::model, out_size);
}

const char* zimg_entry_tag(const zimg_entry* entry, size_t* out_size) {
  return text_in(entry, &EntryInfo::tag, out_size);
}

int zimg_entry_is_pinned(const zimg_entry* entry) {
  return alive(entry) != nullptr && entry->info->is_pinned ? 1 : 0;
}

const uint8_t* zimg_entry_payload_sha256(const zimg_entry* entry) {
  return alive(entry) == nullptr ? nullptr : entry->info->payload_sha256.data();
}

void zimg_entry_destroy(zimg_entry* entry) {
  destroy(entry);
}
