#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "enxerto/base/rng.h"
#include "enxerto/base/setting.h"
#include "enxerto/files/json.h"
#include "enxerto/media/image/augmentation.h"
#include "enxerto/media/image/image.h"
#include "enxerto/media/image/preprocess.h"

namespace enxerto {

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
