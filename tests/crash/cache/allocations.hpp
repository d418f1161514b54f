// Lets allocations of this thread fail, and of the child processes that it makes meanwhile, and counts those of all
// threads that were not freed: the test program defines malloc and its kin itself. Not under the sanitizers, which do
// the same.
#pragma once

namespace zimg_crash {

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ZIMG_COUNTS_ALLOCATIONS 1
#endif

// The allocation number `nth` from now on fails, and with `and_all_after` all that follow; 0: none does.
void fail_allocation(long nth, bool and_all_after) noexcept;
// Ends that, and says how many allocations there were.
long allow_allocations() noexcept;

long live_allocations() noexcept;

}  // namespace zimg_crash
