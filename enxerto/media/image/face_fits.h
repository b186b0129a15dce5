#pragma once
#include <span>
#include <string_view>

#include "enxerto/base/tensor.h"
#include "enxerto/media/image/preprocess.h"

namespace enxerto {

/// A way to cut a face out by its points: a row of the table.
struct FaceFit {
  std::string_view word;     ///< of a record's "fit"
  std::string_view summary;  ///< "aligned by five points"
  bool all_points;           ///< needs 68, not five
  /// Whether a face can be cut out by them of a picture of this size.
  bool (*possible)(const Tensor& points, int width, int height);
  /// The face in a square, normalised as `preprocess` says.
  void (*write)(const Image& image, const Tensor& points, const ImagePreprocess& preprocess, std::span<float> out);
};

/// "five_points" and "eyes_and_mouth"; null where there is none of that word.
const FaceFit* face_fit_named(std::string_view word);

}  // namespace enxerto
