#include "enxerto/generation/text_measures.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr std::size_t kLongestRun = 4;

/// All parts of a text: a state is a set of parts that end at the same places.
class PartsOf {
 public:
  explicit PartsOf(std::string_view text) : states_(1) {
    for (std::size_t i = 0; i < text.size(); ++i) append(static_cast<unsigned char>(text[i]), i + 1);
  }

  struct Match {
    std::size_t length = 0, end = 0, end_in = 0;
  };

  Match longest_in(std::string_view other) const {
    Match longest;
    int state = 0;
    std::size_t length = 0;
    for (std::size_t i = 0; i < other.size(); ++i) {
      const auto letter = static_cast<unsigned char>(other[i]);
      while (state > 0 && !states_[to_size(state)].next.contains(letter)) {
        state = states_[to_size(state)].link;
        length = states_[to_size(state)].length;
      }
      if (const auto next = states_[to_size(state)].next.find(letter); next != states_[to_size(state)].next.end()) {
        state = next->second;
        ++length;
      }
      if (length > longest.length) longest = {.length = length, .end = states_[to_size(state)].end, .end_in = i + 1};
    }
    return longest;
  }

 private:
  struct State {
    std::size_t length = 0, end = 0;
    int link = -1;
    std::map<unsigned char, int> next = {};
  };

  void append(unsigned char letter, std::size_t end) {
    const int added = add({.length = states_[to_size(last_)].length + 1, .end = end, .link = 0});
    int state = last_;
    for (; state >= 0 && !states_[to_size(state)].next.contains(letter); state = states_[to_size(state)].link)
      states_[to_size(state)].next[letter] = added;
    if (state >= 0) states_[to_size(added)].link = split(state, letter);
    last_ = added;
  }

  /// Where the longest part goes that `state` and `letter` end with.
  int split(int state, unsigned char letter) {
    const int next = states_[to_size(state)].next.at(letter);
    if (states_[to_size(state)].length + 1 == states_[to_size(next)].length) return next;
    State copy = states_[to_size(next)];
    copy.length = states_[to_size(state)].length + 1;
    const int apart = add(std::move(copy));
    for (; state >= 0; state = states_[to_size(state)].link) {
      const auto found = states_[to_size(state)].next.find(letter);
      if (found == states_[to_size(state)].next.end() || found->second != next) break;
      found->second = apart;
    }
    states_[to_size(next)].link = apart;
    return apart;
  }

  int add(State state) {
    states_.push_back(std::move(state));
    return static_cast<int>(states_.size()) - 1;
  }

  std::vector<State> states_;
  int last_ = 0;
};

bool continues_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

Repetition repetition_of(std::span<const std::vector<std::int64_t>> texts) {
  using Run = std::vector<std::int64_t>;
  std::array<std::set<Run>, kLongestRun> different;
  std::array<std::size_t, kLongestRun> all{};
  std::size_t repeated = 0;
  for (const std::vector<std::int64_t>& text : texts) {
    std::set<Run> own;
    for (std::size_t size = 1; size <= kLongestRun; ++size)
      for (std::size_t i = 0; i + size <= text.size(); ++i) {
        Run run(text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(i + size));
        ++all[size - 1];
        if (size == kLongestRun && !own.insert(run).second) ++repeated;
        different[size - 1].insert(std::move(run));
      }
  }
  Repetition found;
  for (std::size_t i = 0; i < kLongestRun; ++i)
    if (all[i] > 0) found.distinct[i] = static_cast<double>(different[i].size()) / static_cast<double>(all[i]);
  if (all.back() > 0) found.repeated_4grams = static_cast<double>(repeated) / static_cast<double>(all.back());
  return found;
}

LongestCopy longest_copy(std::string_view text, std::string_view other) {
  const PartsOf::Match match = PartsOf(text).longest_in(other);
  std::size_t begin = match.end - match.length, end = match.end;
  while (begin < end && continues_a_character(text[begin])) ++begin;
  if (end < text.size())
    while (end > begin && continues_a_character(text[end])) --end;
  return {.text = std::string(text.substr(begin, end - begin)),
          .begin = begin,
          .begin_in = match.end_in - (match.end - begin)};
}

}  // namespace enxerto
