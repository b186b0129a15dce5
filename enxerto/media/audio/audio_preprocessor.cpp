#include "enxerto/media/audio/audio_preprocessor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/sample_clip.h"
#include "enxerto/media/audio/spectrogram.h"
#include "enxerto/media/image/encode_jpeg.h"

namespace enxerto {
namespace {

constexpr std::int64_t kLowestRate = 4'000, kHighestRate = 192'000;
constexpr double kShortest = 0.05, kLongestClip = 60;  // seconds
const std::vector<std::string> kAudioNumbers{"rate", "seconds"}, kAudioMembers{"rate", "seconds", "counted"};

std::vector<InputSpec> audio_inputs(const AudioPreprocess& preprocess) {
  std::vector<InputSpec> inputs{{.name = "samples", .dtype = DType::f32, .shape = {preprocess.samples}}};
  if (preprocess.counted) inputs.push_back({.name = "sample_count", .dtype = DType::i64, .shape = {1}});
  return inputs;
}

[[noreturn]] void refuse_member(std::string_view where, std::string_view key, std::string found, std::string expected) {
  throw data_error(fmt::format("{}: {}", where, as_utf8(key)), std::move(found), std::move(expected));
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
    const std::vector<std::byte> file = sample_clip(number, preprocess_.rate, preprocess_.samples);
    return {{.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)}};
  }

  Json record() const override {
    Json record{{"kind", "audio"}, {"rate", preprocess_.rate}, {"seconds", seconds()}};
    if (preprocess_.counted) record["counted"] = true;
    return record;
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    constexpr int kQuality = 80;
    OwnSlots slots(inputs_);
    (void)encode(example, view, slots);
    const Image drawn = spectrogram(slots.take().front().as<float>(), preprocess_.rate, side, side / 2);
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(drawn, kQuality)};
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)decode_clip(only(example, where).bytes.bytes(), where);
  }

  Json random_changes(const Augmentation& augmentation) const override { return sound_changes(augmentation); }

  std::string summary() const override { return fmt::format("{:g} s at {} Hz", seconds(), preprocess_.rate); }

 private:
  double seconds() const { return static_cast<double>(preprocess_.samples) / static_cast<double>(preprocess_.rate); }

  static const Field& only(std::span<const Field> example, std::string_view where) {
    if (example.size() != 1 || example[0].medium != Medium::audio)
      throw data_error(std::string(where),
                       example.size() == 1 ? fmt::format("a {}", medium_row(example[0].medium).noun)
                                           : fmt::format("{} fields", example.size()),
                       "a clip");
    return example[0];
  }

  std::vector<float> heard(std::span<const Field> example, const View& view) const {
    std::vector<float> samples =
        resampled(decode_clip(only(example, view.where).bytes.bytes(), view.where), preprocess_.rate);
    if (view.augment != nullptr) augment_sound(samples, preprocess_.rate, *view.augment, view.key);
    return samples;
  }

  AudioPreprocess preprocess_;
  std::vector<InputSpec> inputs_;
};

}  // namespace

PreprocessorPtr audio_preprocessor(const AudioPreprocess& preprocess, std::string_view where) {
  if (preprocess.rate < kLowestRate || preprocess.rate > kHighestRate)
    refuse_member(where, "rate", fmt::format("{} Hz", preprocess.rate),
                  fmt::format("{} to {} Hz", kLowestRate, kHighestRate));
  const double seconds = static_cast<double>(preprocess.samples) / static_cast<double>(preprocess.rate);
  if (seconds < kShortest || seconds > kLongestClip)
    refuse_member(where, "seconds", fmt::format("{:g}", seconds), fmt::format("{} to {}", kShortest, kLongestClip));
  return std::make_shared<AudioPreprocessor>(preprocess);
}

AudioPreprocess audio_preprocess_from_json(const Json& record, std::string_view where) {
  for (const auto& [key, value] : record.items()) {
    if (std::ranges::find(kAudioMembers, key) == kAudioMembers.end())
      refuse_member(where, key, fmt::format("not a member of a clip's record{}", did_you_mean(key, kAudioMembers)),
                    "rate, seconds, counted");
    if (key == "counted" && !value.is_boolean()) refuse_member(where, key, value.dump(), "true or false");
    if (key != "counted" && !value.is_number()) refuse_member(where, key, value.type_name(), "a number");
  }
  for (const std::string& key : kAudioNumbers)
    if (!record.contains(key)) refuse_member(where, key, "missing", "a number");
  const double rate = record["rate"], seconds = record["seconds"];
  if (rate != std::floor(rate) || std::abs(rate) > kHighestRate)
    refuse_member(where, "rate", record["rate"].dump(),
                  fmt::format("a whole number of {} to {} Hz", kLowestRate, kHighestRate));
  if (!(seconds > 0 && seconds <= kLongestClip))
    refuse_member(where, "seconds", record["seconds"].dump(), fmt::format("{} to {}", kShortest, kLongestClip));
  return {.rate = static_cast<std::int64_t>(rate),
          .samples = std::llround(rate * seconds),
          .counted = record.value("counted", false)};
}

PreprocessorPtr audio_preprocessor_from_record(const Json& record, std::string_view where) {
  return audio_preprocessor(audio_preprocess_from_json(record, where), where);
}

}  // namespace enxerto
