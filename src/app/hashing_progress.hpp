// How far the hashing of a model's files is, shown to who waits for it.
#pragma once

#include <cstdint>
#include <functional>

#include "app/progress_bar.hpp"

namespace zimg::app {

// For GeneratorOptions::on_hashing and inspect_model(): shows it on `bar`, which outlives it, until all is hashed. Ends
// the hashing at an interrupt (interrupt.hpp).
std::function<void(std::uint64_t done_bytes, std::uint64_t total_bytes)> hashing_shown_on(ProgressBar& bar);

}  // namespace zimg::app
