// How much memory this process has taken and may still take.
//
// Free functions; thread-safe. They throw nothing but what running out of memory does.
#pragma once

#include <cstdint>
#include <string>

namespace zimg::base {

// What the machine has left, and less where the process's control groups (a container's) allow less. Bytes; 0 when the
// system does not say. Memory that holds nothing but files counts as available, as in /proc/meminfo's MemAvailable.
// `root` stands before every path that is read, for tests. Files: Linux's proc_meminfo(5), cgroups(7),
// Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
std::uint64_t available_memory(const std::string& root = "");

// The most that the process had so far, with the pages of files that it reads in place. Bytes; 0 when the system does
// not say. File: proc_pid_status(5).
std::uint64_t peak_memory();

}  // namespace zimg::base
