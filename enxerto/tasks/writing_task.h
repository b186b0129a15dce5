#pragma once
#include <string_view>

#include "enxerto/tasks/task.h"

namespace enxerto {

/// The output of heads that compare words which are written with those that were to be written.
inline constexpr std::string_view kWrittenWords = "written_words";

/// What tells one task of networks that write from another; `TaskKind::writes` is true of each.
struct WritingKind {
  const TaskKind& (*row)();
  TargetSpec (*target)();
  TaskWords words;
};

/// A task that is learned word by word, from the words that were right before (teacher forcing). Its targets are
/// facts of a text, as `kTranslationTarget` has them; texts that are written are measured by whoever runs it.
TaskPtr writing_task(const WritingKind& kind, HeadSpec head, LossSpec loss);

/// The same with what is asked for decided. Throws Error{usage} for layers, dropout, weights of classes and other
/// outputs: the network has a head of its own.
TaskPtr made_writing_task(const WritingKind& kind, const TaskRequest& asked);

/// What all rows of such tasks have; name, title, data and how they are made are their own.
TaskKind writing_task_row();

}  // namespace enxerto
