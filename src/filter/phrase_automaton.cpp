#include "filter/phrase_automaton.hpp"

namespace zimg::filter {

PhraseAutomaton::PhraseAutomaton(const std::vector<std::u32string>& phrases) : states_(1) {
  for (std::size_t i = 0; i < phrases.size(); ++i) add(phrases[i], static_cast<std::uint32_t>(i));
  link();
}

void PhraseAutomaton::add(const std::u32string& phrase, std::uint32_t number) {
  std::uint32_t state = 0;
  for (const char32_t code : phrase) {
    std::uint32_t to = child(state, code);
    if (to == kNone) {
      to = static_cast<std::uint32_t>(states_.size());
      std::vector<Edge>& edges = states_[state].edges;
      const auto place =
          std::find_if(edges.begin(), edges.end(), [code](const Edge& edge) { return edge.code > code; });
      edges.insert(place, {code, to});
      states_.emplace_back();
    }
    state = to;
  }
  if (states_[state].phrase == kNone) states_[state].phrase = number;
}

// Breadth first: a fallback is shorter than its state, so it is linked already.
void PhraseAutomaton::link() {
  std::vector<std::uint32_t> order{0};
  order.reserve(states_.size());
  for (std::size_t at = 0; at < order.size(); ++at) {
    const std::uint32_t from = order[at];
    for (const Edge& edge : states_[from].edges) {
      State& to = states_[edge.to];
      if (from != 0) to.fallback = next(states_[from].fallback, edge.code);
      const State& fallback = states_[to.fallback];
      to.shorter = fallback.phrase != kNone ? to.fallback : fallback.shorter;
      order.push_back(edge.to);
    }
  }
}

std::uint32_t PhraseAutomaton::child(std::uint32_t state, char32_t code) const {
  const std::vector<Edge>& edges = states_[state].edges;
  const auto found = std::lower_bound(edges.begin(), edges.end(), code,
                                      [](const Edge& edge, char32_t wanted) { return edge.code < wanted; });
  return found != edges.end() && found->code == code ? found->to : kNone;
}

std::uint32_t PhraseAutomaton::next(std::uint32_t state, char32_t code) const {
  while (true) {
    const std::uint32_t to = child(state, code);
    if (to != kNone) return to;
    if (state == 0) return 0;
    state = states_[state].fallback;
  }
}

}  // namespace zimg::filter
