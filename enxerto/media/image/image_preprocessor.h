#pragma once
#include <string_view>

#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// One picture as the input "input" (3, size, size) of float32, by `preprocess_into` and `augment_into`. Its record is
/// `to_json(preprocess)`, without a "kind". Throws Error{data} for a field out of its range.
PreprocessorPtr image_preprocessor(const ImagePreprocess& preprocess);

/// A row of `preprocessor_kinds`. Beside what `image_preprocess_from_json` reads, a record may have the words of a
/// recipe: "fit" "crop" for "center_crop", and "normalise", which stands for divisor, mean, deviation and channels:
/// "none" (pixels, 0 to 255), "unit" (pixels / 255), Keras's modes "tf", "torch" and "caffe"
/// (keras.applications.imagenet_utils.preprocess_input), or "torch_bgr": "torch" with blue first, as detectors of
/// OpenMMLab's kin (NanoDet) have it.
PreprocessorPtr image_preprocessor_from_record(const Json& record, std::string_view where);

/// Throws Error{data} naming `where` for anything but one picture that can be decoded.
Image decode(std::span<const Field> example, std::string_view where, const DecodeOptions& options);

}  // namespace enxerto
