#include "crash/cache/store_trial.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <stdexcept>

#include "zimg/error.hpp"
#include "zimg/store_maintenance.hpp"

namespace zimg_crash {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kCapacity = 4u << 20;
constexpr std::uint64_t kLarger = 6u << 20;
constexpr std::uint32_t kSomeSlots = 6;
constexpr std::uint32_t kDamagedSlot = 3;
constexpr std::uint32_t kFullSlots = 80;  // more than fit, so that each further store evicts
constexpr std::size_t kLargest = 100000;  // bytes
constexpr std::uint64_t kOld = 1;         // version
constexpr std::uint64_t kNew = 2;

std::uint32_t slots_of(Operation::Store store) {
  return store == Operation::Store::kNone ? 0 : store == Operation::Store::kSome ? kSomeSlots : kFullSlots;
}

void store_new(zimg::ICache& cache, std::uint32_t slot) {
  cache.store(key_of(slot), entry_of(picture(slot, kNew, kLargest)));
}

void make_store(const std::string& path, Operation::Store store) {
  const auto cache = open_store(path, kCapacity);
  for (std::uint32_t slot = 0; slot < slots_of(store); ++slot) {
    cache->store(key_of(slot), entry_of(picture(slot, kOld, kLargest)));
  }
}

// Of an operation that claims to have worked.
void expect(bool is_so) {
  if (!is_so) throw std::logic_error("it did not do what it said");
}

bool is_whole(const zimg::VerifyReport& report) {
  return report.entries == kSomeSlots && report.damaged + report.unreadable + report.tree_damages == 0;
}

std::uint64_t lost_of(const zimg::RebuildReport& report) {
  expect(report.entries + report.lost == kSomeSlots && report.tree_damages == 0);
  return report.lost;
}

void resize(const zimg::LmdbOptions& store, std::uint64_t capacity_bytes) {
  zimg::LmdbOptions resized = store;
  resized.capacity_bytes = capacity_bytes;
  zimg::resize_lmdb_store(resized);
  expect(open_store(store.path, 0)->stats().capacity_bytes == capacity_bytes);
}

// An octet of the slot's payload, in the file, turned round.
void damage(const std::string& path, std::uint32_t slot) {
  const zimg::Bytes payload = picture(slot, kOld, kLargest);
  std::fstream file(path + "/data.mdb", std::ios::in | std::ios::out | std::ios::binary);
  const std::string octets((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t at = octets.find(std::string(payload.begin(), payload.begin() + 64));
  if (at == std::string::npos) throw std::logic_error("the picture to damage is not in the file");
  file.clear();
  file.seekp(static_cast<std::streamoff>(at + 32));
  file.put(static_cast<char>(~octets[at + 32]));
}

// Runs `body` and takes down how it failed. Allocates nothing itself: that may be what fails.
template <class Body>
void attempt(TrialResult& result, const std::function<void()>& disarm, const Body& body) {
  try {
    body();
  } catch (const zimg::Error& error) {
    disarm();
    result.has_failed = true;
    result.sentence = error.what();
    if (error.code() != zimg::ErrorCode::kCache && error.code() != zimg::ErrorCode::kOutOfMemory) {
      result.is_unclean = true;
    }
  } catch (const std::bad_alloc&) {
    disarm();
    result.has_failed = true;
  } catch (const std::exception& error) {
    disarm();
    result.is_unclean = true;
    result.sentence = error.what();
  } catch (...) {
    disarm();
    result.is_unclean = true;
  }
}

Operation whole(const char* name, const std::function<void(const zimg::LmdbOptions&)>& work,
                std::uint32_t damaged = UINT32_MAX, std::uint64_t capacity_bytes = 0) {
  Operation operation;
  operation.name = name;
  operation.store = Operation::Store::kSome;
  operation.part = Operation::Part::kUse;
  operation.damaged = damaged;
  operation.capacity_bytes = capacity_bytes;
  operation.look_after = [work](const std::string& path) {
    zimg::LmdbOptions store;
    store.path = path;
    work(store);
  };
  return operation;
}

}  // namespace

std::vector<Operation> all_operations() {
  using Part = Operation::Part;
  using Store = Operation::Store;
  const auto nothing = [](zimg::ICache&) {};
  const auto erase_all_of_a_few = [](zimg::ICache& cache) {
    cache.erase_if([](const zimg::CacheKey& key, const auto&, auto) { return key == key_of(2); });
  };
  return {
      {"make", Store::kNone, Part::kOpen, kCapacity, nothing},
      {"open", Store::kSome, Part::kOpen, 0, nothing},
      {"grow", Store::kSome, Part::kOpen, kLarger, nothing},
      {"find", Store::kSome, Part::kUse, 0, [](zimg::ICache& cache) { cache.find(key_of(1)); }},
      {"store", Store::kSome, Part::kUse, 0, [](zimg::ICache& cache) { store_new(cache, kSomeSlots); }, kSomeSlots},
      {"replace", Store::kSome, Part::kUse, 0, [](zimg::ICache& cache) { store_new(cache, 2); }, 2},
      {"evict", Store::kFull, Part::kUse, 0, [](zimg::ICache& cache) { store_new(cache, kFullSlots); }, kFullSlots,
       true},
      {"erase", Store::kSome, Part::kUse, 0, [](zimg::ICache& cache) { cache.erase(key_of(2)); }, 2},
      {"erase_if", Store::kSome, Part::kUse, 0, erase_all_of_a_few, 2},
      {"verify", Store::kSome, Part::kUse, 0, [](zimg::ICache& cache) { cache.verify({}); }},
      {"stats", Store::kSome, Part::kUse, 0, [](zimg::ICache& cache) { cache.stats(); }},
      {"close", Store::kSome, Part::kClose, 0, [](zimg::ICache& cache) { cache.find(key_of(1)); }},
      whole("verify_store", [](const auto& store) { expect(is_whole(zimg::verify_lmdb_store(store))); }),
      whole(
          "erase_damaged", [](const auto& store) { expect(zimg::verify_lmdb_store(store).damaged == 1); },
          kDamagedSlot),
      whole("compact", [](const auto& store) { expect(lost_of(zimg::rebuild_lmdb_store(store)) == 0); }),
      whole(
          "rebuild", [](const auto& store) { expect(lost_of(zimg::rebuild_lmdb_store(store)) == 1); }, kDamagedSlot),
      whole("enlarge", [](const auto& store) { resize(store, kLarger); }),
      whole(
          "shrink", [](const auto& store) { resize(store, kCapacity); }, UINT32_MAX, kLarger),
  };
}

StoreTrials::StoreTrials() {
  make_store(templates_.path("some"), Operation::Store::kSome);
  make_store(templates_.path("full"), Operation::Store::kFull);
  fs::copy(templates_.path("some"), templates_.path("damaged"));
  damage(templates_.path("damaged"), kDamagedSlot);
}

void StoreTrials::lay_out(const Operation& operation) const {
  fs::remove_all(folder_.path("store"));
  if (operation.store == Operation::Store::kNone) return;
  const char* const laid_out = operation.store == Operation::Store::kFull ? "full"
                               : operation.damaged != UINT32_MAX          ? "damaged"
                                                                          : "some";
  fs::copy(templates_.path(laid_out), folder_.path("store"));
  fs::permissions(folder_.path("store"), fs::perms(0700));
  if (operation.look_after && operation.capacity_bytes != 0)
    open_store(folder_.path("store"), operation.capacity_bytes);
}

TrialResult StoreTrials::run(const Operation& operation, const std::function<void()>& arm,
                             const std::function<void()>& disarm) {
  lay_out(operation);
  TrialResult result;
  const std::string path = folder_.path("store");
  if (operation.look_after) {
    look_after(operation, path, arm, disarm, result);
  } else {
    open_use_and_close(operation, path, arm, disarm, result);
  }
  try {
    const auto reopened = open_store(path, operation.store == Operation::Store::kNone ? kCapacity : 0);
    examine(operation, *reopened, result);
    reopened->store(key_of(1), entry_of(picture(1, kNew, kLargest)));
    if (!reopened->find(key_of(1)) || reopened->verify({}).damaged != 0) result.is_unusable = true;
    result.is_serving = result.is_serving || operation.look_after;
  } catch (const zimg::Error& error) {
    result.is_unusable = true;
    result.sentence = error.what();
  }
  return result;
}

void StoreTrials::look_after(const Operation& operation, const std::string& path, const std::function<void()>& arm,
                             const std::function<void()>& disarm, TrialResult& result) const {
  arm();
  attempt(result, disarm, [&] {
    operation.look_after(path);
    disarm();
    result.has_worked = true;
  });
}

void StoreTrials::open_use_and_close(const Operation& operation, const std::string& path,
                                     const std::function<void()>& arm, const std::function<void()>& disarm,
                                     TrialResult& result) const {
  using Part = Operation::Part;
  std::shared_ptr<zimg::ICache> cache;
  const auto step = [&](Part part, const std::function<void()>& body) {
    if (part == operation.part) arm();
    attempt(result, disarm, [&] {
      body();
      if (part == operation.part) disarm(), result.has_worked = true;
    });
  };
  step(Part::kOpen, [&] { cache = open_store(path, operation.capacity_bytes); });
  if (cache == nullptr) return;
  step(Part::kUse, [&] { operation.use(*cache); });
  TrialResult meanwhile;
  try {
    examine(operation, *cache, meanwhile);
    result.is_serving = meanwhile.lost == 0;
  } catch (const zimg::Error&) {  // it serves again once it is reopened
  }
  result.wrong += meanwhile.wrong;
  step(Part::kClose, [&] { cache.reset(); });
}

void StoreTrials::examine(const Operation& operation, zimg::ICache& cache, TrialResult& result) const {
  const std::uint32_t slots = slots_of(operation.store);
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    const auto found = cache.find(key_of(slot));
    if (!found) {
      const bool may_be_missing =
          operation.store == Operation::Store::kFull || slot == operation.changed || slot == operation.damaged;
      result.lost += may_be_missing ? 0 : 1;
      continue;
    }
    const auto version = version_of(*found->payload, slot, kLargest);
    if (!version || (*version != kOld && slot != operation.changed)) ++result.wrong;
  }
  if (operation.changed < slots || operation.changed == UINT32_MAX) return;
  const auto found = cache.find(key_of(operation.changed));
  if (found && version_of(*found->payload, operation.changed, kLargest) != kNew) ++result.wrong;
  // What was acknowledged is there, whatever failed on the way.
  if (!found && result.has_worked) ++result.lost;
}

}  // namespace zimg_crash
