#include "enxerto/media/audio/clip_field.h"

#include <string>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/sample_clip.h"
#include "enxerto/media/audio/spectrogram.h"
#include "enxerto/media/image/encode_jpeg.h"

namespace enxerto {

const Field& only_clip(std::span<const Field> example, std::string_view where) {
  if (example.size() == 1 && example[0].medium == Medium::audio) return example[0];
  throw data_error(std::string(where),
                   example.size() == 1 ? fmt::format("a {}", medium_row(example[0].medium).noun)
                                       : fmt::format("{} fields", example.size()),
                   "a recording");
}

Field sample_clip_field(std::uint64_t number, std::int64_t rate, std::int64_t samples) {
  const std::vector<std::byte> file = sample_clip(number, rate, samples);
  return {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
}

Preview preview_of_sound(std::span<const float> samples, std::int64_t rate, int side) {
  constexpr int kQuality = 80;
  return {.type = "image/jpeg", .bytes = encode_jpeg(spectrogram(samples, rate, side, side / 2), kQuality)};
}

}  // namespace enxerto
