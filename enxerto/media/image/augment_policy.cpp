#include <array>
#include <span>
#include <vector>

#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/augment_steps.h"
#include "enxerto/media/image/random_operations.h"

namespace enxerto {
namespace {

using A = Augmentation;

/// What draws where it is applied, or works on batches.
constexpr std::array kOtherFields{
    Setting<A>{"randaugment", [](A& a) -> SettingSlot { return &a.randaugment; },
               "number of operations (Cubuk et al. 2020)", from_to(0, 20)},
    Setting<A>{"randaugment_magnitude", [](A& a) -> SettingSlot { return &a.randaugment_magnitude; },
               "of `randaugment`", from_to(0, kLargestMagnitude)},
    Setting<A>{"mixup", [](A& a) -> SettingSlot { return &a.mixup; },
               "alpha of the Beta distribution (Zhang et al. 2018)", from_to(0, 100)},
    Setting<A>{"cutmix", [](A& a) -> SettingSlot { return &a.cutmix; }, "alpha (Yun et al. 2019)", from_to(0, 100)},
};

std::vector<Setting<A>> all_fields() {
  std::vector<Setting<A>> fields;
  for (const auto& steps : {geometry_steps(), colour_steps()})
    for (const AugmentStep& step : steps) fields.push_back(step.setting);
  fields.insert(fields.end(), kOtherFields.begin(), kOtherFields.end());
  const std::span<const Setting<A>> sounds = sound_settings();
  fields.insert(fields.end(), sounds.begin(), sounds.end());
  return fields;
}

/// Fields of an augmentation are flags and numbers.
Json value_of(const SettingSlot& slot) {
  if (const auto* flag = std::get_if<bool*>(&slot)) return **flag;
  if (const auto* whole = std::get_if<std::int64_t*>(&slot)) return **whole;
  return **std::get_if<double*>(&slot);
}

}  // namespace

bool changes_pictures(const Augmentation& augmentation) {
  Augmentation pictures_only = without_sound_changes(augmentation);
  pictures_only.mixup = pictures_only.cutmix = 0;
  pictures_only.randaugment_magnitude = Augmentation{}.randaugment_magnitude;
  return pictures_only != Augmentation{};
}

DecodeOptions decode_options(const ImagePreprocess& preprocess, const Augmentation& augmentation) {
  return augmentation.crop > 0 ? DecodeOptions{} : decode_options(preprocess);
}

std::span<const Setting<Augmentation>> augmentation_settings() {
  static const std::vector<Setting<A>> fields = all_fields();
  return fields;
}

Json to_json(const Augmentation& augmentation) {
  Augmentation copy = augmentation;
  Json json = Json::object();
  for (const Setting<Augmentation>& field : augmentation_settings())
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
