#include "enxerto/media/audio/sound_windows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/clip_field.h"
#include "enxerto/media/audio/last_recording.h"
#include "enxerto/media/record_reader.h"

namespace enxerto {
namespace {

struct WindowsMember {
  std::string_view name;
  std::int64_t SoundWindows::* value;
};
constexpr std::array kWindowsMembers{WindowsMember{"rate", &SoundWindows::rate},
                                     WindowsMember{"window", &SoundWindows::window},
                                     WindowsMember{"step", &SoundWindows::step}};

class WindowedSounds final : public Preprocessor {
 public:
  explicit WindowedSounds(const SoundWindows& spec)
      : spec_(spec), inputs_{{.name = "samples", .dtype = DType::f32, .shape = {spec.window}}} {}

  std::span<const InputSpec> inputs() const override { return inputs_; }
  bool divides() const override { return true; }

  std::size_t windows(std::span<const Field> example, std::string_view where) const override {
    return to_size(count_of(std::ssize(heard(example, where))));
  }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    std::vector<float> changed;
    if (view.augment != nullptr) {
      changed = heard(example, view.where);
      augment_sound(changed, spec_.rate, *view.augment, view.key);
    }
    const std::vector<float>& samples = view.augment != nullptr ? changed : heard(example, view.where);
    const std::int64_t length = std::ssize(samples);
    const std::int64_t silence = spec_.window + (count_of(length) - 1) * spec_.step - length;
    const std::int64_t start = example[0].window * spec_.step - (spec_.at_end ? silence : 0);
    const std::int64_t from = std::clamp<std::int64_t>(start, 0, length);
    const std::int64_t end = std::clamp<std::int64_t>(start + spec_.window, from, length);
    auto* const to = reinterpret_cast<float*>(out.slot(0, {spec_.window}).data());
    std::fill_n(to, spec_.window, 0.0F);
    std::copy(samples.begin() + from, samples.begin() + end, to + (from - start));
    const auto rate = static_cast<float>(spec_.rate);
    const std::array<float, 2> place{rate, static_cast<float>(start) / rate};
    return {Tensor::of<float>({2}, std::span<const float>(place))};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    return {sample_clip_field(number, spec_.rate, spec_.window)};
  }

  Json record() const override {
    Json record{{"kind", "sound_windows"}};
    for (const WindowsMember& member : kWindowsMembers) record[std::string(member.name)] = spec_.*member.value;
    if (spec_.at_end) record["at_end"] = true;
    return record;
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    OwnSlots slots(inputs_);
    (void)encode(example, view, slots);
    return preview_of_sound(slots.take().front().as<float>(), spec_.rate, side);
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)decode_clip(only_clip(example, where).bytes.bytes(), where);
  }

  Json random_changes(const Augmentation& augmentation) const override { return sound_changes(augmentation); }

  std::string summary() const override {
    const auto seconds = [&](std::int64_t samples) {
      return static_cast<double>(samples) / static_cast<double>(spec_.rate);
    };
    return fmt::format("windows of {:.3g} s, one every {:.3g} s, at {} Hz", seconds(spec_.window), seconds(spec_.step),
                       spec_.rate);
  }

 private:
  std::int64_t count_of(std::int64_t samples) const {
    const std::int64_t behind_first = std::max<std::int64_t>(0, samples - spec_.window);
    return (behind_first + spec_.step - 1) / spec_.step + 1;
  }

  const std::vector<float>& heard(std::span<const Field> example, std::string_view where) const {
    return last_recording(only_clip(example, where), spec_.rate, where, decode_clip);
  }

  SoundWindows spec_;
  std::vector<InputSpec> inputs_;
};

}  // namespace

PreprocessorPtr sound_windows(const SoundWindows& windows, std::string_view where) {
  constexpr std::int64_t kLeastRate = 4'000, kMostRate = 192'000, kMostSeconds = 60, kMilliseconds = 1'000;
  const auto require = [&](std::string_view key, std::int64_t found, std::int64_t low, std::int64_t high) {
    if (found < low || found > high)
      throw data_error(fmt::format("{}: {}", where, key), fmt::format("{}", found), fmt::format("{} to {}", low, high));
  };
  require("rate", windows.rate, kLeastRate, kMostRate);
  require("window", windows.window, windows.rate / kMilliseconds, windows.rate * kMostSeconds);
  require("step", windows.step, windows.rate / kMilliseconds, windows.window);
  return std::make_shared<WindowedSounds>(windows);
}

PreprocessorPtr sound_windows_from_record(const Json& record, std::string_view where) {
  constexpr std::int64_t kMost = 1'000'000'000;
  constexpr std::array<std::string_view, 4> kNames{"rate", "window", "step", "at_end"};
  const RecordReader reader(record, kNames, where);
  SoundWindows windows;
  for (const WindowsMember& member : kWindowsMembers) windows.*member.value = reader.whole(member.name, 1, kMost);
  windows.at_end = reader.flag("at_end");
  return sound_windows(windows, where);
}

}  // namespace enxerto
