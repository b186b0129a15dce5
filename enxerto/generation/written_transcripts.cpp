#include "enxerto/generation/written_transcripts.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/span_target.h"
#include "enxerto/generation/transcript_losses.h"
#include "enxerto/metrics/transcript_scores.h"
#include "enxerto/pretrained/speech/saved_transcription.h"

namespace enxerto {
namespace {

constexpr std::size_t kHeardAtOnce = 8;

/// Recordings that could be read, and what is said in them.
struct SpokenPart {
  std::vector<std::size_t> numbers;  ///< of the positions
  std::vector<std::vector<float>> samples;
  std::vector<std::string> texts;
};

SpokenPart read_spoken(const Dataset& dataset, std::span<const std::size_t> positions, std::size_t begin,
                       const TranscriptionNetwork& network, std::vector<BadExample>* bad) {
  SpokenPart part;
  for (std::size_t i = begin; i < std::min(begin + kHeardAtOnce, positions.size()); ++i) {
    const std::unique_ptr<Example> example = dataset.get(positions[i]);
    try {
      const std::vector<Field> fields = fields_of(dataset, *example);
      part.samples.push_back(heard_by(network, fields.at(0), example->id()));
      part.texts.emplace_back(text_in(fields.at(1)));
      part.numbers.push_back(i);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data || bad == nullptr) throw;
      bad->push_back({.id = example->id(), .reason = error.what()});
    }
  }
  return part;
}

std::int64_t longest_transcript(const WrittenRequest& request, const Tokenizer& tokenizer) {
  std::size_t longest = 1;
  for (const std::size_t position : request.positions) {
    const std::vector<Field> fields = fields_of(request.dataset, *request.dataset.get(position));
    const std::array<std::string_view, 1> text{text_in(fields.at(1))};
    longest = std::max(longest, tokenizer.encode(text, {.template_tokens = false}, "reference").window(0).size());
  }
  return static_cast<std::int64_t>(longest);
}

MetricsReport figures_of(const TranscriptScores& scores, std::size_t repetitive) {
  MetricsReport report;
  report.examples = scores.size();
  scores.report(report);
  report.values.push_back(
      {.name = "repetitive",
       .value = scores.size() == 0 ? 0 : static_cast<double>(repetitive) / static_cast<double>(scores.size()),
       .higher_is_better = false,
       .title = "transcripts that repeat themselves",
       .shown = repetitive > 0});
  return report;
}

MetricsReport unwritten_transcripts() { return figures_of(TranscriptScores(), 0); }

WrittenEvaluation written_for(const WrittenRequest& request, Progress& progress) {
  TranscriptionNetwork network = transcription_network_of(request.network, request.preprocessor, request.network.name);
  if (request.most_words > 0)
    network.longest = std::min(
        network.longest,
        std::ssize(network.prompt) +
            longest_transcript(request, *network.tokenizer) * static_cast<std::int64_t>(request.most_words) + 1);
  Transcriber transcriber(std::move(network), request.engine);
  return written_transcripts(transcriber, request.dataset, request.positions, nullptr, progress);
}

}  // namespace

WritingRow written_transcripts_row() {
  return {.kind = "whisper", .unwritten = unwritten_transcripts, .write = written_for};
}

WrittenEvaluation written_transcripts(Transcriber& transcriber, const Dataset& dataset,
                                      std::span<const std::size_t> positions, std::vector<BadExample>* bad,
                                      Progress& progress) {
  WrittenEvaluation found;
  found.texts.resize(positions.size());
  found.expected.resize(positions.size());
  TranscriptScores scores;
  TranscriptLosses losses;
  progress.begin("write", positions.size());
  for (std::size_t begin = 0; begin < positions.size(); begin += kHeardAtOnce) {
    SpokenPart part = read_spoken(dataset, positions, begin, transcriber.network(), bad);
    const std::vector<Transcription> said = transcriber.transcribe(part.samples, progress);
    for (std::size_t i = 0; i < said.size(); ++i) {
      scores.add(said[i].text, part.texts[i]);
      losses.add(said[i], part.samples[i]);
      found.texts[part.numbers[i]] = said[i].text;
      found.expected[part.numbers[i]] = std::move(part.texts[i]);
    }
    progress.advance(std::min(kHeardAtOnce, positions.size() - begin));
  }
  progress.end();
  found.metrics = figures_of(scores, losses.repetitive());
  for (const std::string& sentence : losses.sentences(transcriber.network())) progress.notice(sentence);
  return found;
}

}  // namespace enxerto
