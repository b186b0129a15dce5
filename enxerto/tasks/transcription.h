#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/metrics/transcript_scores.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// In what the tasks differ that write a text by connectionist temporal classification (Graves et al. 2006), of each
/// frame a character or none. The characters are those of the training transcripts, or what the head of a published
/// network writes.
struct Transcribing {
  const TaskKind& (*row)();
  std::string_view takes;      ///< "a network that follows recordings of any length, frame by frame"
  std::string_view suggested;  ///< a backbone that is one
  TranscriptScores::First first = TranscriptScores::First::words;  ///< the figure that a reader looks for
  /// How sure the network is of the most probable label of each frame (frames * width): what stands beside a text that
  /// was not searched for.
  double (*sureness)(std::span<const float> probabilities, std::size_t width);
  /// What a model card says, of so many characters.
  TaskWords (*words)(std::size_t characters);
};

/// The probability of the most probable label of each frame, all together.
double best_path_probability(std::span<const float> probabilities, std::size_t width);

/// The mean of the probabilities of the frames in which the characters that are written begin, as PaddleOCR and
/// rapidocr give it; 0 where none is.
double mean_character_probability(std::span<const float> probabilities, std::size_t width);

/// For the rows of `task_kinds()`; `how` lives as long as the program.
TaskPtr make_transcription(const Transcribing& how, const TaskData& data, const TaskRequest& asked);
TaskPtr transcription_from_record(const Transcribing& how, const Json& record, std::string_view where);

/// What all rows of such tasks have; their names, what they fit, and how they are made are left open.
TaskKind transcription_kind();

}  // namespace enxerto
