#pragma once
#include <string>
#include <vector>

#include "enxerto/tasks/alphabet.h"
#include "enxerto/tasks/ngram_model.h"
#include "enxerto/tasks/task_parts.h"

namespace enxerto {

/// What is to be said of transcripts before a network learns to write them: the characters that it can write, those of
/// held-out transcripts that it cannot, those that are too rare to be learned, and examples that have fewer frames
/// than their transcripts need.
std::vector<std::string> transcript_notes(const Alphabet& alphabet, const TaskParts& parts);

/// How many of a language model's words have characters that the network cannot write, where that is more than a few.
/// Throws Error{data} where none of them can be written.
std::vector<std::string> unwritable_words(const Alphabet& alphabet, const NgramModel& model);

}  // namespace enxerto
