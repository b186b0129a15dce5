#include "enxerto/zoo/speaker_encoder.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"

namespace enxerto {

Blueprint speaker_encoder(const SpeakerEncoderConfig& config) {
  using Ints = std::vector<std::int64_t>;
  GraphBuilder net("speaker_encoder");
  const std::string samples = net.input("samples", {"batch", config.samples()});
  net.stage("mel");
  const std::string bands = mel_power(net, samples, config.mel);
  // (batch, frames, bands): between stages the examples come first, so that the network can be cut there.
  std::string x = net.add("Transpose", "mel.frames", {bands}, {{"perm", Ints{0, 2, 1}}});
  for (std::int64_t i = 0; i < config.layers; ++i) {
    const std::string name = fmt::format("rnn.{}", i);
    net.stage(fmt::format("rnn{}", i));
    const std::int64_t features = net.shape_of(x).back().size;
    const std::string steps = net.add("Transpose", name + ".steps", {x}, {{"perm", Ints{1, 0, 2}}});
    const std::string states = net.add("LSTM", name,
                                       {steps, net.parameter(name + ".weight", {1, 4 * config.hidden, features}),
                                        net.parameter(name + ".recurrent", {1, 4 * config.hidden, config.hidden}),
                                        net.parameter(name + ".bias", {1, 8 * config.hidden})},
                                       {{"hidden_size", config.hidden}});
    const std::string of_steps = net.add("Squeeze", name + ".states", {states, net.integers({1})});
    x = net.add("Transpose", name + ".rows", {of_steps}, {{"perm", Ints{1, 0, 2}}});
  }
  net.stage("vector");
  const std::string last = net.add("Gather", "vector.last", {x, net.constant(Tensor::scalar(config.frames - 1))},
                                   {{"axis", std::int64_t{1}}});
  const std::string positive = net.relu(net.linear(last, "vector", config.width), "vector.relu");
  net.output(net.add("LpNormalization", "vector.unit", {positive}, {{"axis", std::int64_t{1}}, {"p", std::int64_t{2}}}),
             "voice");
  return std::move(net).finish();
}

}  // namespace enxerto
