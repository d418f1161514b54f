#include "engine/vae/image_pool.hpp"

#include <ATen/Functions.h>
#include <sys/mman.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <new>

namespace zimg::engine {
namespace {

constexpr std::size_t kHugePage = std::size_t{1} << 21;
constexpr std::size_t kSmallest = std::size_t{1} << 23;  // malloc itself keeps what is smaller

}  // namespace

// Memory that no image holds just now, by its size.
class ImagePool::Blocks {
 public:
  ~Blocks() { release(); }

  void* take(std::size_t size) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = free_.lower_bound(size);
      if (found != free_.end() && found->first <= 2 * size) {
        void* block = found->second;
        sizes_[block] = found->first;
        free_.erase(found);
        return block;
      }
      release();  // a decoder's images only grow: what is too small now will not be asked for again
    }
    void* block = std::aligned_alloc(kHugePage, size);
    if (block == nullptr) throw std::bad_alloc();
    ::madvise(block, size, MADV_HUGEPAGE);  // fewer pages to fill and to look up; a refusal costs only time
    const std::lock_guard lock(mutex_);
    sizes_[block] = size;
    return block;
  }

  void give_back(void* block) {
    const std::lock_guard lock(mutex_);
    free_.emplace(sizes_[block], block);
    sizes_.erase(block);
  }

 private:
  void release() {
    for (const auto& [size, block] : free_) std::free(block);
    free_.clear();
  }

  std::mutex mutex_;  // an image may be dropped by any thread
  std::multimap<std::size_t, void*> free_;
  std::map<void*, std::size_t> sizes_;  // of those that images hold
};

ImagePool::ImagePool() : blocks_(std::make_shared<Blocks>()) {}

at::Tensor ImagePool::take(const at::Tensor& like, std::int64_t channels, std::int64_t height, std::int64_t width) {
  const std::size_t bytes = static_cast<std::size_t>(channels * height * width) * like.element_size();
  if (!like.is_cpu() || bytes < kSmallest) return {};
  void* block = blocks_->take((bytes + kHugePage - 1) / kHugePage * kHugePage);
  return at::from_blob(
      block, {1, channels, height, width}, {channels * height * width, 1, width * channels, channels},
      [blocks = blocks_](void* memory) { blocks->give_back(memory); }, like.options());
}

}  // namespace zimg::engine
