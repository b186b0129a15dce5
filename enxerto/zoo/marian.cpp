#include "enxerto/zoo/marian.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/translation_input.h"

namespace enxerto {
namespace {

constexpr const char* kWords = "embeddings.word";

/// Writes the network down; `config` outlives it.
class MarianNetwork {
 public:
  explicit MarianNetwork(const MarianConfig& config) : config_(config), net_(config.name) {}

  Blueprint build() && {
    net_.stage("embeddings");
    const TokenInput source = token_input(net_);
    const std::string mask = attention_mask(net_, source, false);
    std::string x =
        placed(embedding(net_, source.ids, kWords, config_.sizes.vocabulary, width()), source.positions, "embeddings");
    for (std::int64_t i = 0; i < config_.sizes.depth; ++i) x = encoder_block(x, i, mask);
    const std::string memory = x;
    net_.stage("decoder0");
    const DecoderInput target = decoder_input(net_);
    x = placed(target_vectors(target.ids), target.positions, "decoder");
    for (std::int64_t i = 0; i < config_.decoder_depth; ++i) x = decoder_block(x, i, {memory, mask}, target);
    net_.stage(std::string(kHeadStage));
    const std::string table = net_.parameter(config_.own_output ? "head.words.weight" : target_table() + ".weight",
                                             {target_words(), width()});
    const std::string turned =
        net_.add("Transpose", "head.transposed", {table}, {{"perm", std::vector<std::int64_t>{1, 0}}});
    const std::string product = net_.add("MatMul", "head.product", {x, turned});
    net_.output(net_.add("Add", "head.scored", {product, net_.parameter("head.words.bias", {target_words()})}),
                std::string(kNextWords));
    return std::move(net_).finish();
  }

 private:
  struct Memory {
    std::string states, mask;
  };

  std::int64_t width() const { return config_.sizes.width; }
  std::int64_t target_words() const {
    return config_.target_vocabulary > 0 ? config_.target_vocabulary : config_.sizes.vocabulary;
  }
  std::string target_table() const { return config_.target_vocabulary > 0 ? "decoder.embeddings.word" : kWords; }

  /// Word vectors with their positions.
  std::string placed(std::string words, const std::string& positions, const std::string& scope) {
    if (config_.scaled)
      words = net_.add("Mul", scope + ".scaled",
                       {words, net_.constant(Tensor::scalar(std::sqrt(static_cast<float>(width()))))});
    return net_.add("Add", scope + ".sum",
                    {words, sinusoids(net_, positions, scope + ".position", width(), config_.positions_to_the_end)});
  }

  std::string target_vectors(const std::string& ids) {
    const std::string name = "decoder.word";
    const std::string table = net_.parameter(target_table() + ".weight", {target_words(), width()});
    const Attributes axis{{"axis", std::int64_t{0}}};
    if (!config_.begins_with_nothing) return net_.add("Gather", name, {table, ids}, axis);
    constexpr std::int64_t kToFloat = 1;
    const std::string zero = net_.constant(Tensor::scalar<std::int64_t>(0));
    const std::string there = net_.add("GreaterOrEqual", "decoder.there", {ids, zero});
    const std::string one = net_.add("Cast", "decoder.counts", {there}, {{"to", kToFloat}});
    const std::string rows = net_.add("Max", "decoder.rows", {ids, zero});
    return net_.add("Mul", name,
                    {net_.add("Gather", "decoder.known", {table, rows}, axis),
                     net_.add("Unsqueeze", "decoder.counted", {one, net_.integers({2})})});
  }

  std::string normed_sum(const std::string& x, const std::string& y, const std::string& scope, int number) {
    return net_.layer_norm(net_.add("Add", fmt::format("{}add{}", scope, number), {x, y}),
                           fmt::format("{}norm{}", scope, number), config_.epsilon);
  }

  std::string encoder_block(const std::string& x, std::int64_t number, const std::string& mask) {
    net_.stage(fmt::format("encoder{}", number));
    const std::string scope = fmt::format("encoder.{}.", number);
    const Attention attention{.heads = config_.sizes.heads, .head_width = width() / config_.sizes.heads, .mask = mask};
    const std::string y = normed_sum(x, self_attention(net_, x, scope + "attn.", attention), scope, 1);
    return normed_sum(y, feed_forward(net_, y, scope + "mlp.", config_.sizes.hidden, config_.activation), scope, 2);
  }

  std::string decoder_block(const std::string& x, std::int64_t number, const Memory& memory,
                            const DecoderInput& target) {
    if (number > 0) net_.stage(fmt::format("decoder{}", number));
    const std::string scope = fmt::format("decoder.{}.", number);
    Attention attention{
        .heads = config_.decoder_heads, .head_width = width() / config_.decoder_heads, .mask = target.causal};
    const std::string own =
        config_.recurrent ? ssru(net_, x, scope, target) : self_attention(net_, x, scope + "attn.", attention);
    const std::string y = normed_sum(x, own, scope, 1);
    attention.mask = memory.mask;
    const std::string cross = scope + "cross.";
    const Projections projections{.query = net_.dense(y, cross + "q", width()),
                                  .key = net_.dense(memory.states, cross + "k", width()),
                                  .value = net_.dense(memory.states, cross + "v", width())};
    const std::string seen = net_.dense(attended(net_, cross, projections, attention), cross + "proj", width());
    const std::string z = normed_sum(y, seen, scope, 2);
    return normed_sum(z, feed_forward(net_, z, scope + "mlp.", config_.decoder_hidden, config_.activation), scope, 3);
  }

  const MarianConfig& config_;
  GraphBuilder net_;
};

}  // namespace

Blueprint marian(const MarianConfig& config) {
  check(config.name, config.sizes);
  check(config.name + "'s decoder", {.vocabulary = std::max<std::int64_t>(config.target_vocabulary, 1),
                                     .positions = config.sizes.positions,
                                     .width = config.sizes.width,
                                     .depth = config.decoder_depth,
                                     .heads = config.decoder_heads,
                                     .hidden = config.decoder_hidden});
  if (config.sizes.width % 2 != 0 || config.target_vocabulary < 0)
    throw usage_error(config.name, fmt::format("a width of {}", config.sizes.width), "an even one");
  return MarianNetwork(config).build();
}

}  // namespace enxerto
