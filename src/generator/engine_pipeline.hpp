// The engine behind the IPipeline interface: orders and observers cross the C table.
//
// Thread-safe. The module is opened, what "auto" means is settled and the model is checked by the first draw().
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "generator/engine_module.hpp"
#include "generator/engine_profile.hpp"
#include "zimg/pipeline.hpp"

namespace zimg::generator {

class EnginePipeline final : public IPipeline {
 public:
  // Told what the engine draws with, once it is open, before the first picture. May be null.
  using OnOpened = std::function<void(const EngineProfile& profile)>;

  EnginePipeline(EngineLocation location, std::string model_path, Device device, Precision precision, unsigned threads,
                 OnOpened on_opened = nullptr);
  ~EnginePipeline() override;

  Picture draw(const DrawingOrder& order, IDrawingObserver& observer) override;

 private:
  zimg_engine& engine();
  EngineProfile open();  // with the mutex, once

  const EngineLocation location_;
  const std::string model_path_;
  const Device device_;
  const Precision precision_;
  const unsigned threads_;
  const OnOpened on_opened_;
  std::mutex mutex_;
  std::optional<EngineProfile> untold_;  // of the engine that is open, until on_opened_ has returned
  const zimg_engine_table_v1* table_ = nullptr;
  zimg_engine* engine_ = nullptr;
};

}  // namespace zimg::generator
