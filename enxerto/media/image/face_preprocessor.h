#pragma once
#include <string_view>

#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// The word of a record's "fit" for it.
inline constexpr std::string_view kFivePointsFit = "five_points";

/// One picture of which five points of a face are known (`Field::marks`) as the input "input" (3, size, size): the face
/// cut out upright (`aligned_face`), its pixels as `preprocess` says, whose fit does not matter. Its record is that of
/// `image_preprocessor` with the fit "five_points". Throws Error{data} for a
/// picture of which they are not known, and where they lie at one place.
PreprocessorPtr face_preprocessor(const ImagePreprocess& preprocess);

}  // namespace enxerto
