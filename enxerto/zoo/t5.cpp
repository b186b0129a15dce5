#include "enxerto/zoo/t5.h"

#include <algorithm>
#include <cmath>
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
constexpr const char* kT5Words = "embeddings.word";

/// Writes the network down; `config` outlives it.
class T5Network {
 public:
  explicit T5Network(const T5Config& config) : config_(config), net_(config.name) {}

  Blueprint build() && {
    net_.stage("embeddings");
    const TokenInput source = token_input(net_);
    std::string x = embedding(net_, source.ids, kT5Words, config_.sizes.vocabulary, width());
    const std::string padding = attention_mask(net_, source, false);
    const std::string of = net_.add("Unsqueeze", "encoder.of", {source.positions, net_.integers({1, 2})});
    const std::string from = net_.add("Unsqueeze", "encoder.from", {source.positions, net_.integers({1, 3})});
    const std::string bias = net_.add("Add", "encoder.bias", {distances(of, from, "encoder", true), padding});
    for (std::int64_t i = 0; i < config_.sizes.depth; ++i) x = encoder_block(x, i, bias);
    const std::string memory = rms_norm(net_, x, "encoder.norm", config_.epsilon);
    net_.stage("decoder0");
    const DecoderInput target = decoder_input(net_);
    const std::string table = net_.parameter(std::string(kT5Words) + ".weight", {config_.sizes.vocabulary, width()});
    x = net_.add("Gather", "decoder.word", {table, target.ids}, {{"axis", std::int64_t{0}}});
    const std::string ahead =
        net_.add("Add", "decoder.bias", {distances(target.of, target.from, "decoder", false), target.causal});
    for (std::int64_t i = 0; i < config_.decoder_depth; ++i) x = decoder_block(x, i, ahead, memory, padding);
    x = rms_norm(net_, x, "decoder.norm", config_.epsilon);
    score_words(x);
    return std::move(net_).finish();
  }

 private:
  std::int64_t width() const { return config_.sizes.width; }
  std::int64_t inner() const { return config_.sizes.heads * config_.head_width; }

  /// What is added to scores of attention by how far words are apart, (batch, heads, words that look, words seen).
  std::string distances(const std::string& of, const std::string& from, const std::string& side, bool both_ways) {
    const std::int64_t most = config_.max_distance;
    Ints buckets;
    for (std::int64_t distance = -most; distance <= most; ++distance)
      buckets.push_back(distance_bucket(distance, both_ways, config_.buckets, most));
    const std::string apart = net_.add("Sub", side + ".apart", {of, from});
    const std::string near =
        net_.add("Min", side + ".near", {apart, net_.constant(Tensor::scalar<std::int64_t>(most))});
    const std::string row = net_.add("Add", side + ".row",
                                     {net_.add("Max", side + ".within", {near, net_.constant(Tensor::scalar(-most))}),
                                      net_.constant(Tensor::scalar<std::int64_t>(most))});
    const Attributes axis{{"axis", std::int64_t{0}}};
    const std::string bucket = net_.add("Gather", side + ".bucket", {net_.integers(buckets), row}, axis);
    const std::string flat = net_.add("Squeeze", side + ".buckets", {bucket, net_.integers({1})});
    const std::string table = net_.parameter(side + ".distance.weight", {config_.buckets, config_.sizes.heads});
    const std::string heads = net_.add("Gather", side + ".distance", {table, flat}, axis);
    return net_.add("Transpose", side + ".by_distance", {heads}, {{"perm", Ints{0, 3, 1, 2}}});
  }

  Attention attention(const std::string& mask) const {
    return {.heads = config_.sizes.heads, .head_width = config_.head_width, .scaled = false, .mask = mask};
  }

  std::string added(const std::string& x, const std::string& branch, const std::string& scope, int number) {
    return net_.add("Add", fmt::format("{}add{}", scope, number), {x, branch});
  }

  std::string own_attention(const std::string& x, const std::string& scope, const std::string& bias) {
    const std::string y = rms_norm(net_, x, scope + "norm1", config_.epsilon);
    const std::vector<std::string> parts =
        net_.split(dense(net_, y, scope + "attn.qkv", 3 * inner(), false), scope + "attn.qkv.part", 3);
    const std::string seen = attended(net_, scope + "attn.", {parts[0], parts[1], parts[2]}, attention(bias));
    return added(x, dense(net_, seen, scope + "attn.proj", width(), false), scope, 1);
  }

  std::string layers(const std::string& x, const std::string& scope, int number) {
    const std::string y = rms_norm(net_, x, fmt::format("{}norm{}", scope, number), config_.epsilon);
    std::string middle = activated(net_, dense(net_, y, scope + "mlp.fc1", config_.sizes.hidden, false),
                                   scope + "mlp.act", config_.activation);
    if (config_.gated)
      middle = net_.add("Mul", scope + "mlp.gated",
                        {middle, dense(net_, y, scope + "mlp.gate", config_.sizes.hidden, false)});
    return added(x, dense(net_, middle, scope + "mlp.fc2", width(), false), scope, number);
  }

  std::string encoder_block(const std::string& x, std::int64_t number, const std::string& bias) {
    net_.stage(fmt::format("encoder{}", number));
    const std::string scope = fmt::format("encoder.{}.", number);
    return layers(own_attention(x, scope, bias), scope, 2);
  }

  std::string decoder_block(const std::string& x, std::int64_t number, const std::string& bias,
                            const std::string& memory, const std::string& padding) {
    if (number > 0) net_.stage(fmt::format("decoder{}", number));
    const std::string scope = fmt::format("decoder.{}.", number), cross = scope + "cross.";
    const std::string own = own_attention(x, scope, bias);
    const std::string y = rms_norm(net_, own, scope + "norm2", config_.epsilon);
    const Projections projections{.query = dense(net_, y, cross + "q", inner(), false),
                                  .key = dense(net_, memory, cross + "k", inner(), false),
                                  .value = dense(net_, memory, cross + "v", inner(), false)};
    const std::string seen = attended(net_, cross, projections, attention(padding));
    return layers(added(own, dense(net_, seen, cross + "proj", width(), false), scope, 2), scope, 3);
  }

  void score_words(std::string x) {
    net_.stage(std::string(kHeadStage));
    if (config_.scaled_output)
      x = net_.add("Mul", "head.scaled",
                   {x, net_.constant(Tensor::scalar(1.0F / std::sqrt(static_cast<float>(width()))))});
    const std::string name = config_.own_output ? "head.words.weight" : std::string(kT5Words) + ".weight";
    const std::string table = net_.parameter(name, {config_.sizes.vocabulary, width()});
    const std::string turned = net_.add("Transpose", "head.transposed", {table}, {{"perm", Ints{1, 0}}});
    net_.output(net_.add("MatMul", "head.product", {x, turned}), std::string(kNextWords));
  }

  const T5Config& config_;
  GraphBuilder net_;
};

}  // namespace

std::int64_t distance_bucket(std::int64_t distance, bool both_ways, std::int64_t buckets, std::int64_t max_distance) {
  std::int64_t first = 0, apart = std::max<std::int64_t>(-distance, 0);
  if (both_ways) {
    buckets /= 2;
    if (distance > 0) first = buckets;
    apart = std::abs(distance);
  }
  const std::int64_t each = buckets / 2;  // distances with a bucket of their own
  if (apart < each) return first + apart;
  // In float32, as the reference computes it.
  const float share = std::log(static_cast<float>(apart) / static_cast<float>(each)) /
                      static_cast<float>(std::log(static_cast<double>(max_distance) / static_cast<double>(each)));
  const auto more = static_cast<std::int64_t>(share * static_cast<float>(buckets - each));
  return first + std::min(each + more, buckets - 1);
}

Blueprint t5(const T5Config& config) {
  check(config.name, config.sizes, config.head_width);
  TransformerSizes decoder = config.sizes;
  decoder.depth = config.decoder_depth;
  check(config.name + "'s decoder", decoder, config.head_width);
  if (config.head_width < 1 || config.head_width > config.sizes.width)
    throw usage_error(config.name, fmt::format("heads of {} numbers", config.head_width),
                      fmt::format("1 to {}", config.sizes.width));
  constexpr std::int64_t kMostDistance = 100'000;
  if (config.buckets < 4 || config.buckets % 4 != 0 || config.max_distance <= config.buckets / 2 ||
      config.max_distance > kMostDistance)
    throw usage_error(config.name, fmt::format("{} buckets of distances up to {}", config.buckets, config.max_distance),
                      fmt::format("a multiple of 4, and more than half of it up to {}", kMostDistance));
  return T5Network(config).build();
}

}  // namespace enxerto
