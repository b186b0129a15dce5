#include "enxerto/tasks/sequence_to_sequence.h"

#include <utility>

#include "enxerto/data/target_kind.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/writing_task.h"

namespace enxerto {
namespace {

const TaskKind& sequence_to_sequence_row() {
  static const TaskKind kind = sequence_to_sequence_task();
  return kind;
}

WritingKind sequence_to_sequence_kind() {
  return {
      .row = sequence_to_sequence_row,
      .target = translation_target,
      .words = {.purpose = "It writes for a text one in another language or form; it is judged by two figures of given "
                           "texts: ",
                .use = "a translation of each line",
                .details = "BLEU, chrF and perplexity of held-out texts are in report.html.",
                .limits = "It writes what is probable, which may be fluent and wrong; what matters has to be read by "
                          "somebody who knows both languages."}};
}

TaskPtr make_sequence_to_sequence(const TaskData& /*data*/, const TaskRequest& asked) {
  return made_writing_task(sequence_to_sequence_kind(), asked);
}

TaskPtr sequence_to_sequence_from_record(const Json& record, std::string_view where) {
  (void)recorded_target(record, kTranslationTarget, where);
  return writing_task(sequence_to_sequence_kind(), {}, {});
}

}  // namespace

TaskKind sequence_to_sequence_task() {
  TaskKind kind = writing_task_row();
  kind.name = "sequence_to_sequence";
  kind.title = "sequence to sequence";
  kind.fits = [](const DatasetInfo& info) { return info.target.kind == kTranslationTarget; };
  kind.make = make_sequence_to_sequence;
  kind.from_record = sequence_to_sequence_from_record;
  kind.data_kind = kTranslationTarget;
  return kind;
}

}  // namespace enxerto
