// Findings decide what happens to what is wrong with a model: thrown at once, or collected so that all of it is told.
//
// One thread at a time.
#pragma once

#include <string>
#include <vector>

#include "zimg/error.hpp"

namespace zimg::checkpoint {

class Findings {
 public:
  // Null: errors pass through. Otherwise they become entries of `problems`, which the caller keeps.
  explicit Findings(std::vector<std::string>* problems) : problems_(problems) {}

  // Runs `step`, which may throw Error. Running out of memory is never a finding.
  template <class Step>
  void attempt(Step&& step) const {
    try {
      step();
    } catch (const Error& e) {
      if (problems_ == nullptr || e.code() == ErrorCode::kOutOfMemory) throw;
      problems_->emplace_back(e.what());
    }
  }

 private:
  std::vector<std::string>* problems_;
};

}  // namespace zimg::checkpoint
