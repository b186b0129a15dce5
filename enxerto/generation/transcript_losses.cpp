#include "enxerto/generation/transcript_losses.h"

#include <zlib.h>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/media/silence.h"
#include "enxerto/metrics/translation_scores.h"

namespace enxerto {

double compression_ratio(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::vector<Bytef> compressed(size);
  const auto* const bytes = reinterpret_cast<const Bytef*>(text.data());
  if (text.empty() || compress(compressed.data(), &size, bytes, static_cast<uLong>(text.size())) != Z_OK) return 0;
  return static_cast<double>(text.size()) / static_cast<double>(size);
}

bool goes_in_circles(std::string_view text) {
  constexpr double kMostCompressed = 2.4;
  return is_repetitive(text) || compression_ratio(text) > kMostCompressed;
}

void TranscriptLosses::add(const Transcription& transcription, std::span<const float> samples) {
  silent_ += !transcription.text.empty() && peak_of(samples) < kNearlySilent ? 1 : 0;
  unended_ += transcription.ended ? 0 : 1;
  repetitive_ += goes_in_circles(transcription.text) ? 1 : 0;
  several_ += transcription.parts > 1 ? 1 : 0;
}

std::vector<std::string> TranscriptLosses::sentences(const TranscriptionNetwork& network) const {
  std::vector<std::string> found;
  const auto tell = [&](std::size_t count, const char* what) {
    if (count > 0) found.push_back(fmt::format("{} {}", counted(count, "transcript"), what));
  };
  tell(repetitive_, "with the same words again and again: the network may have heard nothing there");
  tell(silent_, "of what is nearly silent: words that nobody has said");
  tell(unended_, "cut off: as long as the network writes");
  if (several_ > 0)
    found.push_back(fmt::format(
        "{} longer than the {:g} s that the network hears at once: written part by part, and a "
        "word at a border may be cut",
        counted(several_, "recording"), static_cast<double>(network.samples) / static_cast<double>(network.rate)));
  return found;
}

}  // namespace enxerto
