#include "filter/keyword_filter.hpp"

#include <algorithm>

#include "base/namespace_name.hpp"
#include "filter/keyword_file.hpp"
#include "filter/matching_form.hpp"
#include "zimg/error.hpp"

namespace zimg::filter {
namespace {

void check(const KeywordList& list) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::kInvalidArgument, "the keyword list '" + list.path + "' " + what);
  };
  if (list.action > KeywordAction::kTag) {
    refuse("has the action " + std::to_string(static_cast<int>(list.action)) + " where 0, 1 or 2 is expected");
  }
  if (list.action == KeywordAction::kTag && !base::is_namespace_name(list.tag)) {
    refuse("has no tag of 1 to 64 of A-Z a-z 0-9 . _ @ : -, which its action expects");
  }
  if (list.action != KeywordAction::kTag && !list.tag.empty()) refuse("has a tag, which goes with the action tag only");
}

}  // namespace

KeywordFilter::KeywordFilter(const std::vector<KeywordList>& lists) {
  for (const KeywordList& list : lists) {
    check(list);
    lists_.push_back({list.action, list.tag, WordFinder(read_keywords(list.path))});
  }
  std::stable_partition(lists_.begin(), lists_.end(),
                        [](const List& list) { return list.action == KeywordAction::kRefuse; });
}

Verdict KeywordFilter::judge(std::string_view prompt) const {
  Verdict verdict;
  if (lists_.empty()) return verdict;
  const std::u32string form = matching_form(prompt);
  for (const List& list : lists_) {
    if (!list.words.finds(form)) continue;
    verdict.is_caught = true;
    if (list.action == KeywordAction::kRefuse) {
      throw Error(ErrorCode::kRefused, "the prompt holds a word that a keyword list refuses");
    }
    if (list.action == KeywordAction::kNoStore) verdict.may_be_stored = false;
    const bool is_new_tag = std::find(verdict.tags.begin(), verdict.tags.end(), list.tag) == verdict.tags.end();
    if (list.action == KeywordAction::kTag && is_new_tag) verdict.tags.push_back(list.tag);
  }
  return verdict;
}

}  // namespace zimg::filter
