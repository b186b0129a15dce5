#include "enxerto/zoo/speech_lstm.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/recurrent_network.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kWholeNumbers = 6;  // int32, of ONNX's Cast
constexpr float kNormEpsilon = 1e-5F;
constexpr std::int64_t kMels = 64, kFramesOfRow = 2, kHighRate = 16'000, kLowRate = 8'000;

/// (batch, rows, in) -> (batch, rows, out) over neighbouring rows; 0 where no row counts, so that the next one sees
/// none.
std::string over_time(GraphBuilder& net, const std::string& x, const std::string& mask, const std::string& name,
                      std::int64_t out, std::int64_t kernel) {
  const std::int64_t in = net.shape_of(x).back().size;
  const std::string columns = net.add("Transpose", name + ".columns", {x}, {{"perm", Ints{0, 2, 1}}});
  const std::string y = net.add(
      "Conv", name, {columns, net.parameter(name + ".weight", {out, in, kernel}), net.parameter(name + ".bias", {out})},
      {{"pads", Ints{kernel / 2, kernel / 2}}, {"strides", Ints{1}}});
  const std::string rows = net.add("Transpose", name + ".rows", {y}, {{"perm", Ints{0, 2, 1}}});
  const std::string normed = net.layer_norm(rows, name + ".norm", kNormEpsilon);
  return where_it_counts(net, net.relu(normed, name + ".relu"), mask, name);
}

SpeechLstm speech_at(std::int64_t rate) { return {.front = log_mel_rows_at(rate, kFramesOfRow, kMels)}; }

template <std::int64_t rate>
Blueprint network_at() {
  return speech_lstm(speech_at(rate));
}

template <std::int64_t rate>
StateDict constants_at() {
  return log_mel_rows_parameters(speech_at(rate).front);
}

constexpr std::int64_t step_at(std::int64_t rate) { return kFramesOfRow * rate / 100; }

constexpr std::array kSoundArchitectures{
    SoundArchitecture{"speech_lstm",
                      "convolutions and bidirectional LSTMs that follow speech, 16 kHz, 0.8 M parameters", kHighRate,
                      step_at(kHighRate), network_at<kHighRate>, constants_at<kHighRate>},
    SoundArchitecture{"speech_lstm_8khz", "the same for telephone speech, 8 kHz", kLowRate, step_at(kLowRate),
                      network_at<kLowRate>, constants_at<kLowRate>},
};

}  // namespace

Blueprint speech_lstm(const SpeechLstm& config) {
  GraphBuilder net(config.name);
  net.stage("log_mel");
  const std::string samples = net.input("samples", {"batch", "frames", config.front.step});
  const std::string mask = net.input(kTokenMask, {"batch", "frames"}, DType::i64);
  const std::string count =
      net.add("ReduceSum", "lengths.count", {mask, net.integers({1})}, {{"keepdims", std::int64_t{0}}});
  const std::string lengths = net.add("Cast", "lengths", {count}, {{"to", kWholeNumbers}});
  std::string x = log_mel_rows(net, samples, mask, config.front);
  for (std::size_t i = 0; i < config.convolutions.size(); ++i) {
    net.stage(fmt::format("conv{}", i));
    x = over_time(net, x, mask, fmt::format("conv.{}", i), config.convolutions[i], config.kernel);
  }
  for (std::size_t i = 0; i < config.lstms.size(); ++i) {
    net.stage(fmt::format("lstm{}", i));
    x = recurrent_layer(net, x, lengths, fmt::format("lstm.{}", i), {.hidden = config.lstms[i], .bidirectional = true});
  }
  net.output(x, kTokenStates);
  return std::move(net).finish();
}

std::span<const SoundArchitecture> sound_architectures() { return kSoundArchitectures; }

const SoundArchitecture* find_sound_architecture(std::string_view name) {
  const auto* const row = std::ranges::find(kSoundArchitectures, name, &SoundArchitecture::name);
  return row == kSoundArchitectures.end() ? nullptr : row;
}

}  // namespace enxerto
