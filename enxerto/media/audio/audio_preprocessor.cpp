#include "enxerto/media/audio/audio_preprocessor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/clip_field.h"
#include "enxerto/media/record_reader.h"

namespace enxerto {
namespace {

constexpr std::int64_t kLowestRate = 4'000, kHighestRate = 192'000;
constexpr double kShortest = 0.05, kLongestClip = 60;  // seconds
constexpr std::array<std::string_view, 3> kAudioMembers{"rate", "seconds", "counted"};

std::vector<InputSpec> audio_inputs(const AudioPreprocess& preprocess) {
  std::vector<InputSpec> inputs{{.name = "samples", .dtype = DType::f32, .shape = {preprocess.samples}}};
  if (preprocess.counted) inputs.push_back({.name = "sample_count", .dtype = DType::i64, .shape = {1}});
  return inputs;
}

class AudioPreprocessor final : public Preprocessor {
 public:
  explicit AudioPreprocessor(const AudioPreprocess& preprocess)
      : preprocess_(preprocess), inputs_(audio_inputs(preprocess)) {}

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    const std::vector<float> samples = heard(example, view);
    const std::span<std::byte> room = out.slot(0, {preprocess_.samples});
    auto* const to = reinterpret_cast<float*>(room.data());
    const std::int64_t spare = preprocess_.samples - std::ssize(samples);
    const std::int64_t share = preprocess_.counted ? 0 : 1;  // of what is spare, by halves, before the clip
    const std::int64_t before = share * std::max<std::int64_t>(spare, 0) / 2,
                       skipped = share * std::max<std::int64_t>(-spare, 0) / 2;
    const std::int64_t kept = std::min(preprocess_.samples, std::ssize(samples));
    std::fill_n(to, preprocess_.samples, 0.0F);
    std::copy_n(samples.begin() + skipped, kept, to + before);
    if (preprocess_.counted) *reinterpret_cast<std::int64_t*>(out.slot(1, {1}).data()) = std::ssize(samples);
    const auto rate = static_cast<float>(preprocess_.rate);
    const std::array<float, 2> place{rate, static_cast<float>(skipped - before) / rate};
    return {Tensor::of<float>({2}, std::span<const float>(place))};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    return {sample_clip_field(number, preprocess_.rate, preprocess_.samples)};
  }

  Json record() const override {
    Json record{{"kind", "audio"}, {"rate", preprocess_.rate}, {"seconds", seconds()}};
    if (preprocess_.counted) record["counted"] = true;
    return record;
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    OwnSlots slots(inputs_);
    (void)encode(example, view, slots);
    return preview_of_sound(slots.take().front().as<float>(), preprocess_.rate, side);
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)decode_clip(only_clip(example, where).bytes.bytes(), where);
  }

  Json random_changes(const Augmentation& augmentation) const override { return sound_changes(augmentation); }

  std::string summary() const override { return fmt::format("{:g} s at {} Hz", seconds(), preprocess_.rate); }

 private:
  double seconds() const { return static_cast<double>(preprocess_.samples) / static_cast<double>(preprocess_.rate); }

  std::vector<float> heard(std::span<const Field> example, const View& view) const {
    std::vector<float> samples =
        resampled(decode_clip(only_clip(example, view.where).bytes.bytes(), view.where), preprocess_.rate);
    if (view.augment != nullptr) augment_sound(samples, preprocess_.rate, *view.augment, view.key);
    return samples;
  }

  AudioPreprocess preprocess_;
  std::vector<InputSpec> inputs_;
};

}  // namespace

PreprocessorPtr audio_preprocessor(const AudioPreprocess& preprocess, std::string_view where) {
  const auto refuse = [&](std::string_view key, std::string found, std::string expected) {
    throw data_error(fmt::format("{}: {}", where, key), std::move(found), std::move(expected));
  };
  if (preprocess.rate < kLowestRate || preprocess.rate > kHighestRate)
    refuse("rate", fmt::format("{} Hz", preprocess.rate), fmt::format("{} to {} Hz", kLowestRate, kHighestRate));
  const double seconds = static_cast<double>(preprocess.samples) / static_cast<double>(preprocess.rate);
  if (seconds < kShortest || seconds > kLongestClip)
    refuse("seconds", fmt::format("{:g}", seconds), fmt::format("{} to {}", kShortest, kLongestClip));
  return std::make_shared<AudioPreprocessor>(preprocess);
}

AudioPreprocess audio_preprocess_from_json(const Json& record, std::string_view where) {
  const RecordReader reader(record, kAudioMembers, where);
  const std::int64_t rate = reader.whole("rate", kLowestRate, kHighestRate);
  const double seconds = reader.number("seconds", kShortest, kLongestClip);
  return {
      .rate = rate, .samples = std::llround(static_cast<double>(rate) * seconds), .counted = reader.flag("counted")};
}

PreprocessorPtr audio_preprocessor_from_record(const Json& record, std::string_view where) {
  return audio_preprocessor(audio_preprocess_from_json(record, where), where);
}

}  // namespace enxerto
