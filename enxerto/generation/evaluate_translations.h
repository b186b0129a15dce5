#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/text_pairs.h"
#include "enxerto/generation/translator.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// How good a network is at pairs of texts.
struct TranslationEvaluation {
  MetricsReport metrics;  ///< as `TranslationScores`
  std::vector<Translation> translations;
};

/// Translates all sources. Notices say where the outputs are more like the sources than like the references, as they
/// are when source and target are swapped, and what was cut off or did not end. Throws as `Translator::translate`.
TranslationEvaluation evaluate_translations(Translator& translator, const TextPairs& pairs,
                                            const GenerationOptions& options, std::string_view where,
                                            Progress& progress);

/// A sentence where the outputs are more like the sources than like the references, with the languages that both look
/// like and the share of copies; "" where they are not.
std::string suspected_swap(const TextPairs& pairs, const TranslationEvaluation& found);

/// What is wrong with texts of these figures, in sentences: empty ones, copies of the sources, texts that repeat
/// themselves.
std::vector<std::string> alarms_of(const MetricsReport& metrics);

/// A sentence where most of several texts came out as they were: they are in a language that the network does not read.
/// "" where not.
std::string suspected_language(std::span<const std::string> sources, std::span<const Translation> translations);

/// What of the sources was not read, and of the translations not finished, in sentences.
std::vector<std::string> losses_of(const std::vector<Translation>& translations, const TranslationNetwork& network);

}  // namespace enxerto
