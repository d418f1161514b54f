// A cache behind the C vtable: a map in the host, as a program would write one, that can be told to misbehave.
#pragma once

#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>

#include "capi_fixture.hpp"

namespace capi_test {

class HostCache {
 public:
  static constexpr std::uint64_t kCapacity = 64 << 20;  // bytes of payloads

  zimg_status failure = ZIMG_STATUS_OK;  // what find and store answer with
  bool throws = false;
  bool cuts_payloads = false;  // lies: half of what was stored
  bool loses_digests = false;  // lies: the digest of nothing
  zimg_store_outcome outcome = ZIMG_STORE_OUTCOME_STORED;
  std::atomic<bool> finds{true};   // while false, find waits
  std::atomic<bool> stores{true};  // while false, store waits
  std::atomic<int> waiting{0};     // calls that wait now
  std::atomic<int> releases{0};

  zimg_cache_vtable vtable() const {
    zimg_cache_vtable table{};
    table.struct_size = sizeof(table);
    table.find = [](void* self, const zimg_key* key, zimg_entry* out, int* out_is_there, zimg_error** out_error) {
      return of(self).find(*key, out, out_is_there, out_error);
    };
    table.store = [](void* self, const zimg_key* key, const zimg_entry* entry, zimg_store_outcome* out_outcome,
                     zimg_error** out_error) { return of(self).store(*key, entry, out_outcome, out_error); };
    table.erase = [](void* self, const zimg_key* key, int* out_was_there, zimg_error**) {
      const std::lock_guard lock(of(self).mutex_);
      *out_was_there = of(self).entries_.erase(octets(*key)) == 1 ? 1 : 0;
      return zimg_status{ZIMG_STATUS_OK};
    };
    table.release = [](void* self) { ++of(self).releases; };
    table.list = [](void* self, zimg_entry_function visit, void* data, zimg_error**) {
      return of(self).list(visit, data);
    };
    table.stats = [](void* self, zimg_stats* out_stats, zimg_error** out_error) {
      return of(self).stats(out_stats, out_error);
    };
    return table;
  }

  Cache wrapped(std::size_t struct_size = sizeof(zimg_cache_vtable)) {
    zimg_cache_vtable table = vtable();
    table.struct_size = struct_size;
    Cache cache;
    must(zimg_cache_wrap, static_cast<const zimg_cache_vtable*>(&table), static_cast<void*>(this), "a host's map",
         std::size_t{12}, cache.out());
    return cache;
  }

 private:
  using Octets = std::array<std::uint8_t, 32>;

  static HostCache& of(void* self) { return *static_cast<HostCache*>(self); }
  static Octets octets(const zimg_key& key) {
    Octets copy;
    std::memcpy(copy.data(), key.bytes, copy.size());
    return copy;
  }

  // What is asked of find and store before they do their work.
  zimg_status misbehave(const std::atomic<bool>& is_open, zimg_error** out_error) {
    ++waiting;
    while (!is_open) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --waiting;
    if (throws) throw std::runtime_error("the host's map threw");
    if (failure != ZIMG_STATUS_OK) *out_error = zimg_error_create(failure, "the host's map failed", 21);
    return failure;
  }

  zimg_status find(const zimg_key& key, zimg_entry* out, int* out_is_there, zimg_error** out_error) {
    if (const zimg_status status = misbehave(finds, out_error); status != ZIMG_STATUS_OK) return status;
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(octets(key));
    if (found == entries_.end()) return ZIMG_STATUS_OK;
    copy(found->second.get(), out);
    *out_is_there = 1;
    return ZIMG_STATUS_OK;
  }

  void copy(const zimg_entry* from, zimg_entry* to) const {
    std::size_t size = 0;
    const std::uint8_t* payload = zimg_entry_payload(from, &size);
    zimg_entry_set_payload(to, payload, cuts_payloads ? size / 2 : size, nullptr);
    zimg_entry_set_format(to, zimg_entry_format(from), nullptr);
    zimg_entry_set_size(to, zimg_entry_width(from), zimg_entry_height(from), nullptr);
    zimg_entry_set_seed(to, zimg_entry_seed(from), nullptr);
    zimg_entry_set_steps(to, zimg_entry_steps(from), nullptr);
    zimg_entry_set_guidance(to, zimg_entry_guidance(from), nullptr);
    zimg_entry_set_draw_ms(to, zimg_entry_draw_ms(from), nullptr);
    zimg_entry_set_stored_at_ms(to, zimg_entry_stored_at_ms(from), nullptr);
    zimg_entry_set_expires_at_ms(to, zimg_entry_expires_at_ms(from), nullptr);
    copy_text(from, to, zimg_entry_namespace, zimg_entry_set_namespace);
    copy_text(from, to, zimg_entry_model, zimg_entry_set_model);
    copy_text(from, to, zimg_entry_tag, zimg_entry_set_tag);
    zimg_entry_set_pinned(to, zimg_entry_is_pinned(from), nullptr);
    if (!loses_digests) zimg_entry_set_payload_sha256(to, zimg_entry_payload_sha256(from), 32, nullptr);
  }

  template <class Getter, class Setter>
  static void copy_text(const zimg_entry* from, zimg_entry* to, Getter get, Setter set) {
    std::size_t size = 0;
    const char* text = get(from, &size);
    set(to, text, size, nullptr);
  }

  zimg_status store(const zimg_key& key, const zimg_entry* entry, zimg_store_outcome* out_outcome,
                    zimg_error** out_error) {
    if (const zimg_status status = misbehave(stores, out_error); status != ZIMG_STATUS_OK) return status;
    std::size_t size = 0;
    zimg_entry_payload(entry, &size);
    const std::lock_guard lock(mutex_);
    if (size > kCapacity) {
      entries_.erase(octets(key));
      *out_outcome = ZIMG_STORE_OUTCOME_TOO_LARGE;
      return ZIMG_STATUS_OK;
    }
    *out_outcome = outcome;
    if (outcome != ZIMG_STORE_OUTCOME_STORED) return ZIMG_STATUS_OK;
    Entry kept;
    const zimg_status status = zimg_entry_clone(entry, kept.out(), out_error);
    if (status == ZIMG_STATUS_OK) entries_[octets(key)] = std::move(kept);
    return status;
  }

  zimg_status list(zimg_entry_function visit, void* data) {
    std::vector<std::pair<Octets, Entry>> listed;
    {
      const std::lock_guard lock(mutex_);  // `visit` may call back
      for (const auto& [key, entry] : entries_) {
        listed.emplace_back(key, Entry());
        zimg_entry_clone(entry.get(), listed.back().second.out(), nullptr);
      }
    }
    for (const auto& [octets, entry] : listed) {
      zimg_key key;
      std::memcpy(key.bytes, octets.data(), octets.size());
      std::size_t size = 0;
      zimg_entry_payload(entry.get(), &size);
      if (visit(data, &key, entry.get(), size) == 0) break;
    }
    return ZIMG_STATUS_OK;
  }

  zimg_status stats(zimg_stats* out_stats, zimg_error** out_error) {
    const std::lock_guard lock(mutex_);
    std::uint64_t bytes = 0;
    for (const auto& [key, entry] : entries_) {
      std::size_t size = 0;
      zimg_entry_payload(entry.get(), &size);
      bytes += size;
    }
    for (const auto& [count, value] : {std::pair<zimg_count, std::uint64_t>{ZIMG_COUNT_ENTRIES, entries_.size()},
                                       {ZIMG_COUNT_PAYLOAD_BYTES, bytes},
                                       {ZIMG_COUNT_USED_BYTES, bytes},
                                       {ZIMG_COUNT_CAPACITY_BYTES, kCapacity}}) {
      if (const auto status = zimg_stats_set_count(out_stats, count, value, out_error); status != 0) return status;
    }
    return ZIMG_STATUS_OK;
  }

  std::mutex mutex_;
  std::map<Octets, Entry> entries_;
};

}  // namespace capi_test
