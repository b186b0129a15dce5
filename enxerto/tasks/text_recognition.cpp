#include "enxerto/tasks/text_recognition.h"

#include <fmt/format.h>

#include "enxerto/data/transcript_target.h"
#include "enxerto/tasks/transcription.h"

namespace enxerto {
namespace {

const TaskKind& text_recognition_row() {
  static const TaskKind kind = text_recognition_task();
  return kind;
}

TaskWords line_words(std::size_t characters) {
  return {.purpose = fmt::format("It reads lines of text in pictures, with {} characters. What it gives: ", characters),
          .use = "what is written, and the mean probability of its characters",
          .details = "Character and word error rates are those of jiwer.",
          .limits =
              "It reads one line a picture, cut out, from left to right, and writes the characters of its training "
              "transcripts alone: other fonts, hands, sizes, papers and cameras make it worse."};
}

constexpr Transcribing kLines{.row = text_recognition_row,
                              .takes = "a network that reads lines of any width, frame by frame",
                              .suggested = "the recognition file of PP-OCR (docs/text-lines.md)",
                              .first = TranscriptScores::First::characters,
                              .sureness = mean_character_probability,
                              .words = line_words};

}  // namespace

TaskKind text_recognition_task() {
  TaskKind kind = transcription_kind();
  kind.name = "text_recognition";
  kind.title = "text recognition";
  kind.monitor = "cer";
  kind.fits = [](const DatasetInfo& info) {
    return info.target.kind == kTranscriptTarget && info.inputs.front() == Medium::image;
  };
  kind.make = [](const TaskData& data, const TaskRequest& asked) { return make_transcription(kLines, data, asked); };
  kind.from_record = [](const Json& record, std::string_view where) {
    return transcription_from_record(kLines, record, where);
  };
  return kind;
}

}  // namespace enxerto
