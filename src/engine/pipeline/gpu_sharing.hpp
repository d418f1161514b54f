// What all models of a process that draw on its GPU have in common: they take turns, and where one has no room, the
// loaded parts of the others, which wait, are let go.
#pragma once

#include <mutex>

namespace zimg::engine {

class ModelParts;

// Held by who draws on the GPU. While one holds it, no other uses its parts.
std::timed_mutex& turn_on_gpu();

// Where the models are known that may have parts on the GPU. All functions are thread-safe.
void add_gpu_user(ModelParts& parts);
void remove_gpu_user(ModelParts& parts);
// Whether a part of another model is loaded. REQUIRES: the caller holds turn_on_gpu().
bool others_hold_parts(const ModelParts& parts);
// REQUIRES: the caller holds turn_on_gpu().
void release_parts_of_others(const ModelParts& parts);

}  // namespace zimg::engine
