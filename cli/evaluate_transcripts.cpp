#include "evaluate_transcripts.h"

#include <numeric>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/data/open.h"
#include "enxerto/data/spoken_texts.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/written_transcripts.h"
#include "enxerto/report/json.h"
#include "print_metrics.h"
#include "text.h"

namespace enxerto::cli {
namespace {

/// The recordings that are asked for: the test part where there is one, and its name.
std::pair<DatasetPtr, std::string> chosen_part(const TranscriptFigures& options, Progress& progress) {
  TableOptions table = options.table;
  table.kind = kSpokenTarget;
  const DataParts parts = open_data(options.data, table, progress);
  const std::vector<std::pair<std::string, DatasetPtr>> named{{"test", parts.test},
                                                              {"validation", parts.validation},
                                                              {"train", parts.train},
                                                              {"all", parts.has_parts() ? nullptr : parts.all}};
  for (const auto& [name, part] : named)
    if (part && (options.part.empty() || options.part == name)) return {part, name};
  throw usage_error(options.data, fmt::format("no part '{}'", options.part), "a part that the data have", "");
}

}  // namespace

int evaluate_transcription_network(const Session& session, const TranscriptFigures& options) {
  const auto [part, name] = chosen_part(options, *session.progress);
  TranscriptionNetwork network = load_transcription_network(options.model, options.language);
  for (const std::string& note : network.notes) session.progress->notice(note);
  const bool bf16 = options.bf16 && has_bf16();
  if (options.bf16 && !bf16) session.progress->notice("this processor has no bf16 arithmetic: fp32");
  Transcriber transcriber(
      std::move(network),
      {.threads = options.threads, .streams = 1, .precision = bf16 ? Precision::bf16 : Precision::fp32});
  std::vector<std::size_t> positions(part->size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  std::vector<BadExample> bad;
  const Stopwatch watch;
  const WrittenEvaluation found = written_transcripts(transcriber, *part, positions, &bad, *session.progress);
  require_few(bad, positions.size(), options.on_bad, "recordings");
  const double seconds = watch.seconds();
  for (const std::string& alarm : alarms_of(found.metrics)) session.progress->notice(alarm);
  if (session.json) {
    Json json{{"examples", found.metrics.examples}, {"task", "speech_to_text"}, {"part", name}};
    json.update(enxerto::to_json(found.metrics));
    json.update(Json{{"skipped", skipped_json(bad)}, {"seconds", seconds}});
    session.print(json);
    return 0;
  }
  print_labelled(
      "data", fmt::format("{}: {} of the part '{}'", options.data, counted(found.metrics.examples, "recording"), name));
  print_skipped(bad);
  print_metrics(found.metrics, "recording");
  if (session.verbose) print_labelled("time", fmt::format("{:.1f} s", seconds));
  return 0;
}

}  // namespace enxerto::cli
