#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "enxerto/base/rng.h"
#include "enxerto/base/setting.h"
#include "enxerto/files/json.h"
#include "enxerto/media/image/image.h"
#include "enxerto/media/image/preprocess.h"

namespace enxerto {

/// How a training picture is changed at random before the network sees it. What is 0 or false is off; all off is the
/// plain preprocessing. Ranges are those of torchvision's transforms of the same names.
struct Augmentation {
  bool flip = false;           ///< left and right, every second picture
  bool vertical_flip = false;  ///< top and bottom, every second picture
  double crop = 0;             ///< RandomResizedCrop: the least share of the picture's area that is kept (0.08); 0: off
  double pad_crop = 0;  ///< shifted by up to this share of the side (CIFAR's 4 of 32 px: 0.125), reflected border
  double rotate = 0;    ///< up to so many degrees to either side
  double zoom = 0;      ///< scale between 1 - zoom and 1 + zoom
  double brightness = 0, contrast = 0, saturation = 0;  ///< factor between max(0, 1 - x) and 1 + x
  double hue = 0;                                       ///< at most 0.5 of the colour circle to either side
  std::int64_t randaugment = 0;                         ///< number of operations (Cubuk et al. 2020); 0: off
  std::int64_t randaugment_magnitude = 9;               ///< 0 to 30
  double erase = 0;   ///< probability of a rectangle that is set to 0 after normalisation (Zhong et al. 2017)
  double mixup = 0;   ///< alpha of the Beta distribution (Zhang et al. 2018); on the values that the trained part gets
  double cutmix = 0;  ///< alpha (Yun et al. 2019); on pictures, or on maps where the prefix is frozen
  bool operator==(const Augmentation&) const = default;
};

/// True where no picture is changed (mixup and cutmix, which work on batches, are not looked at).
bool changes_pictures(const Augmentation& augmentation);

/// One member a field; part of a feature space. Without mixup and cutmix where `changes_pictures` is what matters.
Json to_json(const Augmentation& augmentation);

/// The same without what is as it is by default: equal for two policies that do the same, whatever fields come later.
Json non_default_json(const Augmentation& augmentation);

/// The keys of [phase.augmentation].
std::span<const Setting<Augmentation>> augmentation_settings();

/// Throws Error{usage} naming `where` and the first field that is out of its range.
void check(const Augmentation& augmentation, std::string_view where);

/// Options for `decode_image` that go with it: what may be cropped is decoded at its full size.
DecodeOptions decode_options(const ImagePreprocess& preprocess, const Augmentation& augmentation);

/// `preprocess_into` of a picture changed at random, in this order: crop and resize to the network's size, shift,
/// rotate and zoom (bilinear, black outside), flips, colours in random order, RandAugment, normalisation, erasing. Each
/// step is equal to the bit to torchvision's on a Pillow image. `key.purpose` is not looked at. The same key gives the
/// same pixels on any thread. Throws as `preprocess_into` and `check`.
void augment_into(const Image& image, const ImagePreprocess& preprocess, const Augmentation& augmentation,
                  const RandomKey& key, std::span<float> out);

}  // namespace enxerto
