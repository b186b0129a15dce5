#pragma once
#include <cstdint>

namespace enxerto {

/// How a training picture or sound is changed at random before the network sees it. What is 0 or false is off; all off
/// is the plain preprocessing. Ranges are those of torchvision's transforms of the same names.
struct Augmentation {
  bool flip = false, vertical_flip = false;  ///< left and right, top and bottom, every second picture
  double crop = 0;      ///< RandomResizedCrop: the least share of the picture's area that is kept (0.08); 0: off
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
  double gain = 0, noise = 0, time_shift = 0, time_mask = 0, frequency_mask = 0;  ///< media/audio/augment_sound.h
  bool operator==(const Augmentation&) const = default;
};

}  // namespace enxerto
