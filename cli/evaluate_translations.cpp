#include "evaluate_translations.h"

#include <string>
#include <utility>

#include <fmt/core.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/metrics/bleu.h"
#include "enxerto/metrics/chrf.h"
#include "enxerto/report/json.h"
#include "print_metrics.h"
#include "text.h"

namespace enxerto::cli {

int evaluate_translation_network(const Session& session, const TranslationOptions& options,
                                 const TextPairFiles& files) {
  const TextPairs pairs = read_text_pairs(files, *session.progress);
  TranslationNetwork network = load_translation_network(options.model);
  for (const std::string& note : network.notes) session.progress->notice(note);
  const GenerationOptions generation = generation_of(options, network);
  Translator translator(std::move(network), {.threads = options.threads, .streams = 1});
  const Stopwatch watch;
  const TranslationEvaluation found =
      evaluate_translations(translator, pairs, generation, files.source.string(), *session.progress);
  const double seconds = watch.seconds();
  if (session.json) {
    Json json{{"examples", found.metrics.examples}, {"task", "sequence_to_sequence"}, {"beams", generation.beams}};
    json.update(enxerto::to_json(found.metrics));
    json.update(Json{{"signatures",
                      {{"bleu", bleu_signature()}, {"chrf", chrf_signature()}, {"chrf++", chrf_signature(kChrfWords)}}},
                     {"blank", pairs.blank},
                     {"same", pairs.same},
                     {"seconds", seconds}});
    session.print(json);
    return 0;
  }
  print_labelled("data", fmt::format("{}: {}", files.source.string(), counted(found.metrics.examples, "pair")));
  print_labelled("search", generation.beams == 1 ? "greedy" : fmt::format("{} beams", generation.beams));
  print_labelled("measured", fmt::format("BLEU {}", bleu_signature()));
  print_labelled("", fmt::format("chrF2 {}", chrf_signature()));
  print_labelled("", fmt::format("chrF2++ {}", chrf_signature(kChrfWords)));
  print_metrics(found.metrics, "pair");
  if (session.verbose) print_labelled("time", fmt::format("{:.1f} s", seconds));
  return 0;
}

}  // namespace enxerto::cli
