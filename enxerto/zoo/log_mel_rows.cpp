#include "enxerto/zoo/log_mel_rows.h"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kFloat = 1;       // of ONNX's Cast
constexpr std::int64_t kNeighbours = 3;  // rows that a window may reach into: before, its own, behind

std::int64_t bins_of(const LogMelRows& spec) { return spec.mel.fft / 2 + 1; }

/// (frames * bins, step, 3): each frame's windowed waves, where it lies among the samples of three rows.
Tensor placed_waves(const LogMelRows& spec, const std::vector<double>& waves) {
  const std::int64_t bins = bins_of(spec), window = spec.mel.window;
  std::vector<float> kernel(to_size(spec.frames() * bins * spec.step * kNeighbours));
  for (std::int64_t frame = 0; frame < spec.frames(); ++frame) {
    const std::int64_t begin = spec.step + frame * spec.mel.hop + spec.mel.hop / 2 - window / 2;
    for (std::int64_t bin = 0; bin < bins; ++bin)
      for (std::int64_t i = 0; i < window; ++i) {
        const std::int64_t row = (begin + i) / spec.step, place = (begin + i) % spec.step;
        const std::int64_t at = ((frame * bins + bin) * spec.step + place) * kNeighbours + row;
        kernel[to_size(at)] = static_cast<float>(waves[to_size(bin * window + i)]);
      }
  }
  return Tensor::of<float>({spec.frames() * bins, spec.step, kNeighbours}, std::span<const float>(kernel));
}

std::string transposed(GraphBuilder& net, const std::string& x, const std::string& name) {
  return net.add("Transpose", name, {x}, {{"perm", Ints{0, 2, 1}}});
}

/// (batch, rows, 1) of float32.
std::string as_column(GraphBuilder& net, const std::string& mask, const std::string& name) {
  const std::string counts = net.add("Cast", name + ".counts", {mask}, {{"to", kFloat}});
  return net.add("Unsqueeze", name + ".column", {counts, net.integers({2})});
}

std::string standardised_rows(GraphBuilder& net, const std::string& x, const std::string& mask) {
  constexpr float kLeast = 1e-3F;  // of a variance: what is even stays even
  const std::string counts = as_column(net, mask, "log_mel.mask"), over = net.integers({1});
  const std::string number = net.add("ReduceSum", "log_mel.number", {counts, over});
  const auto mean = [&](const std::string& of, const std::string& name) {
    return net.add("Div", name, {net.add("ReduceSum", name + ".sum", {of, over}), number});
  };
  const std::string average = mean(net.add("Mul", "log_mel.kept", {x, counts}), "log_mel.mean");
  const std::string apart = net.add("Sub", "log_mel.apart", {x, average});
  const std::string centred = net.add("Mul", "log_mel.centred", {apart, counts});
  const std::string variance = mean(net.add("Mul", "log_mel.squares", {centred, centred}), "log_mel.variance");
  const std::string sum = net.add("Add", "log_mel.raised", {variance, net.constant(Tensor::scalar(kLeast))});
  return net.add("Div", "log_mel", {centred, net.add("Sqrt", "log_mel.deviation", {sum})});
}

}  // namespace

LogMelRows log_mel_rows_at(std::int64_t rate, std::int64_t frames, std::int64_t mels) {
  LogMelRows spec{.mel = log_mel_at(rate)};
  spec.mel.mels = mels;
  spec.step = frames * spec.mel.hop;
  return spec;
}

std::string log_mel_rows(GraphBuilder& net, const std::string& samples, const std::string& mask,
                         const LogMelRows& spec) {
  const std::int64_t frames = spec.frames(), bins = bins_of(spec);
  const std::string columns = transposed(net, samples, "log_mel.samples");
  const auto power = [&](const std::string& name) {
    const std::string kernel = fixed_parameter(net, "log_mel." + name, {frames * bins, spec.step, kNeighbours});
    const std::string part =
        net.add("Conv", "log_mel." + name + ".part", {columns, kernel}, {{"pads", Ints{1, 1}}, {"strides", Ints{1}}});
    return net.add("Mul", "log_mel." + name + ".power", {part, part});
  };
  const std::string both = net.add("Add", "log_mel.power", {power("cosine"), power("sine")});
  const std::string bands = fixed_parameter(net, "log_mel.bands", {frames * spec.mel.mels, bins, 1});
  const std::string mels = net.add("Conv", "log_mel.mels", {both, bands}, {{"group", frames}});
  const std::string heard = net.add("Max", "log_mel.heard", {mels, net.constant(Tensor::scalar(1e-10F))});
  const std::string logarithm = net.add("Log", "log_mel.logarithm", {heard});
  return standardised_rows(net, transposed(net, logarithm, "log_mel.rows"), mask);
}

StateDict log_mel_rows_parameters(const LogMelRows& spec) {
  const std::vector<float> triangles = log_mel_triangles(spec.mel);
  std::vector<float> bands;
  for (std::int64_t frame = 0; frame < spec.frames(); ++frame)
    bands.insert(bands.end(), triangles.begin(), triangles.end());
  StateDict parameters;
  parameters.set("log_mel.cosine", placed_waves(spec, log_mel_cosines(spec.mel)));
  parameters.set("log_mel.sine", placed_waves(spec, log_mel_sines(spec.mel)));
  parameters.set("log_mel.bands",
                 Tensor::of<float>({spec.channels(), bins_of(spec), 1}, std::span<const float>(bands)));
  return parameters;
}

std::string where_it_counts(GraphBuilder& net, const std::string& x, const std::string& mask, const std::string& name) {
  return net.add("Mul", name + ".kept", {x, as_column(net, mask, name + ".mask")});
}

}  // namespace enxerto
