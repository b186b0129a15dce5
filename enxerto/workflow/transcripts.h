#pragma once
#include <cstddef>
#include <string_view>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// Of examples that were looked at, those that can be read.
struct TranscriptCounts {
  std::size_t examples = 0, cut = 0, tokens = 0, unknown = 0, with_unknown = 0;
};

/// Says what the network reads of three examples, with their answers and what was cut off, and how many are cut off and
/// have pieces that are not in the vocabulary, so that a mistake in the data is seen before anything is trained. Of
/// more than 20,000 examples as many, evenly spaced, are looked at. Says nothing where a network reads no words, and
/// passes over examples that cannot be read, which are reported elsewhere. `in_pieces`: what is longer than the network
/// reads at once is read in pieces (`TaskKind::foretells`), so nothing is said of what is cut off.
void notice_transcripts(const Dataset& dataset, const Preprocessor& preprocessor, int threads, bool in_pieces,
                        Progress& progress);

/// Only the counts, and only where something is cut off or unknown: said of examples that a network answers.
void notice_losses(const Dataset& dataset, const Preprocessor& preprocessor, int threads, bool in_pieces,
                   Progress& progress);

/// The same of examples that come in parts, told once behind them.
class LossesOfParts {
 public:
  LossesOfParts(const Preprocessor& preprocessor, int threads, bool in_pieces)
      : preprocessor_(preprocessor), threads_(threads), in_pieces_(in_pieces) {}

  void add(const Dataset& part, Progress& progress);
  void tell(Progress& progress) const;

 private:
  const Preprocessor& preprocessor_;
  int threads_;
  bool in_pieces_;
  TranscriptCounts counts_;
  std::size_t examples_ = 0;
  std::string_view nouns_;
};

}  // namespace enxerto
