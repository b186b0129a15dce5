#include <array>

#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/random_operations.h"

namespace enxerto {
namespace {

using A = Augmentation;

constexpr std::array kAugmentationFields{
    Setting<A>{"flip", [](A& a) -> SettingSlot { return &a.flip; }, "left and right, every second picture"},
    Setting<A>{"vertical_flip", [](A& a) -> SettingSlot { return &a.vertical_flip; },
               "top and bottom, every second picture"},
    Setting<A>{"crop", [](A& a) -> SettingSlot { return &a.crop; },
               "RandomResizedCrop: the least share of the area that is kept (0.08)", kShare},
    Setting<A>{"pad_crop", [](A& a) -> SettingSlot { return &a.pad_crop; },
               "shift by up to this share of the side, border reflected (CIFAR: 0.125)", from_to(0, 0.5)},
    Setting<A>{"rotate", [](A& a) -> SettingSlot { return &a.rotate; }, "degrees to either side", from_to(0, 180)},
    Setting<A>{"zoom", [](A& a) -> SettingSlot { return &a.zoom; }, "scale between 1 - zoom and 1 + zoom",
               from_to(0, 0.9)},
    Setting<A>{"brightness", [](A& a) -> SettingSlot { return &a.brightness; }, "factor between 1 - x and 1 + x",
               from_to(0, 10)},
    Setting<A>{"contrast", [](A& a) -> SettingSlot { return &a.contrast; }, "factor between 1 - x and 1 + x",
               from_to(0, 10)},
    Setting<A>{"saturation", [](A& a) -> SettingSlot { return &a.saturation; }, "factor between 1 - x and 1 + x",
               from_to(0, 10)},
    Setting<A>{"hue", [](A& a) -> SettingSlot { return &a.hue; }, "share of the colour circle to either side",
               from_to(0, 0.5)},
    Setting<A>{"randaugment", [](A& a) -> SettingSlot { return &a.randaugment; },
               "number of operations (Cubuk et al. 2020)", from_to(0, 20)},
    Setting<A>{"randaugment_magnitude", [](A& a) -> SettingSlot { return &a.randaugment_magnitude; },
               "of `randaugment`", from_to(0, kLargestMagnitude)},
    Setting<A>{"erase", [](A& a) -> SettingSlot { return &a.erase; },
               "probability of an erased rectangle (Zhong et al. 2017)", kShare},
    Setting<A>{"mixup", [](A& a) -> SettingSlot { return &a.mixup; },
               "alpha of the Beta distribution (Zhang et al. 2018)", from_to(0, 100)},
    Setting<A>{"cutmix", [](A& a) -> SettingSlot { return &a.cutmix; }, "alpha (Yun et al. 2019)", from_to(0, 100)},
};

/// Fields of an augmentation are flags and numbers.
Json value_of(const SettingSlot& slot) {
  if (const auto* flag = std::get_if<bool*>(&slot)) return **flag;
  if (const auto* whole = std::get_if<std::int64_t*>(&slot)) return **whole;
  return **std::get_if<double*>(&slot);
}

}  // namespace

bool changes_pictures(const Augmentation& augmentation) {
  Augmentation pictures_only = augmentation;
  pictures_only.mixup = pictures_only.cutmix = 0;
  pictures_only.randaugment_magnitude = Augmentation{}.randaugment_magnitude;
  return pictures_only != Augmentation{};
}

DecodeOptions decode_options(const ImagePreprocess& preprocess, const Augmentation& augmentation) {
  return augmentation.crop > 0 ? DecodeOptions{} : decode_options(preprocess);
}

std::span<const Setting<Augmentation>> augmentation_settings() { return kAugmentationFields; }

Json to_json(const Augmentation& augmentation) {
  Augmentation copy = augmentation;
  Json json = Json::object();
  for (const Setting<Augmentation>& field : kAugmentationFields)
    json[std::string(field.key)] = value_of(field.slot(copy));
  return json;
}

Json non_default_json(const Augmentation& augmentation) {
  Json json = to_json(augmentation);
  const Json plain = to_json(Augmentation{});
  for (const auto& [key, value] : plain.items()) {
    if (json[key] == value) json.erase(key);
  }
  return json;
}

void check(const Augmentation& augmentation, std::string_view where) {
  check(augmentation_settings(), augmentation, std::string(where) + ": ");
}

}  // namespace enxerto
