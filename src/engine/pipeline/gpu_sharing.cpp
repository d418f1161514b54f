#include "engine/pipeline/gpu_sharing.hpp"

#include <algorithm>
#include <vector>

#include "engine/pipeline/model_parts.hpp"

namespace zimg::engine {
namespace {

struct Users {
  std::mutex mutex;
  std::vector<ModelParts*> all;  // guarded by mutex
};

Users& users() {
  static Users of_process;
  return of_process;
}

}  // namespace

std::timed_mutex& turn_on_gpu() {
  static std::timed_mutex of_process;
  return of_process;
}

void add_gpu_user(ModelParts& parts) {
  const std::lock_guard lock(users().mutex);
  users().all.push_back(&parts);
}

void remove_gpu_user(ModelParts& parts) {
  const std::lock_guard lock(users().mutex);
  std::erase(users().all, &parts);
}

bool others_hold_parts(const ModelParts& parts) {
  const std::lock_guard lock(users().mutex);
  return std::any_of(users().all.begin(), users().all.end(),
                     [&](const ModelParts* other) { return other != &parts && other->holds_parts(); });
}

void release_parts_of_others(const ModelParts& parts) {
  const std::lock_guard lock(users().mutex);
  for (ModelParts* other : users().all) {
    if (other != &parts) other->drop_parts();
  }
}

}  // namespace zimg::engine
