#pragma once
#include <optional>
#include <string_view>

#include "enxerto/media/image/face_finder.h"
#include "enxerto/media/image/face_fits.h"
#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// One picture of a face as the input "input" (3, size, size): cut out as `fit` says by the points that are known of it
/// (`Field::marks`, 5 or 68) or, where none are and there is a `finder`, by those of the largest face that it finds;
/// its pixels as `preprocess` says, whose fit does not matter. Its record is that of `image_preprocessor` with the
/// fit's word and, where there is one, the member "finder". With a finder it looks with the networks "detector" and
/// "landmarks", and throws Error{other} until it has them (`Preprocessor::with_networks`). Throws Error{data} for a
/// picture without a face, and for points by which none can be cut out.
PreprocessorPtr face_preprocessor(const ImagePreprocess& preprocess, const FaceFit& fit,
                                  const std::optional<FaceFinderSettings>& finder = {});

}  // namespace enxerto
