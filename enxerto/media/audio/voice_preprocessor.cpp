#include "enxerto/media/audio/voice_preprocessor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/clip_field.h"
#include "enxerto/media/audio/last_recording.h"
#include "enxerto/media/record_reader.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 7> kVoiceMembers{"rate", "frames",      "hop",     "window",
                                                        "step", "least_heard", "loudness"};

/// Throws Error{data} for digital silence too: the vector of nobody would be that of one person.
Clip decode_voice(std::span<const std::byte> file, std::string_view where) {
  Clip clip = decode_clip(file, where);
  if (std::ranges::all_of(clip.samples, [](float sample) { return sample == 0; }))
    throw data_error(std::string(where), "silence, every sample is 0", "a voice", "leave the recording out");
  return clip;
}

class VoicePreprocessor final : public Preprocessor {
 public:
  explicit VoicePreprocessor(const VoicePreprocess& voice)
      : voice_(voice), inputs_{{.name = "samples", .dtype = DType::f32, .shape = {samples()}}} {}

  std::span<const InputSpec> inputs() const override { return inputs_; }
  bool divides() const override { return true; }

  std::size_t windows(std::span<const Field> example, std::string_view where) const override {
    const std::int64_t count = std::ssize(last_recording(only_clip(example, where), voice_.rate, where, decode_voice));
    const std::int64_t frames = count / voice_.hop + 1;  // ceil((count + 1) / hop)
    const std::int64_t steps = std::max<std::int64_t>(1, frames - voice_.frames + voice_.step + 1);
    const std::int64_t all = (steps + voice_.step - 1) / voice_.step;
    const auto heard = static_cast<double>(count - (all - 1) * voice_.step * voice_.hop);
    const double share = heard / static_cast<double>(voice_.frames * voice_.hop);
    return to_size(all > 1 && share < voice_.least_heard ? all - 1 : all);
  }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment != nullptr) (void)random_changes(*view.augment);
    const Field& field = only_clip(example, view.where);
    const std::vector<float>& heard = last_recording(field, voice_.rate, view.where, decode_voice);
    const std::int64_t start = field.window * voice_.step * voice_.hop - voice_.frame_window / 2;
    auto* const to = reinterpret_cast<float*>(out.slot(0, {samples()}).data());
    std::fill_n(to, samples(), 0.0F);
    const std::int64_t from = std::max<std::int64_t>(start, 0), end = std::min(start + samples(), std::ssize(heard));
    const auto louder = static_cast<float>(amplification(heard));
    for (std::int64_t i = from; i < end; ++i) to[i - start] = heard[to_size(i)] * louder;
    const auto rate = static_cast<float>(voice_.rate);
    const std::array<float, 2> place{rate, static_cast<float>(start) / rate};
    return {Tensor::of<float>({2}, std::span<const float>(place))};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    return {sample_clip_field(number, voice_.rate, voice_.frames * voice_.hop)};
  }

  Json record() const override {
    return {{"kind", "voice"},
            {"rate", voice_.rate},
            {"frames", voice_.frames},
            {"hop", voice_.hop},
            {"window", voice_.frame_window},
            {"step", voice_.step},
            {"least_heard", voice_.least_heard},
            {"loudness", voice_.loudness}};
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    OwnSlots slots(inputs_);
    (void)encode(example, view, slots);
    return preview_of_sound(slots.take().front().as<float>(), voice_.rate, side);
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)decode_voice(only_clip(example, where).bytes.bytes(), where);
  }

  std::string summary() const override {
    const auto seconds = [&](std::int64_t frames) {
      return static_cast<double>(frames * voice_.hop) / static_cast<double>(voice_.rate);
    };
    return fmt::format("windows of {:g} s, one every {:g} s, at {} Hz", seconds(voice_.frames), seconds(voice_.step),
                       voice_.rate);
  }

 private:
  std::int64_t samples() const { return (voice_.frames - 1) * voice_.hop + voice_.frame_window; }

  /// What a quiet recording is raised by.
  double amplification(const std::vector<float>& heard) const {
    double squares = 0;
    for (const float sample : heard) squares += static_cast<double>(sample) * static_cast<double>(sample);
    if (squares <= 0) return 1;
    const double level = 10 * std::log10(squares / static_cast<double>(heard.size()));
    return level >= voice_.loudness ? 1 : std::pow(10, (voice_.loudness - level) / 20);
  }

  VoicePreprocess voice_;
  std::vector<InputSpec> inputs_;
};

}  // namespace

PreprocessorPtr voice_preprocessor(const VoicePreprocess& preprocess, std::string_view where) {
  if (preprocess.step > preprocess.frames || preprocess.frame_window % 2 != 0)
    throw data_error(fmt::format("{}: step, window", where),
                     fmt::format("{} and {}", preprocess.step, preprocess.frame_window),
                     fmt::format("a step of at most {} frames, and an even window", preprocess.frames));
  return std::make_shared<VoicePreprocessor>(preprocess);
}

PreprocessorPtr voice_preprocessor_from_record(const Json& record, std::string_view where) {
  const RecordReader reader(record, kVoiceMembers, where);
  return voice_preprocessor({.rate = reader.whole("rate", 4'000, 192'000),
                             .frames = reader.whole("frames", 2, 10'000),
                             .hop = reader.whole("hop", 1, 100'000),
                             .frame_window = reader.whole("window", 2, 100'000),
                             .step = reader.whole("step", 1, 10'000),
                             .least_heard = reader.number("least_heard", 0, 1),
                             .loudness = reader.number("loudness", -120, 0)},
                            where);
}

}  // namespace enxerto
