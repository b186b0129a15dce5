#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/data/bad_example.h"
#include "enxerto/generation/transcriber.h"
#include "enxerto/generation/written_figures.h"

namespace enxerto {

/// The row of networks that write what is said: those of `whisper_preprocessor`.
WritingRow written_transcripts_row();

/// Writes what is said in examples of `kSpokenTarget`, and compares: "wer", "cer" and .. as `TranscriptScores`, and
/// "repetitive". An example that cannot be read goes to `bad`, where that is given, and has no text; else its
/// Error{data} is thrown. Says what was cut off, did not end, or goes in circles. Throws Error{interrupted}.
WrittenEvaluation written_transcripts(Transcriber& transcriber, const Dataset& dataset,
                                      std::span<const std::size_t> positions, std::vector<BadExample>* bad,
                                      Progress& progress);

}  // namespace enxerto
