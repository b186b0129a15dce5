#include "enxerto/media/audio/sound_windows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/last_recording.h"
#include "enxerto/media/audio/sample_clip.h"
#include "enxerto/media/audio/spectrogram.h"
#include "enxerto/media/image/encode_jpeg.h"

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
    const std::vector<std::byte> file = sample_clip(number, spec_.rate, spec_.window);
    return {{.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)}};
  }

  Json record() const override {
    Json record{{"kind", "sound_windows"}};
    for (const WindowsMember& member : kWindowsMembers) record[std::string(member.name)] = spec_.*member.value;
    if (spec_.at_end) record["at_end"] = true;
    return record;
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    constexpr int kQuality = 80;
    OwnSlots slots(inputs_);
    (void)encode(example, view, slots);
    const Image drawn = spectrogram(slots.take().front().as<float>(), spec_.rate, side, side / 2);
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(drawn, kQuality)};
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)decode_clip(clip_of(example, where).bytes.bytes(), where);
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

  static const Field& clip_of(std::span<const Field> example, std::string_view where) {
    if (example.size() == 1 && example[0].medium == Medium::audio) return example[0];
    throw data_error(std::string(where),
                     example.size() == 1 ? fmt::format("a {}", medium_row(example[0].medium).noun)
                                         : fmt::format("{} fields", example.size()),
                     "a clip");
  }

  const std::vector<float>& heard(std::span<const Field> example, std::string_view where) const {
    return last_recording(clip_of(example, where), spec_.rate, where, decode_clip);
  }

  SoundWindows spec_;
  std::vector<InputSpec> inputs_;
};

[[noreturn]] void refuse_windows(std::string_view where, std::string_view key, std::string found,
                                 std::string expected) {
  throw data_error(fmt::format("{}: {}", where, as_utf8(key)), std::move(found), std::move(expected));
}

}  // namespace

PreprocessorPtr sound_windows(const SoundWindows& windows, std::string_view where) {
  constexpr std::int64_t kLeastRate = 4'000, kMostRate = 192'000, kMostSeconds = 60, kMilliseconds = 1'000;
  const auto require = [&](std::string_view key, std::int64_t found, std::int64_t low, std::int64_t high) {
    if (found < low || found > high)
      refuse_windows(where, key, fmt::format("{}", found), fmt::format("{} to {}", low, high));
  };
  require("rate", windows.rate, kLeastRate, kMostRate);
  require("window", windows.window, windows.rate / kMilliseconds, windows.rate * kMostSeconds);
  require("step", windows.step, windows.rate / kMilliseconds, windows.window);
  return std::make_shared<WindowedSounds>(windows);
}

PreprocessorPtr sound_windows_from_record(const Json& record, std::string_view where) {
  constexpr double kMost = 1e9;
  std::vector<std::string> names;
  for (const WindowsMember& member : kWindowsMembers) names.emplace_back(member.name);
  names.emplace_back("at_end");
  for (const auto& [key, value] : record.items())
    if (std::ranges::find(names, key) == names.end())
      refuse_windows(where, key,
                     fmt::format("not a member of the record of windows of a clip{}", did_you_mean(key, names)),
                     fmt::format("{}", fmt::join(names, ", ")));
  SoundWindows windows;
  for (const WindowsMember& member : kWindowsMembers) {
    const auto found = record.find(member.name);
    if (found == record.end()) refuse_windows(where, member.name, "missing", "a whole number");
    if (!found->is_number() || std::abs(found->get<double>()) > kMost ||
        found->get<double>() != std::floor(found->get<double>()))
      refuse_windows(where, member.name, found->dump(), "a whole number");
    windows.*member.value = static_cast<std::int64_t>(found->get<double>());
  }
  if (const auto at_end = record.find("at_end"); at_end != record.end()) {
    if (!at_end->is_boolean()) refuse_windows(where, "at_end", at_end->dump(), "true or false");
    windows.at_end = at_end->get<bool>();
  }
  return sound_windows(windows, where);
}

}  // namespace enxerto
