#include "generator/engine_profile.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/folder_listing.hpp"
#include "base/json.hpp"
#include "base/processor.hpp"
#include "base/sha256.hpp"
#include "checkpoint/model_identity.hpp"
#include "generator/torch_search.hpp"
#include "zimg/version.hpp"

namespace zimg::generator {
namespace {

constexpr std::uint64_t kMaxProfileBytes = 64 * 1024;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Those of the variables that are set, with what they are set to.
std::string set_of(std::initializer_list<const char*> names) {
  std::string set;
  for (const char* name : names) {
    if (std::getenv(name) != nullptr) set += (set.empty() ? "" : " ") + std::string(name) + "=" + variable(name);
  }
  return set;
}

// By which libtorch, oneDNN, MKL, cuBLAS and cuDNN round otherwise on the same device.
std::string settings_of_libraries() {
  return set_of({"ATEN_CPU_CAPABILITY",
                 "CUBLASLT_WORKSPACE_SIZE",
                 "CUBLAS_WORKSPACE_CONFIG",
                 "DISABLE_ADDMM_CUDA_LT",
                 "DNNL_DEFAULT_FPMATH_MODE",
                 "DNNL_MAX_CPU_ISA",
                 "MKL_CBWR",
                 "MKL_ENABLE_INSTRUCTIONS",
                 "NVIDIA_TF32_OVERRIDE",
                 "ONEDNN_DEFAULT_FPMATH_MODE",
                 "ONEDNN_MAX_CPU_ISA",
                 "PYTORCH_TUNABLEOP_ENABLED",
                 "PYTORCH_TUNABLEOP_FILENAME",
                 "PYTORCH_TUNABLEOP_TUNING",
                 "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
                 "TORCH_BLAS_PREFER_CUBLASLT",
                 "TORCH_CUBLASLT_UNIFIED_WORKSPACE",
                 "TORCH_CUDNN_SDPA_DEPRIORITIZED",
                 "TORCH_CUDNN_SDPA_PREFERRED",
                 "TORCH_CUDNN_USE_HEURISTIC_MODE_B",
                 "TORCH_CUDNN_V8_API_DISABLED"});
}

// By which OpenMP, of GCC or of LLVM, gives fewer threads than it is asked for.
std::string settings_of_teams() {
  return set_of({"KMP_ALL_THREADS", "KMP_DEVICE_THREAD_LIMIT", "KMP_MAX_THREADS", "OMP_DYNAMIC", "OMP_DYNAMIC_ALL",
                 "OMP_MAX_ACTIVE_LEVELS", "OMP_MAX_ACTIVE_LEVELS_ALL", "OMP_NESTED", "OMP_THREAD_LIMIT",
                 "OMP_THREAD_LIMIT_ALL"});
}

std::string first_line_with(const std::string& path, const std::string& start) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(start)) return line;
  }
  return "";
}

// The cards that the driver shows this process, in a container perhaps not all, and what orders them.
std::string gpus_text() {
  std::string text = set_of({"CUDA_DEVICE_ORDER", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"});
  const std::string cards = "/proc/driver/nvidia/gpus";
  std::set<std::string> lines;
  try {
    for (const std::string& card : base::names_in_folder(cards)) {
      const std::string facts = cards + "/" + card + "/information";
      lines.insert(card + " " + first_line_with(facts, "Model") + " " + first_line_with(facts, "GPU UUID"));
    }
  } catch (const Error&) {
    // Hidden from this process, as in some containers: its devices below tell enough.
  }
  for (int i = 0; i < 64; ++i) {
    const std::string device = "/dev/nvidia" + std::to_string(i);
    if (::access(device.c_str(), R_OK) == 0) lines.insert(device);
  }
  for (const std::string& line : lines) text += "\n" + line;
  return text;
}

std::string stamp_text(const std::string& path) {
  const checkpoint::FileStamp stamp = checkpoint::stamp_of(path);
  return std::to_string(stamp.device) + ":" + std::to_string(stamp.inode) + ":" + std::to_string(stamp.size) + ":" +
         std::to_string(stamp.mtime_ns) + ":" + std::to_string(stamp.ctime_ns);
}

// Their paths, links resolved, and stamps.
std::string libraries_text(const std::vector<std::string>& libraries) {
  std::string text;
  for (const std::string& library : libraries) {
    text += library + "=";
    try {
      text += stamp_text(library);
    } catch (const Error&) {
      // Gone since, which may be while a host still has it loaded.
    }
    text += "\n";
  }
  return text;
}

// A host's own libtorch counts before any that would be found.
std::vector<std::string> expected_torch(const EngineLocation& location) {
  if (std::string hosts = hosts_torch_library(); !hosts.empty()) return {std::move(hosts)};
  return torch_libraries_for(location);
}

// Everything that the answer depends on, but for a libtorch of the system's, whose place only the opened engine knows.
base::Json circumstances(const EngineLocation& location, Device device, Precision precision, unsigned threads) {
  return {
      {"module", location.module_path},
      {"module_stamp", stamp_text(location.module_path)},
      {"torch", location.torch_path},
      {"torch_libraries", libraries_text(expected_torch(location))},
      {"library_path", variable("LD_LIBRARY_PATH")},
      {"gpus", gpus_text()},
      {"driver", first_line_with("/proc/driver/nvidia/version", "NVRM")},
      {"cpu", base::processor_identity()},
      {"settings", settings_of_libraries()},
      {"teams", settings_of_teams()},
      {"device", static_cast<int>(device)},
      {"precision", static_cast<int>(precision)},
      {"threads", threads},
      {"cores", std::thread::hardware_concurrency()},
  };
}

std::string profile_path(const base::Json& circumstances, const char* folder = "/profiles/") {
  const std::string home = base::cache_home();
  if (home.empty()) return "";
  const std::string facts = base::dump(circumstances);
  return home + folder + base::hex_of(base::sha256(facts.data(), facts.size())).substr(0, 32) + ".json";
}

// Where the last answer stands that any libtorch gave.
std::string last_profile_path(base::Json circumstances) {
  for (const char* of_torch : {"torch", "torch_libraries", "library_path"}) circumstances.erase(of_torch);
  return profile_path(circumstances, "/last-profiles/");
}

// Of a profile: "auto" and numbers that nobody knows are not among them.
bool is_resolved(const EngineProfile& profile) {
  const auto is_known = [](Precision precision) {
    return precision == Precision::kFp32 || precision == Precision::kBf16 || precision == Precision::kFp16;
  };
  return (profile.device == Device::kCpu || profile.device == Device::kCuda) && is_known(profile.text_precision) &&
         is_known(profile.denoiser_precision) && is_known(profile.vae_precision);
}

enum class Library : std::uint8_t { kUnchanged = 0, kAny = 1 };

// Of a libtorch that is where it was, or of any, which may be gone.
std::optional<EngineProfile> read_profile(const std::string& path, Library needed) {
  if (path.empty()) return std::nullopt;
  try {
    const base::Json json =
        base::parse_json(base::read_file(path, kMaxProfileBytes, ErrorCode::kIo), path, ErrorCode::kIo);
    const std::string library = json.at("torch_library");
    if (needed == Library::kUnchanged && stamp_text(library) != json.at("torch_stamp")) return std::nullopt;
    EngineProfile profile;
    profile.device = static_cast<Device>(json.at("device").get<int>());
    profile.text_precision = static_cast<Precision>(json.at("text_precision").get<int>());
    profile.denoiser_precision = static_cast<Precision>(json.at("denoiser_precision").get<int>());
    profile.vae_precision = static_cast<Precision>(json.at("vae_precision").get<int>());
    profile.threads = json.at("threads");
    profile.numerics_version = json.at("numerics_version");
    profile.device_name = json.at("device_name");
    profile.torch_version = json.at("torch_version");
    if (!is_resolved(profile)) return std::nullopt;
    return profile;
  } catch (const Error&) {
    return std::nullopt;  // absent, damaged or of a libtorch that is gone: the engine is asked again
  } catch (const base::Json::exception&) {
    return std::nullopt;
  }
}

// What is loaded is no more what another process would load where a link was turned or a variable set meanwhile.
bool is_expected(const std::string& library, const EngineLocation& location) {
  const std::vector<std::string> expected = expected_torch(location);
  return expected.empty() || stamp_text(library) == stamp_text(expected.front());
}

void write_profile(const std::string& path, const std::string& last_path, const EngineProfile& profile,
                   const EngineLocation& location) {
  const std::string library = loaded_torch_library();
  if (path.empty() || library.empty()) return;
  try {
    if (!is_expected(library, location)) return;
    const base::Json json{
        {"torch_library", library},
        {"torch_stamp", stamp_text(library)},
        {"device", static_cast<int>(profile.device)},
        {"text_precision", static_cast<int>(profile.text_precision)},
        {"denoiser_precision", static_cast<int>(profile.denoiser_precision)},
        {"vae_precision", static_cast<int>(profile.vae_precision)},
        {"threads", profile.threads},
        {"numerics_version", profile.numerics_version},
        {"device_name", profile.device_name},
        {"torch_version", profile.torch_version},
    };
    for (const std::string& one : {path, last_path}) {
      base::create_private_folders(base::parent_of(one));
      base::write_file(one, base::dump(json, 2), 0600, false);
    }
  } catch (const Error&) {
    // A read-only home: the next process asks the engine again.
  }
}

EngineProfile ask_engine(const EngineLocation& location, Device device, Precision precision, unsigned threads) {
  const zimg_engine_table_v1& table = open_engine(location);
  zimg_engine_options options{};
  options.struct_size = sizeof(options);
  options.device = static_cast<std::uint32_t>(device);
  options.precision = static_cast<std::uint32_t>(precision);
  options.threads = threads;
  options.model_path = "";
  zimg_engine_resolution resolution{};
  resolution.struct_size = sizeof(resolution);
  zimg_engine_error error{};
  error.struct_size = sizeof(error);
  if (const int code = table.resolve(&options, &resolution, &error); code != 0) throw_engine_error(code, error);
  EngineProfile profile;
  profile.device = static_cast<Device>(resolution.device);
  profile.text_precision = static_cast<Precision>(resolution.text_precision);
  profile.denoiser_precision = static_cast<Precision>(resolution.denoiser_precision);
  profile.vae_precision = static_cast<Precision>(resolution.vae_precision);
  profile.threads = resolution.threads;
  profile.numerics_version = table.numerics_version;
  profile.device_name = resolution.device_name;
  profile.torch_version = resolution.torch_version;
  if (!is_resolved(profile)) throw Error(ErrorCode::kInternal, "the engine left its device or a precision unresolved");
  return profile;
}

const char* name_of(Precision precision) {
  switch (precision) {
    case Precision::kFp32:
      return "fp32";
    case Precision::kBf16:
      return "bf16";
    case Precision::kFp16:
      return "fp16";
    case Precision::kAuto:
      break;
  }
  throw Error(ErrorCode::kInternal, "the engine left a precision unresolved");
}

}  // namespace

EngineProfile engine_profile(const EngineLocation& location, Device device, Precision precision, unsigned threads) {
  const std::string path = profile_path(circumstances(location, device, precision, threads));
  if (auto profile = read_profile(path, Library::kUnchanged)) return *profile;
  return fresh_profile(location, device, precision, threads);
}

EngineProfile fresh_profile(const EngineLocation& location, Device device, Precision precision, unsigned threads) {
  const base::Json facts = circumstances(location, device, precision, threads);
  const std::string path = profile_path(facts);
  const std::string last_path = last_profile_path(facts);
  EngineProfile profile = ask_engine(location, device, precision, threads);
  if (read_profile(path, Library::kUnchanged) != profile || read_profile(last_path, Library::kAny) != profile) {
    write_profile(path, last_path, profile, location);
  }
  return profile;
}

std::optional<EngineProfile> last_profile(const EngineLocation& location, Device device, Precision precision,
                                          unsigned threads) {
  return read_profile(last_profile_path(circumstances(location, device, precision, threads)), Library::kAny);
}

EngineProfile remembered_profile(const EngineLocation& location, Device device, Precision precision, unsigned threads) {
  const std::string path = profile_path(circumstances(location, device, precision, threads));
  if (auto profile = read_profile(path, Library::kUnchanged)) return *profile;
  throw Error(ErrorCode::kNotFound,
              "whether the picture is in the cache cannot be told before the engine has been opened on this machine, "
              "and it was not to be drawn");
}

std::string fingerprint_text(const EngineProfile& profile, Fingerprint fingerprint) {
  std::string text = "zimg-numerics=" + std::to_string(profile.numerics_version) +
                     ";device=" + (profile.device == Device::kCuda ? "cuda" : "cpu") +
                     ";text=" + name_of(profile.text_precision) + ";denoiser=" + name_of(profile.denoiser_precision) +
                     ";vae=" + name_of(profile.vae_precision);
  if (fingerprint == Fingerprint::kStrict) {
    text += ";model=" + profile.device_name + ";libtorch=" + profile.torch_version +
            ";threads=" + std::to_string(profile.threads) + ";zimg=" + version();
    if (const std::string settings = settings_of_libraries(); !settings.empty()) text += ";settings=" + settings;
  }
  return text;
}

}  // namespace zimg::generator
