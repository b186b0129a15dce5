#include "enxerto/metrics/transcript_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include <re2/re2.h>

#include "enxerto/base/setting.h"
#include "enxerto/metrics/answer_text.h"
#include "enxerto/metrics/text_points.h"

namespace enxerto {
namespace {

std::string as_it_is(std::string_view text) { return std::string(text); }

std::string lowered_words(std::string_view text) {
  static const RE2 kApostrophe("(\\pL)['\u2019](\\pL)"), kOther("[\\pP\\pS]"), kKept("\uE000");
  std::string plain = lowered_text(text);
  // Twice: in "o'a'b" the letters of the two places overlap.
  for (int i = 0; i < 2; ++i) RE2::GlobalReplace(&plain, kApostrophe, "\\1\uE000\\2");
  RE2::GlobalReplace(&plain, kOther, " ");
  RE2::GlobalReplace(&plain, kKept, "'");
  std::string joined;
  for (const std::string_view word : split_at_blanks(plain)) joined.append(joined.empty() ? "" : " ").append(word);
  return joined;
}

constexpr std::array kNormalisers{
    TranscriptNormaliser{"none", "as they are", as_it_is},
    TranscriptNormaliser{"lower", "in lower case", lowered_text},
    TranscriptNormaliser{"lower_without_punctuation", "in lower case, without punctuation", lowered_words},
};

}  // namespace

std::span<const TranscriptNormaliser> transcript_normalisers() { return kNormalisers; }

const TranscriptNormaliser& transcript_normaliser(std::string_view name) {
  const auto* const row = std::ranges::find(kNormalisers, name, &TranscriptNormaliser::name);
  if (row != kNormalisers.end()) return *row;
  std::vector<std::string> names;
  for (const TranscriptNormaliser& known : kNormalisers) names.emplace_back(known.name);
  refuse_word("normaliser", name, names);
}

}  // namespace enxerto
