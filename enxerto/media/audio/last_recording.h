#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/media/audio/clip.h"
#include "enxerto/media/field.h"

namespace enxerto {

/// The samples of `field` at `rate` Hz, by `decode` and `resampled`. The last recording of this thread is kept, because
/// the windows of one are asked for one after the other: the reference holds until the next call. Throws as `decode`.
const std::vector<float>& last_recording(const Field& field, std::int64_t rate, std::string_view where,
                                         Clip (*decode)(std::span<const std::byte> file, std::string_view where));

}  // namespace enxerto
