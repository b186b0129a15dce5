#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "enxerto/files/json.h"
#include "enxerto/media/image/image.h"
#include "enxerto/media/image/resize.h"

namespace enxerto {

/// How a picture becomes the network's input, as a recorded value: the same record gives the same numbers at training,
/// prediction and export.
struct ImagePreprocess {
  enum class Fit {
    squash,       ///< resized to size x size, aspect ratio not kept
    center_crop,  ///< shorter side resized to floor(size / crop_fraction) as timm does, then the middle size x size
  };
  enum class Channels { rgb, bgr };
  int size = 224;  ///< side of the square that the network sees, px; 1 to kMaxInputSide
  Fit fit = Fit::center_crop;
  double crop_fraction = 0.875;  ///< above 0, at most 1
  Filter filter = Filter::bicubic;
  /// A number v of 0 to 255 becomes (v / divisor - mean) / deviation, in float32 and in this order, which is what
  /// torchvision does (255) and each mode of Keras: torch (255), tf (127.5, mean 1), caffe (1, bgr).
  float divisor = 255;                                     ///< above 0
  std::array<float, 3> mean{0.485F, 0.456F, 0.406F};       ///< in the order of `channels`
  std::array<float, 3> deviation{0.229F, 0.224F, 0.225F};  ///< in the order of `channels`, above 0
  Channels channels = Channels::rgb;                       ///< which of them the network wants first
  bool scaled_decode = false;                              ///< the faster JPEG decode, not equal to the bit
  int version = 1;                                         ///< of this code's arithmetic; part of every feature space

  bool operator==(const ImagePreprocess&) const = default;
};

/// The largest `ImagePreprocess::size`, px.
inline constexpr int kMaxInputSide = 8192;

/// One member a field, by its name; `image_preprocess_from_json` reads it back to the same value. That one throws
/// Error{data} naming `where` and the field for a missing or unknown one and for a value out of its range. `divisor`
/// and `channels` may be missing, as they are in bundles of version 0.1.
Json to_json(const ImagePreprocess& preprocess);
ImagePreprocess image_preprocess_from_json(const Json& json, std::string_view where);

/// Options for `decode_image` that go with it.
DecodeOptions decode_options(const ImagePreprocess& preprocess);

/// Resizes, crops and normalises into `out` of 3 x size x size floats, channel by channel in the order of `channels`
/// (one row of an NCHW batch). Equal to the bit to torchvision's Resize, CenterCrop, ToTensor and Normalize on a Pillow
/// image. Safe from many threads. Throws Error{data} where `out` has another size or a field is out of its range.
void preprocess_into(const Image& image, const ImagePreprocess& preprocess, std::span<float> out);

}  // namespace enxerto
