#include "engine/pipeline/host_settings.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <c10/util/Exception.h>
#include <omp.h>
#include <torch/version.h>

#include <array>
#include <cfenv>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace zimg::engine {
namespace {

// A setting that is on or off, and how it is in a process that never touched it.
struct Switch {
  bool (at::Context::*get)() const;
  void (at::Context::*set)(bool);
  bool usual;
};

template <class Context>
std::vector<Switch> switches() {
  std::vector<Switch> all = {
      {&Context::userEnabledMkldnn, &Context::setUserEnabledMkldnn, true},
      {&Context::userEnabledCuDNN, &Context::setUserEnabledCuDNN, true},
      {&Context::benchmarkCuDNN, &Context::setBenchmarkCuDNN, false},
      {&Context::deterministicCuDNN, &Context::setDeterministicCuDNN, false},
      {&Context::userEnabledFlashSDP, &Context::setSDPUseFlash, true},
      {&Context::userEnabledMemEfficientSDP, &Context::setSDPUseMemEfficient, true},
      {&Context::userEnabledMathSDP, &Context::setSDPUseMath, true},
      {&Context::userEnabledCuDNNSDP, &Context::setSDPUseCuDNN, true},
  };
  if constexpr (requires { &Context::deterministicMkldnn; }) {
    all.push_back({&Context::deterministicMkldnn, &Context::setDeterministicMkldnn, false});
  }
  return all;
}

// How float32 is multiplied: the switch for products of all devices, and what each operation is said to do. Releases
// before 2.11 name the latter otherwise, and have the switch of cuDNN's convolutions instead.
#if TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 11
class Precisions {
 public:
  explicit Precisions(at::Context& context) {
    for (std::size_t i = 0; i < kOperations.size(); ++i) {
      of_operations_[i] = context.float32Precision(kOperations[i].first, kOperations[i].second);
    }
  }
  static void set_full(at::Context& context) {
    for (const auto& [backend, operation] : kOperations) {
      context.setFloat32Precision(backend, operation, at::Float32Precision::IEEE);
    }
  }
  void put_back(at::Context& context) const {
    for (std::size_t i = 0; i < kOperations.size(); ++i) {
      context.setFloat32Precision(kOperations[i].first, kOperations[i].second, of_operations_[i]);
    }
  }

 private:
  static constexpr std::array<std::pair<at::Float32Backend, at::Float32Op>, 4> kOperations{{
      {at::Float32Backend::MKLDNN, at::Float32Op::MATMUL},
      {at::Float32Backend::MKLDNN, at::Float32Op::CONV},
      {at::Float32Backend::CUDA, at::Float32Op::MATMUL},
      {at::Float32Backend::CUDA, at::Float32Op::CONV},
  }};
  std::array<at::Float32Precision, kOperations.size()> of_operations_{};
};
#else
class Precisions {
 public:
  explicit Precisions(at::Context& context) : cudnn_(context.allowTF32CuDNN()) {}
  static void set_full(at::Context& context) { context.setAllowTF32CuDNN(false); }
  void put_back(at::Context& context) const { context.setAllowTF32CuDNN(cudnn_); }

 private:
  bool cudnn_;
};
#endif

// libtorch refuses to name it where a host has set the operations and not this: then it is as it comes.
at::Float32MatmulPrecision matmul_precision(at::Context& context) {
  try {
    return context.float32MatmulPrecision();
  } catch (const c10::Error&) {
    return at::Float32MatmulPrecision::HIGHEST;
  }
}

const char* name_of(at::Float32MatmulPrecision precision) {
  switch (precision) {
    case at::Float32MatmulPrecision::HIGH:
      return "high";
    case at::Float32MatmulPrecision::MEDIUM:
      return "medium";
    default:
      return "highest";
  }
}

// What the host had.
class Kept {
 public:
  explicit Kept(at::Context& context)
      : deterministic_(context.deterministicAlgorithms()),
        only_warns_(context.deterministicAlgorithmsWarnOnly()),
        matmul_(matmul_precision(context)),
        precisions_(context),
        type_(c10::get_default_dtype()) {
    for (const Switch& one : switches<at::Context>()) {
      if ((context.*one.get)() == one.usual) continue;
      turned_.push_back(one);
      (context.*one.set)(one.usual);
    }
    context.setDeterministicAlgorithms(false, false);
    context.setFloat32MatmulPrecision(name_of(at::Float32MatmulPrecision::HIGHEST));
    Precisions::set_full(context);
    c10::set_default_dtype(caffe2::TypeMeta::Make<float>());
  }

  void put_back(at::Context& context) const {
    for (const Switch& one : turned_) (context.*one.set)(!one.usual);
    context.setDeterministicAlgorithms(deterministic_, only_warns_);
    context.setFloat32MatmulPrecision(name_of(matmul_));
    precisions_.put_back(context);
    c10::set_default_dtype(type_);
  }

 private:
  std::vector<Switch> turned_;
  bool deterministic_, only_warns_;
  at::Float32MatmulPrecision matmul_;
  Precisions precisions_;
  caffe2::TypeMeta type_;
};

struct Shared {
  std::mutex mutex;
  int users = 0;             // guarded by mutex
  std::optional<Kept> kept;  // guarded by mutex; there while somebody uses it
};

Shared& shared() {
  static Shared of_process;
  return of_process;
}

// How many threads OpenMP gives this one where it asks for so many: what limits them is told to nobody beforehand.
unsigned team_size(unsigned asked) {
  int size = 1;
#pragma omp parallel num_threads(static_cast <int>(asked))
  {
#pragma omp master
    size = omp_get_num_threads();
  }
  return static_cast<unsigned>(size);
}

}  // namespace

OwnSettings::OwnSettings() {
  const std::lock_guard lock(shared().mutex);
  if (shared().users == 0) shared().kept.emplace(at::globalContext());
  ++shared().users;
}

OwnSettings::~OwnSettings() {
  const std::lock_guard lock(shared().mutex);
  if (--shared().users > 0) return;
  shared().kept->put_back(at::globalContext());
  shared().kept.reset();
}

OwnThread::OwnThread(unsigned threads) : rounding_before_(std::fegetround()), dynamic_before_(omp_get_dynamic()) {
  std::fesetround(FE_TONEAREST);
  omp_set_dynamic(0);  // else every team is as small as the machine is busy
  // A thread's first work takes the number of the process, here and in libtorch each: afterwards, what is set counts.
  at::parallel_for(0, 1, 1, [](std::int64_t, std::int64_t) {});
  threads_before_ = at::get_num_threads();
  // libtorch deals out its work before it has a team, and leaves undone what it dealt to threads that do not come.
  at::set_num_threads(static_cast<int>(team_size(threads)));
}

OwnThread::~OwnThread() {
  at::set_num_threads(threads_before_);
  omp_set_dynamic(dynamic_before_);
  std::fesetround(rounding_before_);
}

unsigned threads_of_a_drawing(unsigned asked) {
  unsigned threads = 1;
  std::thread([&] {
    omp_set_dynamic(0);
    threads = team_size(asked);
  }).join();
  return threads;
}

}  // namespace zimg::engine
