#pragma once
#include <string>

#include "enxerto/data/bad_example.h"
#include "enxerto/data/parts.h"
#include "session.h"

namespace enxerto::cli {

/// What is asked of the figures of a network that writes what is said.
struct TranscriptFigures {
  std::string model = {}, data = {}, part = {}, language = {};
  TableOptions table = {};
  OnBad on_bad = OnBad::few;
  int threads = 0;
  bool bf16 = false;
};

/// Writes what is said in recordings, compares it with their transcripts, and says how good it is.
int evaluate_transcription_network(const Session& session, const TranscriptFigures& options);

}  // namespace enxerto::cli
