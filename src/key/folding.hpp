// Folding a prompt to its canonical form: what is folded away here is seen neither by the key nor by the model.
//
// Free functions; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "zimg/request.hpp"

namespace zimg::key {

struct FoldedText {
  std::string text;                  // UTF-8
  std::vector<std::string> changes;  // one phrase for each kind of change; never any of the text itself
};

class Synonyms;

// Idempotent. `synonyms`, which may be null, are read at the loose level only. Quoted text is composed (Unicode NFC)
// and otherwise left alone at every level. REQUIRES: `text` is valid UTF-8.
FoldedText fold_text(std::string_view text, MatchLevel level, const Synonyms* synonyms = nullptr);

}  // namespace zimg::key
