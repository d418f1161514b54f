// How much memory this process may still take: what the machine has left, and less where its control groups (a
// container's) allow less.
//
// Free function; thread-safe. Throws nothing but what running out of memory does.
#pragma once

#include <cstdint>
#include <string>

namespace zimg::base {

// Bytes; 0 when the system does not say. Memory that holds nothing but files counts as available, as in /proc/meminfo's
// MemAvailable. `root` stands before every path that is read, for tests. Files: Linux's proc_meminfo(5), cgroups(7),
// Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
std::uint64_t available_memory(const std::string& root = "");

}  // namespace zimg::base
