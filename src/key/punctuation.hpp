// Writing punctuation in the form that is native to the text it follows. docs/key-format.md explains the rules.
#pragma once

#include <vector>

#include "key/quotes.hpp"

namespace zimg::key {

// Folds the punctuation of the segments that are not quoted and tells whether that changed any; no segment changes its
// length. Takes linear time.
// REQUIRES: nothing that can be dropped as invisible, no full-width letters or digits outside quotations.
bool fold_punctuation(std::vector<Segment>& segments);

}  // namespace zimg::key
