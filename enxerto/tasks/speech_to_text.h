#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// For each recording what is said in it, of a network that writes: Whisper. It is learned as `sequence_to_sequence`
/// is, token by token, and measured by what it writes (`TaskKind::writes`); `speech_recognition` is the other way, by
/// connectionist temporal classification.
TaskKind speech_to_text_task();

}  // namespace enxerto
