#pragma once
#include <string>
#include <vector>

#include "enxerto/tasks/alphabet.h"
#include "enxerto/tasks/task_parts.h"

namespace enxerto {

/// What is to be said of transcripts before a network learns to write them: the characters that it can write, those of
/// held-out transcripts that it cannot, those that are too rare to be learned, and examples that have fewer frames
/// than their transcripts need.
std::vector<std::string> transcript_notes(const Alphabet& alphabet, const TaskParts& parts);

}  // namespace enxerto
