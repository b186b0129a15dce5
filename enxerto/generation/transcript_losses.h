#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/generation/transcriber.h"

namespace enxerto {

/// How many times smaller a text becomes by zlib, in bytes: Whisper's own sign of a transcript that goes round in
/// circles is above 2.4. 0 of an empty one.
double compression_ratio(std::string_view text);

/// Whether it says the same again and again, by its words or by that ratio.
bool goes_in_circles(std::string_view text);

/// What went wrong with transcripts, counted.
class TranscriptLosses {
 public:
  /// `samples` of full scale 1 that it was made of.
  void add(const Transcription& transcription, std::span<const float> samples);
  std::size_t repetitive() const { return repetitive_; }

  /// A sentence each.
  std::vector<std::string> sentences(const TranscriptionNetwork& network) const;

 private:
  std::size_t unended_ = 0, silent_ = 0, repetitive_ = 0, several_ = 0;
};

}  // namespace enxerto
