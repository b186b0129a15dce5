#include "enxerto/tasks/ctc_texts.h"

#include <algorithm>
#include <cmath>

#include "enxerto/tasks/ctc_decoding.h"
#include "enxerto/tasks/word_search.h"

namespace enxerto {
namespace {

/// The logarithm of the probability of the most probable label of each frame.
double best_path(std::span<const float> probabilities, std::size_t width) {
  double sum = 0;
  for (std::size_t at = 0; at + width <= probabilities.size(); at += width)
    sum += std::log(std::max(static_cast<double>(*std::ranges::max_element(probabilities.subspan(at, width))), 1e-30));
  return sum;
}

std::string written(const Alphabet& alphabet, std::span<const std::int64_t> labels) {
  const std::string text = alphabet.text_of(labels);
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

CtcSearch search_of(const Alphabet& alphabet, const ReadingOptions& options) {
  CtcSearch search{.space = alphabet.space()};
  if (options.beams > 1) search.beams = options.beams;
  search.beams = std::max(search.beams, options.top_k);
  if (options.words)
    search.words = {.model = options.words->model.get(),
                    .texts = alphabet.texts(),
                    .weight = options.words->weight,
                    .bonus = options.words->bonus};
  return search;
}

}  // namespace

bool searches(const ReadingOptions& options) { return options.beams > 1 || options.top_k > 1 || options.words; }

std::vector<CtcText> ctc_texts(std::span<const float> probabilities, const Alphabet& alphabet,
                               const ReadingOptions& options) {
  const std::size_t width = alphabet.width();
  if (!searches(options))
    return {
        {.text = written(alphabet, greedy_labels(probabilities, width)), .logarithm = best_path(probabilities, width)}};
  std::vector<CtcText> found;
  for (const CtcBeam& beam : beam_labels(probabilities, width, search_of(alphabet, options))) {
    if (found.size() == std::max<std::size_t>(options.top_k, 1)) break;
    found.push_back({.text = written(alphabet, beam.labels), .logarithm = std::min(beam.logarithm, 0.0)});
  }
  return found;
}

}  // namespace enxerto
