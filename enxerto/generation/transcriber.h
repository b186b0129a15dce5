#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/engine/executor.h"
#include "enxerto/generation/translation_decoder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/pretrained/speech/transcription_network.h"

namespace enxerto {

/// What is said in a recording.
struct Transcription {
  std::string text = {};
  std::vector<std::int64_t> tokens = {};  ///< without prompts and those that end, of all parts
  std::size_t parts = 0;                  ///< that the network has heard one after the other
  bool ended = true;                      ///< false: a part was as long as was allowed
};

/// Writes what is said: recordings are heard in parts of what the network hears at once, several side by side, and each
/// token is the most probable one. The front end runs in fp32 whatever the precision of the rest: its logarithms need
/// that.
class Transcriber {
 public:
  /// Throws as `compile` and `compile_stateful`.
  explicit Transcriber(TranscriptionNetwork network, const ExecutorOptions& options = {});

  const TranscriptionNetwork& network() const { return network_; }

  /// `recordings` are samples of full scale 1 at the network's rate; one for each, in their order. Tokens are those of
  /// transformers' `generate` without times, for a recording that is not longer than a part. Throws Error{interrupted}.
  std::vector<Transcription> transcribe(std::span<const std::vector<float>> recordings,
                                        Progress& progress = no_progress());

 private:
  struct Part {
    std::size_t recording = 0, begin = 0;
    std::vector<std::int64_t> tokens = {};
    bool ended = false;
  };
  Transcriber(TranscriptionNetwork& network, const Halves& halves, const ExecutorOptions& options);
  void write(std::span<Part> parts, std::span<const std::vector<float>> recordings, Progress& progress);
  std::int64_t most_probable(std::span<float> scores, bool first) const;

  TranscriptionNetwork network_;
  std::shared_ptr<Executor> front_;
  TranslationDecoder decoder_;
};

}  // namespace enxerto
