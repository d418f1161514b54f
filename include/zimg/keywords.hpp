// Keyword lists: what becomes of requests whose prompt holds a word that a list names.
//
// This keeps a store and its logs clean of words that somebody would rather not find there. It is no content safety: it
// reads the prompt, never the picture, and a prompt can say the same in other words.
#pragma once

#include <cstdint>
#include <string>

namespace zimg {
inline namespace v0 {

enum class KeywordAction : std::uint8_t {
  kNoStore = 0,  // drawn and delivered, never stored
  kRefuse = 1,   // Error with code kRefused, before any work
  kTag = 2,      // stored as any other, with a tag by which it can be purged
};

struct KeywordList {
  // UTF-8, a word or phrase a line; lines that begin with # and blank ones are passed over. At most 1 MiB, 1024 bytes a
  // line. Read once, by the constructor of Generator.
  std::string path;
  KeywordAction action = KeywordAction::kNoStore;
  std::string tag;  // 1 to 64 of A-Z a-z 0-9 . _ @ : - where the action is kTag; empty otherwise
};

}  // namespace v0
}  // namespace zimg
