#include "predict_transcripts.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/data/open.h"
#include "enxerto/files/json.h"
#include "enxerto/generation/transcriber.h"
#include "enxerto/generation/transcript_losses.h"
#include "named_files.h"
#include "standard_error.h"

namespace enxerto::cli {
namespace {

constexpr std::size_t kFilesAtOnce = 8;

/// Recordings that can be read, and what is wrong with the others.
struct Read {
  std::vector<std::string> names, bad;  ///< of each; "": nothing
  std::vector<std::vector<float>> samples;
};

Read read_recordings(const Dataset& dataset, std::size_t begin, std::size_t end, const TranscriptionNetwork& network) {
  Read read;
  for (std::size_t i = begin; i < end; ++i) {
    const std::unique_ptr<Example> example = dataset.get(i);
    read.names.push_back(example->id());
    read.bad.emplace_back();
    read.samples.emplace_back();
    try {
      read.samples.back() = heard_by(network, example->field(0), example->id());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      read.bad.back() = error.what();
    }
  }
  return read;
}

Json row_of(const std::string& name, const std::string& bad, const Transcription& found) {
  if (!bad.empty()) return {{"file", name}, {"error", bad}};
  return {{"file", name},        {"text", found.text},   {"tokens", found.tokens.size()},
          {"ids", found.tokens}, {"parts", found.parts}, {"ended", found.ended}};
}

}  // namespace

bool transcribes(const std::string& model) { return is_transcription_network(model); }

Transcriber open_transcriber(const Session& session, TranscriptionNetwork network, int threads, bool bf16) {
  for (const std::string& note : network.notes) session.progress->notice(note);
  if (bf16 && !has_bf16()) session.progress->notice("this processor has no bf16 arithmetic: fp32");
  return Transcriber(
      std::move(network),
      {.threads = threads, .streams = 1, .precision = bf16 && has_bf16() ? Precision::bf16 : Precision::fp32});
}

int predict_transcripts(const Session& session, const TranscriptionOptions& options) {
  if (options.format != "text" && options.format != "jsonl")
    throw usage_error("--format", fmt::format("'{}' of transcripts", options.format), "text or jsonl");
  TranscriptionNetwork network = load_transcription_network(options.model, options.language);
  const DatasetPtr files = open_files(named_files(options.files), Medium::audio, *session.progress);
  Transcriber transcriber = open_transcriber(session, std::move(network), options.threads, options.bf16);
  Json rows = Json::array();
  TranscriptLosses losses;
  std::size_t bad_files = 0;
  double heard = 0;
  const Stopwatch watch;
  for (std::size_t begin = 0; begin < files->size(); begin += kFilesAtOnce) {
    const std::size_t end = std::min(begin + kFilesAtOnce, files->size());
    const Read read = read_recordings(*files, begin, end, transcriber.network());
    const std::vector<Transcription> found = transcriber.transcribe(read.samples, *session.progress);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool bad = !read.bad[i].empty();
      bad_files += bad ? 1 : 0;
      if (!bad) losses.add(found[i], read.samples[i]);
      heard += static_cast<double>(read.samples[i].size()) / static_cast<double>(transcriber.network().rate);
      if (bad && options.on_bad == "error" && !session.json) tell(fmt::format("enxerto: {}\n", read.bad[i]));
      if (bad && options.on_bad == "skip") session.progress->notice(read.bad[i]);
      if (session.json)
        rows.push_back(row_of(read.names[i], read.bad[i], found[i]));
      else if (options.format == "jsonl")
        fmt::print("{}", to_line(row_of(read.names[i], read.bad[i], found[i])));
      else if (!bad)
        fmt::print("{}\t{}\n", read.names[i], found[i].text);
    }
    (void)std::fflush(stdout);
  }
  for (const std::string& loss : losses.sentences(transcriber.network())) session.progress->notice(loss);
  const double seconds = watch.seconds();
  if (session.json) session.print({{"transcripts", rows}, {"seconds", seconds}, {"seconds_heard", heard}});
  if (session.verbose)
    session.progress->notice(
        fmt::format("{:.1f} s of sound in {:.2f} s: {:.1f} times as fast", heard, seconds, heard / seconds));
  return bad_files > 0 && options.on_bad == "error" ? static_cast<int>(ErrorKind::data) : 0;
}

}  // namespace enxerto::cli
