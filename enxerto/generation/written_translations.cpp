#include "enxerto/generation/written_translations.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/span_target.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/translator.h"
#include "enxerto/metrics/translation_scores.h"
#include "enxerto/pretrained/translation/saved_translation.h"

namespace enxerto {
namespace {

TextPairs pairs_of(const WrittenRequest& request) {
  TextPairs pairs;
  for (const std::size_t position : request.positions) {
    const std::unique_ptr<Example> example = request.dataset.get(position);
    const std::vector<Field> fields = fields_of(request.dataset, *example);
    pairs.sources.emplace_back(text_in(fields.at(0)));
    pairs.targets.emplace_back(text_in(fields.at(1)));
  }
  return pairs;
}

std::int64_t longest_of(const std::vector<std::string>& texts, const NumberedPieces& pieces) {
  std::size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, pieces.encode(text, "reference").size());
  return static_cast<std::int64_t>(longest);
}

/// What writes, and what for.
struct TextWriting {
  explicit TextWriting(const WrittenRequest& request)
      : pairs(pairs_of(request)),
        translator(translation_network_of(request.network, request.preprocessor, request.network.name),
                   request.engine) {
    const TranslationNetwork& network = translator.network();
    options.beams = network.beams;
    options.max_new_tokens = network.longest;
    if (request.most_words > 0)
      options.max_new_tokens =
          std::min(network.longest,
                   longest_of(pairs.targets, *network.target) * static_cast<std::int64_t>(request.most_words) + 1);
  }

  TextPairs pairs;
  Translator translator;
  GenerationOptions options;
};

MetricsReport unwritten_translations() {
  MetricsReport report;
  TranslationScores().report(report);
  return report;
}

WrittenEvaluation written_translations(const WrittenRequest& request, Progress& progress) {
  TextWriting writing(request);
  TranslationEvaluation all =
      evaluate_translations(writing.translator, writing.pairs, writing.options, "example", progress);
  WrittenEvaluation found{.metrics = std::move(all.metrics)};
  for (Translation& one : all.translations) found.texts.push_back(std::move(one.text));
  return found;
}

std::string swapped_translations(const WrittenRequest& request, Progress& progress) {
  TextWriting writing(request);
  return suspected_swap(writing.pairs,
                        evaluate_translations(writing.translator, writing.pairs, writing.options, "example", progress));
}

}  // namespace

WritingRow written_translations_row() {
  return {.kind = "translation",
          .unwritten = unwritten_translations,
          .write = written_translations,
          .swap = swapped_translations};
}

}  // namespace enxerto
