#pragma once
#include <string>
#include <vector>

#include "enxerto/generation/transcriber.h"
#include "session.h"

namespace enxerto::cli {

/// What is asked of a network that writes what is said.
struct TranscriptionOptions {
  std::string model = {}, format = "text", on_bad = "error", language = {};
  std::vector<std::string> files = {};
  int threads = 0;
  bool bf16 = false;
};

/// Whether the model is one that transcribes, not a saved one.
bool transcribes(const std::string& model);

/// What writes with this network, in bf16 where that is asked for and the processor has it; tells what it did not do.
Transcriber open_transcriber(const Session& session, TranscriptionNetwork network, int threads, bool bf16);

/// Writes what is said in each recording of the files and folders, "-" being their names on standard input.
int predict_transcripts(const Session& session, const TranscriptionOptions& options);

}  // namespace enxerto::cli
