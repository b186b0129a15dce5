#include "enxerto/zoo/log_mel_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "enxerto/engine/executor.h"

namespace enxerto {
namespace {

std::vector<float> made_sound(std::size_t samples) {
  std::vector<float> sound(samples);
  for (std::size_t i = 0; i < samples; ++i)
    sound[i] = 0.3F * std::sin(0.002F * static_cast<float>(i) * std::sqrt(static_cast<float>(i))) +
               0.05F * static_cast<float>((i * 2'654'435'761U >> 16U) % 1'000) / 1'000;
  return sound;
}

/// The features (rows, channels) of `rows` rows of sound, with `padding` rows behind them.
std::vector<float> features_of(const LogMelRows& spec, std::vector<float> sound, std::int64_t rows,
                               std::int64_t padding) {
  GraphBuilder net("front");
  const std::string samples = net.input("samples", {"batch", "frames", spec.step});
  const std::string mask = net.input("attention_mask", {"batch", "frames"}, DType::i64);
  net.stage("log_mel");
  net.output(log_mel_rows(net, samples, mask, spec), "features");
  const Graph graph = std::move(net).finish().fill(log_mel_rows_parameters(spec));
  sound.resize(static_cast<std::size_t>((rows + padding) * spec.step), 0.0F);
  std::vector<std::int64_t> counts(static_cast<std::size_t>(rows + padding));
  std::fill_n(counts.begin(), rows, 1);
  const TensorMap outputs = compile(graph, {})->run(TensorMap{
      {"samples", Tensor::of<float>({1, rows + padding, spec.step}, std::span<const float>(sound))},
      {"attention_mask", Tensor::of<std::int64_t>({1, rows + padding}, std::span<const std::int64_t>(counts))}});
  const auto values = outputs.at("features").as<float>();
  return {values.begin(), values.end()};
}

/// Decibels of `log_mel`, which is librosa's, of the frames whose middles are those of the rows.
std::vector<float> decibels(const LogMelRows& spec, const std::vector<float>& sound) {
  LogMel whole = spec.mel;
  whole.range = 1'000;
  const std::size_t shift = static_cast<std::size_t>(whole.hop / 2);
  const std::vector<float> shifted(sound.begin() + static_cast<std::ptrdiff_t>(shift), sound.end());
  GraphBuilder net("log_mel");
  const std::string input = net.input("samples", {"batch", std::ssize(shifted)});
  net.stage("log_mel");
  net.output(log_mel(net, input, whole), "picture");
  const Graph graph = std::move(net).finish().fill(log_mel_parameters(whole));
  const Tensor found =
      compile(graph, {})->run(Tensor::of<float>({1, std::ssize(shifted)}, std::span<const float>(shifted)));
  const auto values = found.as<float>();
  return {values.begin(), values.end()};
}

TEST(LogMelRows, AreLibrosasFramesBroughtToMeanNoughtAndDeviationOne) {
  for (const std::int64_t rate : {8'000, 16'000}) {
    const LogMelRows spec = log_mel_rows_at(rate, 2, 40);
    constexpr std::int64_t kRows = 30;
    const std::vector<float> sound = made_sound(static_cast<std::size_t>(kRows * spec.step));
    const std::vector<float> found = features_of(spec, sound, kRows, 0), wanted = decibels(spec, sound);
    const std::int64_t frames = std::ssize(wanted) / spec.mel.mels;
    // The last frames hear silence behind the sound in different places.
    constexpr std::int64_t kInside = kRows - 2, kBegin = 1;
    for (std::int64_t channel = 0; channel < spec.channels(); ++channel) {
      const std::int64_t part = channel / spec.mel.mels, band = channel % spec.mel.mels;
      std::vector<double> ours, theirs;
      for (std::int64_t row = kBegin; row < kInside; ++row) {
        ours.push_back(found[static_cast<std::size_t>(row * spec.channels() + channel)]);
        theirs.push_back(wanted[static_cast<std::size_t>(band * frames + row * 2 + part)]);
      }
      // One is the other, scaled and shifted: by what each channel's mean and deviation are.
      const double scale = (theirs.back() - theirs.front()) / (ours.back() - ours.front());
      for (std::size_t i = 0; i < ours.size(); ++i)
        ASSERT_NEAR(theirs[i] - theirs[0], scale * (ours[i] - ours[0]), 0.02) << rate << " " << channel << " " << i;
    }
  }
}

TEST(LogMelRows, AreTheSameWithPaddingBehindThem) {
  const LogMelRows spec = log_mel_rows_at(8'000, 2, 16);
  const std::vector<float> sound = made_sound(static_cast<std::size_t>(9 * spec.step));
  const std::vector<float> alone = features_of(spec, sound, 9, 0), padded = features_of(spec, sound, 9, 7);
  for (std::size_t i = 0; i < alone.size(); ++i) ASSERT_NEAR(padded[i], alone[i], 1e-4) << i;
  for (std::size_t i = alone.size(); i < padded.size(); ++i) ASSERT_EQ(padded[i], 0) << i;
}

TEST(LogMelRows, OfSilenceAreEven) {
  const LogMelRows spec = log_mel_rows_at(8'000, 2, 16);
  for (const float value : features_of(spec, std::vector<float>(static_cast<std::size_t>(5 * spec.step)), 5, 1))
    ASSERT_NEAR(value, 0, 1e-2);
}

}  // namespace
}  // namespace enxerto
