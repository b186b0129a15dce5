#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/words.h"

namespace enxerto {

/// When a search with beams ends (transformers' `early_stopping`).
enum class BeamsEnd {
  heuristic,  ///< once no running beam, at its present length, is better than the worst that has ended
  as_soon,    ///< once as many have ended as there are beams
  never,      ///< once none can get better, whatever its length
};
template <>
inline constexpr std::array<std::string_view, 3> kWords<BeamsEnd>{"heuristic", "as-soon", "never"};

/// How a text is continued. The defaults take the most probable token each time.
struct GenerationOptions {
  std::int64_t max_new_tokens = 128;
  std::int64_t min_new_tokens = 0;   ///< so many before the first that may end the text
  double temperature = 0;            ///< above 0: tokens are drawn, with scores divided by it
  std::int64_t top_k = 0;            ///< drawn among so many most probable; 0: all
  double top_p = 1;                  ///< .. among the fewest that have this probability together
  double min_p = 0;                  ///< .. among those of this share of the most probable one's probability
  double repetition_penalty = 1;     ///< of tokens that the text has: positive scores are divided by it
  std::int64_t no_repeat_ngram = 0;  ///< no run of so many tokens twice; 0: any
  std::int64_t samples = 1;          ///< texts for each prompt
  std::int64_t beams = 1;            ///< above 1: the text that is most probable as a whole is searched for
  double length_penalty = 1;         ///< with beams: the log-probability is divided by the length to this power
  BeamsEnd early_stopping = BeamsEnd::heuristic;
  bool slide = false;  ///< where the network's positions are used up, go on with the second half of them alone
  std::vector<std::string> stop = {};  ///< texts before which a text ends
  std::uint64_t seed = 0;
};

/// Throws Error{usage} for a value that is out of range, and for one that has no effect beside the others.
void check(const GenerationOptions& options);

}  // namespace enxerto
