#include "enxerto/media/audio/sample_clip.h"

#include <algorithm>
#include <cstdlib>

#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/clip.h"

namespace enxerto {

std::vector<std::byte> sample_clip(std::uint64_t number, std::int64_t rate, std::int64_t samples) {
  constexpr std::int64_t kNotes = 4, kLowest = 120, kRange = 1'400, kLoudest = 20'000;
  constexpr std::int64_t kTurn = 1 << 16;  // of a wave's phase; whole numbers, so that no machine rounds otherwise
  Rng rng({.seed = 0, .epoch = 0, .example = number, .purpose = "sample clip"});
  const std::int64_t note = std::max<std::int64_t>(1, (samples + kNotes - 1) / kNotes);
  std::vector<std::int16_t> wave(to_size(samples));
  std::int64_t step = 0, phase = 0;
  for (std::int64_t i = 0; i < samples; ++i) {
    if (i % note == 0) step = (kLowest + static_cast<std::int64_t>(rng.below(kRange))) * kTurn / rate;
    phase = (phase + step) % kTurn;
    const std::int64_t triangle = std::abs(phase - kTurn / 2) - kTurn / 4;  // -2^14 to 2^14
    wave[to_size(i)] = static_cast<std::int16_t>(triangle * kLoudest / (kTurn / 4) * (note - i % note) / note);
  }
  return wav_file(wave, rate);
}

}  // namespace enxerto
