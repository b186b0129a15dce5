#include "enxerto/zoo/mel_bands.h"

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// Steps of 2^-11 of a sample times steps of 2^-8 of a wave: sums up to 2^24 steps, 32, are exact.
constexpr float kSampleSteps = 2'048;
constexpr double kWaveSteps = 256;

/// (batch, 1, samples): the samples in whole steps; and (batch, 2, samples): these, and what is left of the samples.
struct SplitRow {
  std::string coarse, both;
};

SplitRow split_row(GraphBuilder& net, const std::string& row, const std::string& name) {
  const auto number = [&](float value) { return net.constant(Tensor::scalar(value)); };
  const std::string steps = net.add("Mul", name + ".steps", {row, number(kSampleSteps)});
  const std::string coarse = net.add("Round", name + ".coarse", {steps});
  const std::string heard = net.add("Mul", name + ".whole", {coarse, number(1 / kSampleSteps)});
  const std::string fine = net.add("Sub", name + ".fine", {row, heard});
  return {coarse, net.add("Concat", name + ".both", {coarse, fine}, {{"axis", std::int64_t{1}}})};
}

/// (batch, bins, frames): the sum of each frame's samples times a wave.
std::string products(GraphBuilder& net, const std::string& rows, const std::string& parameter, std::int64_t parts,
                     const MelBands& spec) {
  return net.add("Conv", parameter + ".part", {rows, fixed_parameter(net, parameter, {spec.bins, parts, spec.window})},
                 {{"strides", Ints{spec.hop}}, {"pads", Ints{spec.before, spec.behind}}});
}

}  // namespace

std::string fixed_parameter(GraphBuilder& net, const std::string& name, Shape shape) {
  return net.add("Identity", name + ".fixed", {net.parameter(name, std::move(shape))});
}

std::string mel_bands(GraphBuilder& net, const std::string& row, const MelBands& spec) {
  const SplitRow split = spec.split ? split_row(net, row, spec.name) : SplitRow{.coarse = row, .both = {}};
  const auto squares = [&](const std::string& wave) {
    const std::string parameter = spec.name + wave;
    std::string part = products(net, split.coarse, parameter, 1, spec);
    if (spec.split)
      part = net.add("Add", parameter + ".sum", {part, products(net, split.both, parameter + ".rest", 2, spec)});
    return net.add("Mul", parameter + ".squares", {part, part});
  };
  std::string heard = net.add("Add", spec.name + ".power", {squares(".cosine"), squares(".sine")});
  if (!spec.power) heard = net.add("Sqrt", spec.name + ".magnitude", {heard});
  return net.add("Conv", spec.name + ".mels",
                 {heard, fixed_parameter(net, spec.name + ".bands", {spec.mels, spec.bins, 1})});
}

std::string level_of_power(GraphBuilder& net, const std::string& power, const std::string& name, double units) {
  const auto number = [&](float value) { return net.constant(Tensor::scalar(value)); };
  const std::string heard = net.add("Max", name + ".heard", {power, number(1e-10F)});
  return net.add(
      "Mul", name + ".level",
      {net.add("Log", name + ".logarithm", {heard}), number(static_cast<float>(units / std::numbers::ln10))});
}

void set_wave(StateDict& constants, const MelBands& spec, const std::string& wave, std::span<const double> values) {
  const std::size_t window = to_size(spec.window);
  std::vector<float> coarse(values.size()), rest(2 * values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double steps = std::nearbyint(values[i] * kWaveSteps) / kWaveSteps;
    const std::size_t at = i / window * 2 * window + i % window;
    coarse[i] = static_cast<float>(steps / kSampleSteps);
    rest[at] = static_cast<float>((values[i] - steps) / kSampleSteps);
    rest[at + window] = static_cast<float>(values[i]);
  }
  const std::string parameter = spec.name + "." + wave;
  constants.set(parameter, Tensor::of<float>({spec.bins, 1, spec.window}, std::span<const float>(coarse)));
  constants.set(parameter + ".rest", Tensor::of<float>({spec.bins, 2, spec.window}, std::span<const float>(rest)));
}

}  // namespace enxerto
