#pragma once
#include <cstdint>
#include <string>

#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// Tokens that a text is cut to where nobody says otherwise and the network reads more: what BERT reads. Beyond it a
/// sentence is rare, and what a text costs grows with the square of its length.
inline constexpr std::int64_t kUsualMaxLength = 512;

/// The smaller of it and `limit`; 0, which is no limit, stays.
std::int64_t usual_max_length(std::int64_t limit);

/// A sentence on a text preprocessor that cuts at `kUsualMaxLength` what the network could read; else "".
std::string note_of_length(const Preprocessor& preprocessor);

}  // namespace enxerto
