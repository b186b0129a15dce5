#include "enxerto/media/audio/utterance_preprocessor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/clip_field.h"
#include "enxerto/media/record_reader.h"

namespace enxerto {
namespace {

constexpr std::int64_t kLeastRate = 4'000, kMostRate = 192'000, kMostSeconds = 600, kMostReachSeconds = 10;
constexpr std::int64_t kMostMember = kMostReachSeconds * kMostRate;
constexpr double kSampleSeconds = 1.5;

struct UtteranceMember {
  std::string_view name;
  std::int64_t UtterancePreprocess::* value;
  bool required = true;
};
constexpr std::array kUtteranceMembers{UtteranceMember{"rate", &UtterancePreprocess::rate},
                                       UtteranceMember{"step", &UtterancePreprocess::step},
                                       UtteranceMember{"seconds", &UtterancePreprocess::longest},
                                       UtteranceMember{"reach", &UtterancePreprocess::reach, false},
                                       UtteranceMember{"least", &UtterancePreprocess::least, false},
                                       UtteranceMember{"mirrored", &UtterancePreprocess::mirrored, false}};

struct UtteranceFlag {
  std::string_view name;
  bool UtterancePreprocess::* value;
};
constexpr std::array kUtteranceFlags{UtteranceFlag{"normalise", &UtterancePreprocess::normalise},
                                     UtteranceFlag{"counted", &UtterancePreprocess::counted}};

/// In place: mean 0 and variance 1.
void normalise_samples(std::span<float> samples) {
  constexpr double kLeastVariance = 1e-7;
  double sum = 0, squares = 0;
  for (const float sample : samples) sum += static_cast<double>(sample);
  const double mean = sum / static_cast<double>(samples.size());
  for (const float sample : samples)
    squares += (static_cast<double>(sample) - mean) * (static_cast<double>(sample) - mean);
  const double scale = 1 / std::sqrt(squares / static_cast<double>(samples.size()) + kLeastVariance);
  for (float& sample : samples) sample = static_cast<float>((static_cast<double>(sample) - mean) * scale);
}

/// Continued at both ends, the first and the last sample once.
std::vector<float> mirrored_samples(const std::vector<float>& samples, std::int64_t beyond) {
  std::vector<float> longer(to_size(std::ssize(samples) + 2 * beyond));
  const std::int64_t last = std::ssize(samples) - 1;
  for (std::int64_t i = 0; i < std::ssize(longer); ++i) {
    const std::int64_t at = std::abs(i - beyond);
    longer[to_size(i)] = samples[to_size(at <= last ? at : 2 * last - at)];
  }
  return longer;
}

std::vector<InputSpec> utterance_inputs(const UtterancePreprocess& preprocess) {
  std::vector<InputSpec> inputs{{.name = "samples", .dtype = DType::f32, .shape = {-1, preprocess.step}},
                                {.name = "attention_mask", .dtype = DType::i64, .shape = {-1}}};
  if (preprocess.counted) inputs.push_back({.name = "sample_count", .dtype = DType::i64, .shape = {1}});
  return inputs;
}

class UtterancePreprocessor final : public Preprocessor {
 public:
  explicit UtterancePreprocessor(const UtterancePreprocess& preprocess)
      : preprocess_(preprocess), inputs_(utterance_inputs(preprocess)) {}

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    std::vector<float> samples = heard(example, view);
    if (preprocess_.normalise) normalise_samples(samples);
    if (std::ssize(samples) < preprocess_.least) samples.resize(to_size(preprocess_.least));
    if (preprocess_.mirrored > 0) samples = mirrored_samples(samples, preprocess_.mirrored);
    const std::int64_t rows = (std::ssize(samples) + preprocess_.step - 1) / preprocess_.step;
    const std::span<std::byte> room = out.slot(0, {rows, preprocess_.step});
    auto* const to = reinterpret_cast<float*>(room.data());
    std::ranges::copy(samples, to);
    std::fill(to + samples.size(), to + room.size() / sizeof(float), 0.0F);
    auto* const mask = reinterpret_cast<std::int64_t*>(out.slot(1, {rows}).data());
    const std::int64_t answered = rows_answered(std::ssize(samples), rows, view.where);
    std::fill(std::fill_n(mask, answered, std::int64_t{1}), mask + rows, std::int64_t{0});
    if (preprocess_.counted) *reinterpret_cast<std::int64_t*>(out.slot(2, {1}).data()) = std::ssize(samples);
    const std::array<float, 2> place{static_cast<float>(preprocess_.rate) / static_cast<float>(preprocess_.step), 0};
    return {Tensor::of<float>({2}, std::span<const float>(place))};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    const auto length = static_cast<std::int64_t>(kSampleSeconds * static_cast<double>(preprocess_.rate));
    return {sample_clip_field(number, preprocess_.rate, length)};
  }

  Json record() const override {
    Json record{{"kind", "utterance"}};
    for (const UtteranceMember& member : kUtteranceMembers)
      if (member.required || preprocess_.*member.value != 0)
        record[std::string(member.name)] = preprocess_.*member.value;
    for (const UtteranceFlag& flag : kUtteranceFlags)
      if (preprocess_.*flag.value) record[std::string(flag.name)] = true;
    return record;
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    return preview_of_sound(heard(example, view), preprocess_.rate, side);
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)read(example, where);
  }

  Json random_changes(const Augmentation& augmentation) const override { return sound_changes(augmentation); }

  std::string summary() const override {
    constexpr double kMilliseconds = 1'000;
    return fmt::format("up to {} s at {} Hz, a frame each {:g} ms", preprocess_.longest, preprocess_.rate,
                       kMilliseconds * static_cast<double>(preprocess_.step) / static_cast<double>(preprocess_.rate));
  }

 private:
  std::vector<float> heard(std::span<const Field> example, const View& view) const {
    std::vector<float> samples = resampled(read(example, view.where), preprocess_.rate);
    if (view.augment != nullptr) augment_sound(samples, preprocess_.rate, *view.augment, view.key);
    return samples;
  }

  Clip read(std::span<const Field> example, std::string_view where) const {
    Clip clip = decode_clip(only_clip(example, where).bytes.bytes(), where);
    if (clip.seconds() > static_cast<double>(preprocess_.longest))
      throw data_error(std::string(where), fmt::format("a recording of {:.1f} s", clip.seconds()),
                       fmt::format("at most {} s", preprocess_.longest),
                       "cut it where nobody speaks, or allow more with input.seconds");
    return clip;
  }

  /// Rows whose reach ends in the recording.
  std::int64_t rows_answered(std::int64_t samples, std::int64_t rows, std::string_view where) const {
    if (preprocess_.reach == 0) return rows;
    constexpr double kMilliseconds = 1'000;
    const auto milliseconds = [&](std::int64_t count) {
      return kMilliseconds * static_cast<double>(count) / static_cast<double>(preprocess_.rate);
    };
    if (samples < preprocess_.reach)
      throw data_error(
          std::string(where), fmt::format("a recording of {:.1f} ms", milliseconds(samples)),
          fmt::format("at least the {:g} ms that the network hears at once", milliseconds(preprocess_.reach)));
    return (samples - preprocess_.reach) / preprocess_.step + 1;
  }

  UtterancePreprocess preprocess_;
  std::vector<InputSpec> inputs_;
};

}  // namespace

PreprocessorPtr utterance_preprocessor(const UtterancePreprocess& preprocess, std::string_view where) {
  const auto refuse_range = [&](std::string_view key, std::int64_t found, std::int64_t low, std::int64_t high) {
    if (found < low || found > high)
      throw data_error(fmt::format("{}: {}", where, key), fmt::format("{}", found), fmt::format("{} to {}", low, high));
  };
  constexpr std::int64_t kMilliseconds = 1'000;
  refuse_range("rate", preprocess.rate, kLeastRate, kMostRate);
  refuse_range("step", preprocess.step, preprocess.rate / kMilliseconds, preprocess.rate);
  refuse_range("seconds", preprocess.longest, 1, kMostSeconds);
  if (preprocess.reach != 0)
    refuse_range("reach", preprocess.reach, preprocess.step, kMostReachSeconds * preprocess.rate);
  refuse_range("least", preprocess.least, 0, kMostReachSeconds * preprocess.rate);
  if (preprocess.mirrored != 0) refuse_range("mirrored", preprocess.mirrored, 0, preprocess.least - 1);
  return std::make_shared<UtterancePreprocessor>(preprocess);
}

PreprocessorPtr utterance_preprocessor_from_record(const Json& record, std::string_view where) {
  std::vector<std::string_view> names;
  for (const UtteranceMember& member : kUtteranceMembers) names.push_back(member.name);
  for (const UtteranceFlag& flag : kUtteranceFlags) names.push_back(flag.name);
  const RecordReader reader(record, names, where);
  UtterancePreprocess preprocess;
  for (const UtteranceMember& member : kUtteranceMembers)
    if (member.required || reader.has(member.name))
      preprocess.*member.value = reader.whole(member.name, 0, kMostMember);
  for (const UtteranceFlag& flag : kUtteranceFlags) preprocess.*flag.value = reader.flag(flag.name);
  return utterance_preprocessor(preprocess, where);
}

}  // namespace enxerto
