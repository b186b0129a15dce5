#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace enxerto {

/// Seconds: of what is longer no more is decoded.
inline constexpr int kLongestByFfmpeg = 3'600;

/// Whether a program `ffmpeg` is found by PATH.
bool has_ffmpeg_program();

/// The sound of a file as a WAV file of 32-bit floats, its first sound track, by that program: M4A, AAC, WMA, AMR and
/// whatever else it reads. None where the program is not there, or cannot decode it. Throws Error{disk} where its
/// files have no place.
std::optional<std::vector<std::byte>> wav_by_ffmpeg(std::span<const std::byte> file);

}  // namespace enxerto
