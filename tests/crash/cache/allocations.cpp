#include "crash/cache/allocations.hpp"

#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace zimg_crash {
namespace {

thread_local bool is_armed = false;
std::atomic<long>* const made = [] {  // shared with children
  void* memory = ::mmap(nullptr, sizeof(std::atomic<long>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  return new (memory) std::atomic<long>{0};
}();
thread_local long failing = 0;
thread_local bool all_after = false;
std::atomic<long> live{0};

}  // namespace

void fail_allocation(long nth, bool and_all_after) noexcept {
  *made = 0;
  failing = nth;
  all_after = and_all_after;
  is_armed = true;
}

long allow_allocations() noexcept {
  is_armed = false;
  return *made;
}

long live_allocations() noexcept {
  return live;
}

#ifdef ZIMG_COUNTS_ALLOCATIONS

namespace {

bool may_allocate() noexcept {
  if (!is_armed) return true;
  const long number = ++*made;
  if (failing == 0 || number < failing || (number > failing && !all_after)) return true;
  errno = ENOMEM;
  return false;
}

void* counted(void* memory) noexcept {
  if (memory != nullptr) ++live;
  return memory;
}

}  // namespace

#endif

}  // namespace zimg_crash

#ifdef ZIMG_COUNTS_ALLOCATIONS

// The C library's own, under the names that it keeps for those who stand in.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

#define ZIMG_STANDS_IN extern "C" __attribute__((visibility("default")))

using namespace zimg_crash;

ZIMG_STANDS_IN void* malloc(std::size_t size) noexcept {
  return may_allocate() ? counted(__libc_malloc(size)) : nullptr;
}

ZIMG_STANDS_IN void* calloc(std::size_t count, std::size_t size) noexcept {
  return may_allocate() ? counted(__libc_calloc(count, size)) : nullptr;
}

ZIMG_STANDS_IN void* realloc(void* memory, std::size_t size) noexcept {
  if (!may_allocate()) return nullptr;
  void* moved = __libc_realloc(memory, size);
  return memory == nullptr ? counted(moved) : moved;
}

ZIMG_STANDS_IN void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return may_allocate() ? counted(__libc_memalign(alignment, size)) : nullptr;
}

ZIMG_STANDS_IN void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}

ZIMG_STANDS_IN int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  void* made_here = memalign(alignment, size);
  if (made_here == nullptr) return ENOMEM;
  *memory = made_here;
  return 0;
}

ZIMG_STANDS_IN void free(void* memory) noexcept {
  if (memory != nullptr) --live;
  __libc_free(memory);
}

#endif
