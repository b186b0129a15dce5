#include "enxerto/tasks/ctc_texts.h"

#include <algorithm>

#include "enxerto/tasks/ctc_decoding.h"
#include "enxerto/tasks/word_search.h"

namespace enxerto {
namespace {

std::string written(const Alphabet& alphabet, std::span<const std::int64_t> labels) {
  const std::string text = alphabet.text_of(labels);
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

CtcSearch search_of(const Alphabet& alphabet, const ReadingOptions& options) {
  CtcSearch search{.space = alphabet.space()};
  if (options.beams > 1) search.beams = options.beams;
  search.beams = std::max(search.beams, options.top_k);
  if (options.words) search.words = {.search = *options.words, .texts = alphabet.texts()};
  return search;
}

}  // namespace

bool searches(const ReadingOptions& options) { return options.beams > 1 || options.top_k > 1 || options.words; }

std::vector<CtcText> ctc_texts(std::span<const float> probabilities, const Alphabet& alphabet,
                               const ReadingOptions& options) {
  const std::size_t width = alphabet.width();
  if (!searches(options)) return {{.text = written(alphabet, greedy_labels(probabilities, width))}};
  std::vector<CtcText> found;
  for (const CtcBeam& beam : beam_labels(probabilities, width, search_of(alphabet, options))) {
    if (found.size() == std::max<std::size_t>(options.top_k, 1)) break;
    found.push_back({.text = written(alphabet, beam.labels), .logarithm = std::min(beam.logarithm, 0.0)});
  }
  return found;
}

}  // namespace enxerto
