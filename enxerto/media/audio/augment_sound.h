#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/rng.h"
#include "enxerto/base/setting.h"
#include "enxerto/files/json.h"
#include "enxerto/media/image/augmentation.h"

namespace enxerto {

/// The keys of [phase.augmentation] that change sounds: gain, noise, time_shift, time_mask,
/// frequency_mask.
std::span<const Setting<Augmentation>> sound_settings();

/// Whether one of them is on.
bool changes_sounds(const Augmentation& augmentation);

/// The same with all of them off.
Augmentation without_sound_changes(Augmentation augmentation);

/// `Preprocessor::random_changes` of clips. Throws Error{usage} for changes of pictures, and as `check`.
Json sound_changes(const Augmentation& augmentation);

/// Throws Error{usage} where one of them is on, for a preprocessor of other examples: `inputs` are what it gives.
void refuse_sound_changes(const Augmentation& augmentation, const std::string& inputs);

/// Changes a clip at random, in this order: louder or quieter, earlier or later (silence where nothing is heard any
/// more), white noise, a span of silence and a band of pitches that is silent (the masks of SpecAugment, Park et al.
/// 2019, on samples: the band is as wide on the mel scale as a mask that covers that share of the mel channels, and is
/// taken out by a filter without phase of 32 ms). `rate` is that of the samples, Hz.
/// `key.purpose` is not looked at; the same key gives the same samples on any thread.
void augment_sound(std::vector<float>& samples, std::int64_t rate, const Augmentation& augmentation,
                   const RandomKey& key);

}  // namespace enxerto
