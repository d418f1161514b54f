// What "auto" comes to on this machine, known without opening the engine: the engine's own answer, remembered in
// $XDG_CACHE_HOME/zimg/profiles as long as engine module, libtorch, driver, visible devices, CPU and the
// settings of the libraries are unchanged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "generator/engine_module.hpp"
#include "zimg/generator.hpp"

namespace zimg::generator {

struct EngineProfile {
  Device device = Device::kCpu;  // never kAuto
  Precision text_precision = Precision::kFp32;
  Precision denoiser_precision = Precision::kFp32;
  Precision vae_precision = Precision::kFp32;
  std::uint32_t threads = 1;
  std::uint32_t numerics_version = 0;
  std::string device_name;    // what tells this CPU or GPU from others
  std::string torch_version;  // "2.13.0 1a2b3c4d"

  bool operator==(const EngineProfile&) const = default;
};

// The remembered answer, or the engine's, which is then remembered. A profile that cannot be read or written costs the
// opening of the engine, never the answer. Errors: those of open_engine and of the engine's resolve.
EngineProfile engine_profile(const EngineLocation& location, Device device, Precision precision, unsigned threads);

// The engine's own answer of now, which is remembered: a remembered one does not know of a GPU that came or went since.
// Errors: as engine_profile().
EngineProfile fresh_profile(const EngineLocation& location, Device device, Precision precision, unsigned threads);

// The remembered answer alone: opens no engine. Errors: kNotFound.
EngineProfile remembered_profile(const EngineLocation& location, Device device, Precision precision, unsigned threads);

// The last answer that the engine gave with any libtorch, all else being equal: for one that cannot be opened now, so
// that what it has drawn is found.
std::optional<EngineProfile> last_profile(const EngineLocation& location, Device device, Precision precision,
                                          unsigned threads);

// The engine's part of the key: docs/key-format.md. Reads the environment for the settings of the libraries.
std::string fingerprint_text(const EngineProfile& profile, Fingerprint fingerprint);

}  // namespace zimg::generator
