#include "enxerto/zoo/panns.h"

#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/mel_bands.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kPannsEpsilon = 1e-5F;
constexpr std::int64_t kSinglePrecision32 = 1;  // of ONNX's Cast

/// Writes the network down; `config` outlives it.
class Cnn14 {
 public:
  explicit Cnn14(const PannsConfig& config) : config_(config), net_("panns_cnn14") {}

  Blueprint build() && {
    const std::string samples = net_.input("samples", {"batch", "frames", config_.mel.hop});
    const std::string rows = net_.input(kTokenMask, {"batch", "frames"}, DType::i64);
    net_.stage("mel");
    std::string x = decibels(samples);
    net_.stage("conv_block1");
    const std::string counts = net_.add("Cast", "mask.counts", {rows}, {{"to", kSinglePrecision32}});
    mask_ = net_.add("Unsqueeze", "mask.0", {counts, net_.integers({1, 3})});
    x = net_.batch_norm(x, "bn0", kPannsEpsilon);
    x = kept(net_.add("Transpose", "bn0.map", {x}, {{"perm", Ints{0, 2, 3, 1}}}), "bn0.kept");
    for (std::size_t i = 0; i < config_.channels.size(); ++i) {
      const std::string name = fmt::format("conv_block{}", i + 1);
      net_.stage(name);
      x = convolved(convolved(x, name, 1, config_.channels[i]), name, 2, config_.channels[i]);
      if (i + 1 < config_.channels.size()) x = halved(x, name);
    }
    const std::string features = over_time(x);
    net_.stage("fc1");
    net_.output(net_.relu(net_.linear(features, "fc1", config_.embedding), "fc1.relu"), "pooled");
    return std::move(net_).finish();
  }

 private:
  /// (batch, frames, hop) to (batch, mels, 1, frames). A frame begins with its row.
  std::string decibels(const std::string& samples) {
    const LogMel& mel = config_.mel;
    MelBands spec = mel_bands_of(mel, "mel");
    spec.behind = mel.window - mel.hop;
    const std::string bands =
        mel_bands(net_, net_.add("Reshape", "mel.row", {samples, net_.integers({0, 1, -1})}), spec);
    return net_.add("Unsqueeze", "mel", {level_of_power(net_, bands, "mel", kDecibels), net_.integers({2})});
  }

  /// 0 behind the clip, as if it ended there.
  std::string kept(const std::string& x, const std::string& name) { return net_.add("Mul", name, {x, mask_}); }

  std::string convolved(const std::string& x, const std::string& block, int number, std::int64_t channels) {
    const std::string name = fmt::format("{}.conv{}", block, number);
    const std::string answer = net_.conv(x, {.name = name, .out = channels, .kernel = 3, .padding = Padding::centered});
    const std::string normed = net_.batch_norm(answer, fmt::format("{}.bn{}", block, number), kPannsEpsilon);
    return kept(net_.relu(normed, name + ".relu"), name + ".kept");
  }

  std::string halved(const std::string& x, const std::string& block) {
    // A half counts where both of its places do.
    const auto turned = [&](const std::string& of, const char* part) {
      return net_.add("Neg", fmt::format("{}.mask.{}", block, part), {of});
    };
    const std::string both = net_.add("MaxPool", block + ".mask.pool", {turned(mask_, "turned")},
                                      {{"kernel_shape", Ints{2, 1}}, {"strides", Ints{2, 1}}});
    mask_ = turned(both, "halved");
    const std::string mean =
        net_.add("AveragePool", block + ".pool", {x}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
    return kept(mean, block + ".kept");
  }

  /// (batch, channels, frames, mels) to (batch, channels): of the means over the mels, the greatest and the mean over
  /// time. None is below 0, so that those that do not count change neither.
  std::string over_time(const std::string& x) {
    const std::string levels =
        net_.add("ReduceMean", "pool.levels", {x, net_.integers({3})}, {{"keepdims", std::int64_t{0}}});
    const auto reduced = [&](const char* op, const std::string& of, const std::string& name, const Ints& axes) {
      return net_.add(op, name, {of, net_.integers(axes)}, {{"keepdims", std::int64_t{0}}});
    };
    const std::string greatest = reduced("ReduceMax", levels, "pool.greatest", {2});
    const std::string sum = reduced("ReduceSum", levels, "pool.sum", {2});
    const std::string number = reduced("ReduceSum", mask_, "pool.number", {2, 3});
    return net_.add("Add", "pool", {greatest, net_.add("Div", "pool.mean", {sum, number})});
  }

  const PannsConfig& config_;
  GraphBuilder net_;
  std::string mask_;  ///< (batch, 1, frames, 1), at the resolution that the network has reached
};

}  // namespace

Blueprint panns_cnn14(const PannsConfig& config) { return Cnn14(config).build(); }

StateDict panns_constants(const PannsConfig& config) { return mel_constants(config.mel, "mel"); }

}  // namespace enxerto
