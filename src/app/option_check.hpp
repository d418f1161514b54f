// Looks at what the options say for all requests of a command, once and before the requests are looked at: what is
// wrong with an option is no line's fault, and one that changes nothing is a slip.
//
// One thread at a time.
#pragma once

#include <vector>

#include "app/drawing_options.hpp"
#include "zimg/generator.hpp"
#include "zimg/request.hpp"

namespace zimg::app {

// What the requests of a command ask for of that which options may serve.
struct Wanted {
  bool is_folding = false;  // any of them matches loosely
  bool is_guided = false;   // any of them says so itself

  void add(const Request& request);
};

// Of a list whose elements have a `request`.
template <class Listed>
Wanted wanted_of(const std::vector<Listed>& list) {
  Wanted wanted;
  for (const Listed& one : list) wanted.add(one.request);
  return wanted;
}

// Errors: kInvalidArgument for --synonyms where no request is folded by them.
void refuse_idle_synonyms(const DrawingOptions& options, const Wanted& wanted);

// Warns on stderr of options that steer guidance where there is none: neither `defaults`, which the options make, nor
// the model nor a request asks for it.
void warn_of_idle_guidance(const DrawingOptions& options, Generator& generator, const Request& defaults,
                           const Wanted& wanted);

// Errors: kInvalidArgument of Generator::key() for `defaults`, with the option before the sentence where it is one
// option's fault. What else keeps them from having a key is left to what needs one.
void check_options(Generator& generator, const Request& defaults);

}  // namespace zimg::app
