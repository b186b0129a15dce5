#include "enxerto/tasks/speech_recognition.h"

#include <fmt/format.h>

#include "enxerto/data/transcript_target.h"
#include "enxerto/tasks/transcription.h"

namespace enxerto {
namespace {

const TaskKind& speech_recognition_row() {
  static const TaskKind kind = speech_recognition_task();
  return kind;
}

TaskWords speech_words(std::size_t characters) {
  return {
      .purpose = fmt::format("It writes what is said in recordings, with {} characters. What it gives: ", characters),
      .use = "what is said, and the probability of that",
      .details = "Word and character error rates are those of jiwer.",
      .limits =
          "It writes the characters of its training transcripts alone, and always as if somebody spoke as they "
          "did: other voices, words, noises and microphones make it worse."};
}

constexpr Transcribing kSpeech{.row = speech_recognition_row,
                               .takes = "a network that follows recordings of any length, frame by frame",
                               .suggested = "speech_lstm",
                               .sureness = best_path_probability,
                               .words = speech_words};

}  // namespace

TaskKind speech_recognition_task() {
  TaskKind kind = transcription_kind();
  kind.name = "speech_recognition";
  kind.title = "speech recognition";
  kind.monitor = "wer";
  kind.fits = [](const DatasetInfo& info) {
    return info.target.kind == kTranscriptTarget && info.inputs.front() == Medium::audio;
  };
  kind.make = [](const TaskData& data, const TaskRequest& asked) { return make_transcription(kSpeech, data, asked); };
  kind.from_record = [](const Json& record, std::string_view where) {
    return transcription_from_record(kSpeech, record, where);
  };
  return kind;
}

}  // namespace enxerto
