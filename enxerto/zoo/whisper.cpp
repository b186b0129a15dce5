#include "enxerto/zoo/whisper.h"

#include <cmath>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/translation_input.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kNormalEpsilon = 1e-5F;
constexpr float kQuietest = 8;  // powers of ten below the loudest place
constexpr std::int64_t kKernel = 3;

/// Writes the network down; `config` outlives it.
class WhisperNetwork {
 public:
  explicit WhisperNetwork(const WhisperConfig& config) : config_(config), net_(config.name) {}

  Blueprint build() && {
    net_.stage("log_mel");
    const std::string frames = mels(net_.input("samples", {"batch", config_.samples}));
    net_.stage(std::string(kEncoderStage));
    std::string x = over_frames(over_frames(frames, "encoder.conv1", 1), "encoder.conv2", 2);
    x = net_.add("Transpose", "encoder.rows", {x}, {{"perm", Ints{0, 2, 1}}});
    x = net_.add("Add", "encoder.sum",
                 {x, net_.parameter("encoder.position.weight", {config_.sizes.positions, width()})});
    for (std::int64_t i = 0; i < config_.sizes.depth; ++i) x = encoder_block(x, i);
    const std::string memory = net_.layer_norm(x, "encoder.norm", kNormalEpsilon);
    net_.stage("decoder0");
    const DecoderInput target = decoder_input(net_);
    const std::string table = net_.parameter("decoder.word.weight", {config_.sizes.vocabulary, width()});
    const std::string words = net_.add("Gather", "decoder.words", {table, target.ids}, {{"axis", std::int64_t{0}}});
    x = net_.add("Add", "decoder.sum",
                 {words, embedding(net_, target.positions, "decoder.position", config_.decoder_positions, width())});
    for (std::int64_t i = 0; i < config_.decoder_depth; ++i) x = decoder_block(x, i, memory, target);
    net_.stage(std::string(kHeadStage));
    x = net_.layer_norm(x, "decoder.norm", kNormalEpsilon);
    const std::string turned = net_.add("Transpose", "head.transposed", {table}, {{"perm", Ints{1, 0}}});
    net_.output(net_.add("MatMul", "head.scored", {x, turned}), std::string(kNextWords));
    return std::move(net_).finish();
  }

 private:
  std::int64_t width() const { return config_.sizes.width; }

  /// (batch, samples) -> (batch, mels, frames)
  std::string mels(const std::string& samples) {
    const LogMel& mel = config_.mel;
    const std::int64_t half = mel.fft / 2;
    const std::string row = net_.add("Unsqueeze", "log_mel.row", {samples, net_.integers({1})});
    // The last of the centred frames is dropped: the padding behind is a hop shorter.
    const std::string padded =
        net_.add("Pad", "log_mel.padded", {row, net_.integers({0, 0, half, 0, 0, half - mel.hop})},
                 {{"mode", std::string("reflect")}});
    const std::string bands = mel_bands(net_, padded, mel_bands_of(mel, "log_mel"));
    const auto number = [&](float value) { return net_.constant(Tensor::scalar(value)); };
    const std::string level = level_of_power(net_, bands, "log_mel", 1);
    const std::string loudest = net_.add("ReduceMax", "log_mel.loudest", {level, net_.integers({1, 2})});
    const std::string floor = net_.add("Sub", "log_mel.floor", {loudest, number(kQuietest)});
    const std::string kept = net_.add("Max", "log_mel.kept", {level, floor});
    return net_.add("Div", "log_mel", {net_.add("Add", "log_mel.raised", {kept, number(4)}), number(4)});
  }

  std::string over_frames(const std::string& x, const std::string& name, std::int64_t stride) {
    const std::int64_t in = net_.shape_of(x)[1].size;
    const std::string y = net_.add(
        "Conv", name,
        {x, net_.parameter(name + ".weight", {width(), in, kKernel}), net_.parameter(name + ".bias", {width()})},
        {{"pads", Ints{1, 1}}, {"strides", Ints{stride}}});
    return activated(net_, y, name + ".act", BlockActivation::gelu);
  }

  std::string plus(const std::string& x, const std::string& branch, const std::string& scope, int number) {
    return net_.add("Add", fmt::format("{}add{}", scope, number), {x, branch});
  }

  std::string normed(const std::string& x, const std::string& scope, int number) {
    return net_.layer_norm(x, fmt::format("{}norm{}", scope, number), kNormalEpsilon);
  }

  std::string encoder_block(const std::string& x, std::int64_t number) {
    net_.stage(fmt::format("encoder{}", number));
    const std::string scope = fmt::format("encoder.{}.", number);
    const Attention attention{.heads = config_.sizes.heads, .head_width = width() / config_.sizes.heads};
    const std::string y = plus(x, self_attention(net_, normed(x, scope, 1), scope + "attn.", attention), scope, 1);
    return plus(y, feed_forward(net_, normed(y, scope, 2), scope + "mlp.", config_.sizes.hidden, BlockActivation::gelu),
                scope, 2);
  }

  std::string decoder_block(const std::string& x, std::int64_t number, const std::string& memory,
                            const DecoderInput& target) {
    if (number > 0) net_.stage(fmt::format("decoder{}", number));
    const std::string scope = fmt::format("decoder.{}.", number), cross = scope + "cross.";
    Attention attention{
        .heads = config_.decoder_heads, .head_width = width() / config_.decoder_heads, .mask = target.causal};
    const std::string y = plus(x, self_attention(net_, normed(x, scope, 1), scope + "attn.", attention), scope, 1);
    attention.mask.clear();
    const Projections projections{.query = net_.dense(normed(y, scope, 2), cross + "q", width()),
                                  .key = net_.dense(memory, cross + "k", width()),
                                  .value = net_.dense(memory, cross + "v", width())};
    const std::string seen = net_.dense(attended(net_, cross, projections, attention), cross + "proj", width());
    const std::string z = plus(y, seen, scope, 2);
    return plus(z,
                feed_forward(net_, normed(z, scope, 3), scope + "mlp.", config_.decoder_hidden, BlockActivation::gelu),
                scope, 3);
  }

  const WhisperConfig& config_;
  GraphBuilder net_;
};

}  // namespace

Blueprint whisper(const WhisperConfig& config) {
  check(config.name, config.sizes);
  check(config.name + "'s decoder", {.vocabulary = config.sizes.vocabulary,
                                     .positions = config.decoder_positions,
                                     .width = config.sizes.width,
                                     .depth = config.decoder_depth,
                                     .heads = config.decoder_heads,
                                     .hidden = config.decoder_hidden});
  if (config.samples != config.sizes.positions * 2 * config.mel.hop)
    throw usage_error(config.name, fmt::format("{} samples for {} states", config.samples, config.sizes.positions),
                      fmt::format("{}", config.sizes.positions * 2 * config.mel.hop));
  return WhisperNetwork(config).build();
}

StateDict whisper_front_end(const WhisperConfig& config) { return mel_constants(config.mel, "log_mel"); }

}  // namespace enxerto
