#include "enxerto/tasks/speech_to_text.h"

#include <utility>

#include "enxerto/data/spoken_texts.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/writing_task.h"

namespace enxerto {
namespace {

const TaskKind& speech_to_text_row() {
  static const TaskKind kind = speech_to_text_task();
  return kind;
}

WritingKind speech_to_text_kind() {
  return {.row = speech_to_text_row,
          .target = spoken_target,
          .words = {
              .purpose = "It writes what is said in recordings; it is judged by two figures of given transcripts: ",
              .use = "what is said in each recording",
              .details = "Word and character error rates, which are those of jiwer, and perplexity are in report.html.",
              .limits =
                  "It writes what is probable: where nobody speaks, and of other voices, words, noises and microphones "
                  "than those that it learned from, it may write fluently what nobody said."}};
}

TaskPtr make_speech_to_text(const TaskData& /*data*/, const TaskRequest& asked) {
  return made_writing_task(speech_to_text_kind(), asked);
}

TaskPtr speech_to_text_from_record(const Json& record, std::string_view where) {
  (void)recorded_target(record, kSpokenTarget, where);
  return writing_task(speech_to_text_kind(), {}, {});
}

}  // namespace

TaskKind speech_to_text_task() {
  TaskKind kind = writing_task_row();
  kind.name = "speech_to_text";
  kind.title = "speech to text";
  kind.fits = [](const DatasetInfo& info) { return info.target.kind == kSpokenTarget; };
  kind.make = make_speech_to_text;
  kind.from_record = speech_to_text_from_record;
  kind.data_kind = kSpokenTarget;
  return kind;
}

}  // namespace enxerto
