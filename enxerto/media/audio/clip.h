#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// A recording of one channel.
struct Clip {
  std::vector<float> samples;  ///< of full scale 1
  std::int64_t rate = 0;       ///< samples a second, Hz
  std::int64_t channels = 1;   ///< that the file has; `samples` is their mean
  std::string format;          ///< "WAV", "FLAC", "OGG", "MP3" ..

  double seconds() const { return static_cast<double>(samples.size()) / static_cast<double>(rate); }
};

/// The most frames that a recording may have: an hour of 44.1 kHz.
inline constexpr std::int64_t kMostFrames = std::int64_t{44'100} * 3'600;

/// Decodes what libsndfile reads (WAV of 8 to 32 bits and floats, FLAC, OGG, Opus, MP3, AIFF, AU, CAF), recognised by
/// content, and, where a program `ffmpeg` is found, what that reads (M4A, AAC, WMA, AMR ..); channels mixed to their
/// mean as librosa's to_mono does. Throws Error{data} naming `where` for anything else, for a file that ends before its
/// header says, that has no samples, samples that are not finite or more than `kMostFrames`.
Clip decode_clip(std::span<const std::byte> file, std::string_view where);

/// The same sound at `rate` Hz by soxr in the quality HQ, which is librosa's own choice; ceil(n * rate / its rate)
/// samples. What is at that rate stays as it is.
std::vector<float> resampled(Clip clip, std::int64_t rate);

/// A WAV file of 16-bit samples of one channel.
std::vector<std::byte> wav_file(std::span<const std::int16_t> samples, std::int64_t rate);

}  // namespace enxerto
