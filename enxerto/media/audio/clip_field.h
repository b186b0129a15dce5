#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/media/field.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// The only field of an example, which is a sound. Throws Error{data} where it is another or there are several.
const Field& only_clip(std::span<const Field> example, std::string_view where);

/// `sample_clip` as a field.
Field sample_clip_field(std::uint64_t number, std::int64_t rate, std::int64_t samples);

/// What is heard, drawn: a JPEG of `side` by `side` / 2 pixels.
Preview preview_of_sound(std::span<const float> samples, std::int64_t rate, int side);

}  // namespace enxerto
