#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/media/field.h"

namespace enxerto {

/// What one part of an example is like.
struct FieldFacts {
  std::string format = {};              ///< "JPEG", "raw", "WAV 44100 Hz"; "" where its medium has but one
  std::vector<std::int64_t> size = {};  ///< of a picture: width and height; of a text or a clip: its length
  std::string_view unit = {};           ///< of `size`: "px", "characters", "ms"
  std::int64_t rate = 0;                ///< of a clip: samples a second, Hz
  double seconds = 0;                   ///< of a clip
  std::string remark = {};              ///< what looks wrong: "nearly black: no sample above 15 of 255"
};

/// Decodes the whole field. Throws Error{data} naming `where` where it cannot be read.
FieldFacts facts_of(const Field& field, std::string_view where);

}  // namespace enxerto
