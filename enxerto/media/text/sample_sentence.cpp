#include "enxerto/media/text/sample_sentence.h"

#include <array>
#include <string_view>

#include "enxerto/base/rng.h"

namespace enxerto {
namespace {

using SentenceWords = std::array<std::string_view, 8>;
constexpr SentenceWords kWhich{"the old", "a bright", "every", "the second", "no", "that quiet", "one", "their new"};
constexpr SentenceWords kWho{"teacher", "river", "story", "window", "orchestra", "machine", "garden", "letter"};
constexpr SentenceWords kDoes{"reaches", "forgets", "carries", "surprises", "follows", "repairs", "explains", "leaves"};
constexpr SentenceWords kHow{"slowly", "without a word", "before noon", "in 1984",
                             "again",  "for once",       "by hand",     "at night"};

}  // namespace

std::string sample_sentence(std::uint64_t number) {
  Rng rng({.seed = number, .epoch = 0, .example = 0, .purpose = "sample"});
  const auto one_of = [&](const SentenceWords& words) { return words.at(rng.below(words.size())); };
  std::string sentence;
  const std::uint64_t clauses = 1 + rng.below(3);  // so that lengths differ
  for (std::uint64_t clause = 0; clause < clauses; ++clause) {
    if (clause > 0) sentence += ", and ";
    const SentenceWords* const order[] = {&kWhich, &kWho, &kDoes, &kWhich, &kWho, &kHow};
    for (std::size_t i = 0; i < std::size(order); ++i) {
      if (i > 0) sentence += ' ';
      sentence += one_of(*order[i]);
    }
  }
  return sentence + ".";
}

}  // namespace enxerto
