#include "engine/pipeline/host_settings.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <omp.h>

#include <cfenv>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/pipeline/float32_precision.hpp"
#include "zimg/error.hpp"

namespace zimg::engine {
namespace {

// A setting that is on or off, and how drawings have it: as a process that never touched it, but for cuDNN's.
struct Switch {
  bool (at::Context::*get)() const;
  void (at::Context::*set)(bool);
  bool of_drawings;
};

template <class Context>
std::vector<Switch> switches() {
  std::vector<Switch> all = {
      {&Context::userEnabledMkldnn, &Context::setUserEnabledMkldnn, true},
      {&Context::userEnabledCuDNN, &Context::setUserEnabledCuDNN, true},
      {&Context::benchmarkCuDNN, &Context::setBenchmarkCuDNN, false},
      {&Context::deterministicCuDNN, &Context::setDeterministicCuDNN, true},  // the same picture each time
      {&Context::userEnabledFlashSDP, &Context::setSDPUseFlash, true},
      {&Context::userEnabledMemEfficientSDP, &Context::setSDPUseMemEfficient, true},
      {&Context::userEnabledMathSDP, &Context::setSDPUseMath, true},
      // Some releases put it before the others in the midst of the first drawing of a process: later ones would differ.
      {&Context::userEnabledCuDNNSDP, &Context::setSDPUseCuDNN, false},
      {&Context::allowFP16BF16ReductionMathSDP, &Context::setAllowFP16BF16ReductionMathSDP, false},
  };
  if constexpr (requires { &Context::deterministicMkldnn; }) {
    all.push_back({&Context::deterministicMkldnn, &Context::setDeterministicMkldnn, false});
  }
  if constexpr (requires { &Context::allowFP16AccumulationCuBLAS; }) {
    all.push_back({&Context::allowFP16AccumulationCuBLAS, &Context::setAllowFP16AccumulationCuBLAS, false});
  }
  if constexpr (requires { &Context::userEnabledFA3SDP; }) {
    all.push_back({&Context::userEnabledFA3SDP, &Context::setSDPUseFA3, false});
  }
  return all;
}

// Whether cuBLAS may sum in a shorter type. Later releases say besides whether it may split sums where it may not.
template <class Context>
class SumsOfProducts {
 public:
  explicit SumsOfProducts(const Context& context)
      : fp16_(context.allowFP16ReductionCuBLAS()), bf16_(context.allowBF16ReductionCuBLAS()) {}

  void set(Context& context) const {
    if constexpr (std::is_same_v<Option, bool>) {
      context.setAllowFP16ReductionCuBLAS(fp16_);
      context.setAllowBF16ReductionCuBLAS(bf16_);
    } else {
      context.setAllowFP16ReductionCuBLAS(shortens(fp16_), splits(fp16_));
      context.setAllowBF16ReductionCuBLAS(shortens(bf16_), splits(bf16_));
    }
  }

 private:
  using Option = decltype(std::declval<const Context&>().allowFP16ReductionCuBLAS());
  static bool shortens(Option option) { return option == Option::AllowReducedPrecisionWithSplitK; }
  static bool splits(Option option) { return option != Option::DisallowReducedPrecisionDisallowSplitK; }

  Option fp16_, bf16_;
};

// Which of several kernels is taken.
class Preferences {
 public:
  explicit Preferences(at::Context& context)
      : products_(context.blasPreferredBackend()), attention_(order_of_attention(context)) {}

  void set(at::Context& context) const {
    context.setSDPPriorityOrder(attention_);
    set_products(context);
  }

  // After drawings with `drawn_with`. Where a host never chose an order, libtorch's own choice in their midst stays: it
  // makes it but once.
  void put_back(at::Context& context, const Preferences& drawn_with) const {
    const bool is_hosts_own = attention_ != drawn_with.attention_;
    if (is_hosts_own || order_of_attention(context) == drawn_with.attention_) context.setSDPPriorityOrder(attention_);
    set_products(context);
  }

 private:
  static std::vector<std::int64_t> order_of_attention(at::Context& context) {
    std::vector<std::int64_t> order;
    for (const at::SDPBackend kernel : context.sDPPriorityOrder()) order.push_back(static_cast<std::int64_t>(kernel));
    return order;
  }

  void set_products(at::Context& context) const {
    // Without a GPU there is nothing to prefer, and libtorch may refuse what the environment asks for.
    if (at::Context::hasCUDART() && context.blasPreferredBackend() != products_) {
      context.setBlasPreferredBackend(products_);
    }
  }

  at::BlasBackend products_;
  std::vector<std::int64_t> attention_;
};

// What the host had.
class Kept {
 public:
  explicit Kept(at::Context& context)
      : deterministic_(context.deterministicAlgorithms()),
        only_warns_(context.deterministicAlgorithmsWarnOnly()),
        float32_(context),
        sums_(context),
        preferences_(context),
        type_(c10::get_default_dtype()) {
    for (const Switch& one : switches<at::Context>()) {
      if ((context.*one.get)() == one.of_drawings) continue;
      turned_.push_back(one);
      (context.*one.set)(one.of_drawings);
    }
    context.setDeterministicAlgorithms(false, false);
    Float32Precision::set_full(context);
    at::Context usual;  // by the environment, as a process begins
    SumsOfProducts<at::Context>(usual).set(context);
    drawn_with_.emplace(usual);
    drawn_with_->set(context);
    c10::set_default_dtype(caffe2::TypeMeta::Make<float>());
  }

  void put_back(at::Context& context) const {
    for (const Switch& one : turned_) (context.*one.set)(!one.of_drawings);
    context.setDeterministicAlgorithms(deterministic_, only_warns_);
    float32_.put_back(context);
    sums_.set(context);
    preferences_.put_back(context, *drawn_with_);
    c10::set_default_dtype(type_);
  }

 private:
  std::vector<Switch> turned_;
  bool deterministic_, only_warns_;
  Float32Precision float32_;
  SumsOfProducts<at::Context> sums_;
  Preferences preferences_;
  std::optional<Preferences> drawn_with_;
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

// How many threads OpenMP gives this one where it asks for so many: what limits them is told to nobody beforehand. They
// compute as a process does that set nothing; of themselves they do as the thread that they were made by.
unsigned team_size(unsigned asked) {
  int size = 1;
#pragma omp parallel num_threads(static_cast <int>(asked))
  {
    std::fesetenv(FE_DFL_ENV);
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

OwnThread::OwnThread(unsigned threads) : dynamic_before_(omp_get_dynamic()) {
  std::fegetenv(&floats_before_);
  std::fesetenv(FE_DFL_ENV);
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
  std::fesetenv(&floats_before_);
}

unsigned threads_of_a_drawing(unsigned asked) {
  unsigned threads = 1;
  try {
    std::thread([&] {
      omp_set_dynamic(0);
      threads = team_size(asked);
    }).join();
  } catch (const std::system_error& e) {
    throw Error(ErrorCode::kOutOfMemory, std::string("the system gives no thread to draw on: ") + e.what());
  }
  return threads;
}

}  // namespace zimg::engine
