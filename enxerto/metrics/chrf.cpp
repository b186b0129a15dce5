#include "enxerto/metrics/chrf.h"

#include <vector>

#include <fmt/format.h>

#include "enxerto/base/utf8.h"
#include "enxerto/metrics/bleu.h"
#include "enxerto/metrics/ngram_counts.h"
#include "enxerto/metrics/text_points.h"

namespace enxerto {
namespace {

/// The characters of a text that are not blank.
struct Characters {
  std::string text;
  std::vector<std::size_t> begins;  ///< of each, bytes; then the end
};

Characters characters_of(std::string_view text) {
  Characters found;
  for (const std::string_view word : split_at_blanks(text)) {
    for (std::string_view rest = word; !rest.empty();) {
      const std::size_t length = first_point(rest).bytes.size();
      found.begins.push_back(found.text.size());
      found.text += rest.substr(0, length);
      rest.remove_prefix(length);
    }
  }
  found.begins.push_back(found.text.size());
  return found;
}

NgramCounts character_ngrams(const Characters& characters, std::size_t order) {
  NgramCounts counts;
  const std::vector<std::size_t>& begins = characters.begins;
  for (std::size_t i = 0; i + order < begins.size(); ++i)
    ++counts[characters.text.substr(begins[i], begins[i + order] - begins[i])];
  return counts;
}

/// Words, of which a punctuation mark at the end, or else at the beginning, stands apart.
std::vector<std::string_view> words_and_marks(std::string_view text) {
  constexpr std::string_view kMarks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  std::vector<std::string_view> words;
  for (const std::string_view word : split_at_blanks(text)) {
    const bool single = first_point(word).bytes.size() == word.size();
    const bool behind = kMarks.find(word.back()) != std::string_view::npos;
    const bool before = kMarks.find(word.front()) != std::string_view::npos;
    if (single || (!behind && !before)) {
      words.push_back(word);
      continue;
    }
    const std::size_t at = behind ? word.size() - 1 : 1;
    words.push_back(word.substr(0, at));
    words.push_back(word.substr(at));
  }
  return words;
}

std::vector<NgramCounts> runs_of(std::string_view text, std::size_t words) {
  std::vector<NgramCounts> runs;
  const Characters characters = characters_of(text);
  for (std::size_t n = 1; n <= kChrfCharacters; ++n) runs.push_back(character_ngrams(characters, n));
  const std::vector<std::string_view> marked = words == 0 ? std::vector<std::string_view>() : words_and_marks(text);
  for (std::size_t n = 1; n <= words; ++n) runs.push_back(word_ngrams(marked, n));
  return runs;
}

}  // namespace

ChrfCounts& ChrfCounts::add(const ChrfCounts& other, std::uint64_t times) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs.at(i).said += times * other.runs.at(i).said;
    runs.at(i).right += times * other.runs.at(i).right;
    runs.at(i).both += times * other.runs.at(i).both;
  }
  return *this;
}

ChrfCounts chrf_counts(std::string_view said, std::span<const std::string_view> references, std::size_t words) {
  const std::vector<NgramCounts> own = runs_of(said, words);
  ChrfCounts best;
  double highest = -1;
  for (const std::string_view reference : references) {
    const std::vector<NgramCounts> right = runs_of(reference, words);
    ChrfCounts counts;
    for (std::size_t i = 0; i < own.size(); ++i)
      counts.runs.at(i) = {.said = right[i].empty() ? 0 : number_of(own[i]),
                           .right = number_of(right[i]),
                           .both = common_ngrams(own[i], right[i])};
    const double score = chrf(counts);
    if (score <= highest) continue;
    highest = score;
    best = counts;
  }
  return best;
}

double chrf(const ChrfCounts& counts) {
  constexpr double kBetaSquared = 4;
  double precision = 0, recall = 0;
  std::size_t orders = 0;
  for (const RunCounts& run : counts.runs) {
    if (run.said == 0 || run.right == 0) continue;
    precision += static_cast<double>(run.both) / static_cast<double>(run.said);
    recall += static_cast<double>(run.both) / static_cast<double>(run.right);
    ++orders;
  }
  if (orders == 0 || precision + recall == 0) return 0;
  precision /= static_cast<double>(orders);
  recall /= static_cast<double>(orders);
  return 100 * (1 + kBetaSquared) * precision * recall / (kBetaSquared * precision + recall);
}

std::string chrf_signature(std::size_t words, std::size_t references) {
  return fmt::format("nrefs:{}|case:mixed|eff:yes|nc:{}|nw:{}|space:no|version:{}", references, kChrfCharacters, words,
                     kSacrebleuVersion);
}

}  // namespace enxerto
