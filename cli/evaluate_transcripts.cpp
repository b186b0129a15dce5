#include "evaluate_transcripts.h"

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/data/chosen_part.h"
#include "enxerto/data/open.h"
#include "enxerto/data/spoken_texts.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/written_transcripts.h"
#include "enxerto/report/json.h"
#include "predict_transcripts.h"
#include "print_metrics.h"
#include "text.h"

namespace enxerto::cli {
int evaluate_transcription_network(const Session& session, const TranscriptFigures& options) {
  TableOptions table = options.table;
  table.kind = kSpokenTarget;
  const auto [part, name] = chosen_part(open_data(options.data, table, *session.progress), options.part, options.data);
  Transcriber transcriber = open_transcriber(session, load_transcription_network(options.model, options.language),
                                             options.threads, options.bf16);
  std::vector<std::size_t> positions(part->size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  std::vector<BadExample> bad;
  const Stopwatch watch;
  const WrittenEvaluation found = written_transcripts(transcriber, *part, positions, &bad, *session.progress);
  require_few(bad, positions.size(), options.on_bad, nouns_of(part->info().inputs));
  const std::string noun(noun_of(part->info().inputs));
  const double seconds = watch.seconds();
  for (const std::string& alarm : alarms_of(found.metrics)) session.progress->notice(alarm);
  if (session.json) {
    Json json{{"examples", found.metrics.examples}, {"task", "speech_to_text"}, {"part", name}};
    json.update(enxerto::to_json(found.metrics));
    json.update(Json{{"skipped", skipped_json(bad)}, {"seconds", seconds}});
    session.print(json);
    return 0;
  }
  print_labelled("data",
                 fmt::format("{}: {} of the part '{}'", options.data, counted(found.metrics.examples, noun), name));
  print_skipped(bad);
  print_metrics(found.metrics, noun);
  if (session.verbose) print_labelled("time", fmt::format("{:.1f} s", seconds));
  return 0;
}

}  // namespace enxerto::cli
