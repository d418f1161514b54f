#include "crash/cache/store_trial.hpp"

#include <filesystem>
#include <new>

#include "zimg/error.hpp"

namespace zimg_crash {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kCapacity = 4u << 20;
constexpr std::uint64_t kLarger = 6u << 20;
constexpr std::uint32_t kSomeSlots = 6;
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
  };
}

StoreTrials::StoreTrials() {
  make_store(templates_.path("some"), Operation::Store::kSome);
  make_store(templates_.path("full"), Operation::Store::kFull);
}

void StoreTrials::lay_out(const Operation& operation) const {
  fs::remove_all(folder_.path("store"));
  if (operation.store == Operation::Store::kNone) return;
  fs::copy(templates_.path(operation.store == Operation::Store::kSome ? "some" : "full"), folder_.path("store"));
  fs::permissions(folder_.path("store"), fs::perms(0700));
}

TrialResult StoreTrials::run(const Operation& operation, const std::function<void()>& arm,
                             const std::function<void()>& disarm) {
  using Part = Operation::Part;
  lay_out(operation);
  TrialResult result;
  std::shared_ptr<zimg::ICache> cache;
  const auto step = [&](Part part, const std::function<void()>& body) {
    if (part == operation.part) arm();
    try {
      body();
      if (part == operation.part) disarm(), result.has_worked = true;
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
    } catch (...) {
      disarm();
      result.is_unclean = true;
    }
  };
  const std::string path = folder_.path("store");
  step(Part::kOpen, [&] { cache = open_store(path, operation.capacity_bytes); });
  if (cache != nullptr) {
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
  try {
    const auto reopened = open_store(path, operation.store == Operation::Store::kNone ? kCapacity : 0);
    examine(operation, *reopened, result);
    reopened->store(key_of(1), entry_of(picture(1, kNew, kLargest)));
    if (!reopened->find(key_of(1)) || reopened->verify({}).damaged != 0) result.is_unusable = true;
  } catch (const zimg::Error& error) {
    result.is_unusable = true;
    result.sentence = error.what();
  }
  return result;
}

void StoreTrials::examine(const Operation& operation, zimg::ICache& cache, TrialResult& result) const {
  const std::uint32_t slots = slots_of(operation.store);
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    const auto found = cache.find(key_of(slot));
    if (!found) {
      const bool may_be_missing = operation.store == Operation::Store::kFull || slot == operation.changed;
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
