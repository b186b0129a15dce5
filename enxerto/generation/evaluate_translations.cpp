#include "enxerto/generation/evaluate_translations.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/media/text/guessed_language.h"
#include "enxerto/metrics/bleu.h"
#include "enxerto/metrics/translation_scores.h"

namespace enxerto {

std::string suspected_swap(const TextPairs& pairs, const TranslationEvaluation& found) {
  BleuCounts counts;
  for (std::size_t i = 0; i < pairs.sources.size(); ++i)
    counts.add(bleu_counts(found.translations[i].text, std::array<std::string_view, 1>{pairs.sources[i]}));
  const double like_source = bleu(counts), like_reference = found.metrics["bleu"].value;
  if (like_source <= like_reference) return "";
  std::vector<std::string> outputs;
  for (const Translation& translation : found.translations) outputs.push_back(translation.text);
  const std::optional<GuessedLanguage> written = guessed_language(outputs), wanted = guessed_language(pairs.targets);
  const std::string languages =
      written && wanted && written->name != wanted->name
          ? fmt::format("; the outputs look like {}, the references like {}", written->name, wanted->name)
          : "";
  return fmt::format(
      "the outputs are more like the sources (BLEU {:.1f}; {:.0f} % are copies) than like the references "
      "(BLEU {:.1f}){}: are source and target swapped?",
      like_source, 100 * found.metrics["copied"].value, like_reference, languages);
}

std::string suspected_language(std::span<const std::string> sources, std::span<const Translation> translations) {
  constexpr std::size_t kLeastTexts = 5;
  constexpr double kMost = 0.5;
  std::size_t texts = 0, copies = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (translations[i].source_tokens < 4) continue;  // names and numbers are often the same
    ++texts;
    copies += translations[i].text == sources[i] ? 1 : 0;
  }
  if (texts < kLeastTexts || static_cast<double>(copies) < kMost * static_cast<double>(texts)) return "";
  const std::optional<GuessedLanguage> language = guessed_language(sources);
  return fmt::format("{} of {} came out as they were{}: is that the language that the network reads?", copies,
                     counted(texts, "text"), language ? fmt::format(", and look like {}", language->name) : "");
}

std::vector<std::string> losses_of(const std::vector<Translation>& translations, const TranslationNetwork& network) {
  std::size_t cut = 0, unfinished = 0, unknown = 0, pieces = 0;
  for (const Translation& translation : translations) {
    cut += translation.cut > 0 ? 1 : 0;
    unfinished += translation.ended ? 0 : 1;
    unknown += translation.unknown;
    pieces += translation.source_tokens;
  }
  std::vector<std::string> found;
  if (cut > 0)
    found.push_back(fmt::format("{} longer than the {} tokens that the network reads: the rest was left out",
                                cut == 1 ? std::string("1 text is") : fmt::format("{} texts are", cut),
                                network.longest));
  if (unfinished > 0)
    found.push_back(
        fmt::format("{} had not ended at the greatest length (--max-new-tokens)", counted(unfinished, "translation")));
  if (unknown > 0)
    found.push_back(
        fmt::format("{} of the sources, of {}, are unknown to the network", counted(unknown, "piece"), pieces));
  return found;
}

std::vector<std::string> alarms_of(const MetricsReport& metrics) {
  constexpr double kTooMany = 0.02;
  constexpr std::array<std::pair<const char*, const char*>, 3> kFaults{
      {{"empty", "are empty"}, {"copied", "are the source, copied"}, {"repetitive", "repeat themselves"}}};
  std::vector<std::string> found;
  for (const auto& [name, words] : kFaults)
    if (const MetricValue* share = metrics.find(name); share != nullptr && share->value > kTooMany)
      found.push_back(fmt::format("{:.0f} % of the outputs {}", 100 * share->value, words));
  return found;
}

TranslationEvaluation evaluate_translations(Translator& translator, const TextPairs& pairs,
                                            const GenerationOptions& options, std::string_view where,
                                            Progress& progress) {
  TranslationEvaluation found;
  found.translations = translator.translate(pairs.sources, options, where, progress);
  TranslationScores scores;
  for (std::size_t i = 0; i < pairs.sources.size(); ++i)
    scores.add(pairs.sources[i], found.translations[i].text, pairs.targets[i]);
  found.metrics.examples = scores.size();
  scores.report(found.metrics);
  if (const std::string swap = suspected_swap(pairs, found); !swap.empty()) progress.notice(swap);
  for (const std::string& sentence : losses_of(found.translations, translator.network())) progress.notice(sentence);
  return found;
}

}  // namespace enxerto
