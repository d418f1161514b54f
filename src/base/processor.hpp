// The CPU as the libraries that compute on it see it.
#pragma once

#include <iosfwd>
#include <string>

namespace zimg::base {

// The CPU's name and behind it, as eight hexadecimal digits, what else decides which code a library chooses on it and
// so how a sum is rounded: maker, family, model and stepping, the size of the cache, vector and matrix instructions.
// The name alone does not: on a rented machine it is often no more than "AMD EPYC". `cpuinfo` is /proc/cpuinfo, of
// which the first processor is read. "unknown CPU" where it names none.
std::string processor_identity(std::istream& cpuinfo);

// Of this machine.
std::string processor_identity();

}  // namespace zimg::base
