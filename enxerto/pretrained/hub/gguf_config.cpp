#include "enxerto/pretrained/hub/gguf_config.h"

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

/// A key behind "<architecture>.", and what config.json calls it.
struct GgufKey {
  std::string_view theirs, ours;
  bool needed = false;
};
constexpr std::array kGgufKeys{
    GgufKey{"embedding_length", "hidden_size", true},
    GgufKey{"block_count", "num_hidden_layers", true},
    GgufKey{"attention.head_count", "num_attention_heads", true},
    GgufKey{"attention.head_count_kv", "num_key_value_heads"},
    GgufKey{"attention.key_length", "head_dim"},
    GgufKey{"feed_forward_length", "intermediate_size", true},
    GgufKey{"context_length", "max_position_embeddings", true},
    GgufKey{"attention.layer_norm_rms_epsilon", "rms_norm_eps", true},
    GgufKey{"rope.freq_base", "rope_theta"},
    GgufKey{"attention.causal", "is_causal"},
};

constexpr std::array<std::string_view, 2> kArchitectures{"llama", "qwen2"};

/// A single number or text; null for anything else.
Json single(const GgufValue& value) {
  return std::visit(
      [](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>)
          return Json(as_utf8(held));
        else if constexpr (std::is_arithmetic_v<Held>)
          return Json(held);
        else
          return Json(nullptr);
      },
      value);
}

class GgufSizes {
 public:
  GgufSizes(const GgufHeader& header, std::string where) : header_(header), where_(std::move(where)) {
    const auto* const architecture = header.find<std::string>("general.architecture");
    if (architecture == nullptr) fail("does not state its general.architecture", fmt::format("{}", names()));
    if (std::ranges::find(kArchitectures, *architecture) == kArchitectures.end())
      fail(fmt::format("holds a network of the architecture '{}'", as_utf8(architecture->substr(0, 80))), names(),
           "take this network's folder of transformers, or an ONNX file of it");
    architecture_ = *architecture;
  }

  const std::string& architecture() const { return architecture_; }

  /// null where it is missing.
  Json at(std::string_view key) const {
    const auto found = header_.values.find(architecture_ + "." + std::string(key));
    return found == header_.values.end() ? Json(nullptr) : single(found->second);
  }

  [[noreturn]] void fail(std::string found, std::string expected, std::string tip = {}) const {
    throw weights_error(where_, std::move(found), std::move(expected), std::move(tip));
  }

 private:
  static std::string names() { return fmt::format("{}", fmt::join(kArchitectures, " or ")); }

  const GgufHeader& header_;
  std::string where_, architecture_;
};

void refuse_experts(const GgufSizes& sizes) {
  const Json experts = sizes.at("expert_count");
  if (experts.is_number() && experts > 0)
    sizes.fail(fmt::format("holds a mixture of {} experts", experts.dump()), "a network whose layers are all used");
}

/// Rotary positions turn whole heads, of queries, keys and values alike.
void require_whole_heads(const GgufSizes& sizes, const Json& config) {
  const Json &heads = config["num_attention_heads"], &hidden = config["hidden_size"];
  if (!heads.is_number_integer() || !hidden.is_number_integer() || heads < 1) return;  // refused as sizes are
  const Json width =
      config.contains("head_dim") ? config["head_dim"] : Json(hidden.get<std::int64_t>() / heads.get<std::int64_t>());
  for (const std::string_view key : {"rope.dimension_count", "attention.value_length"}) {
    const Json other = sizes.at(key);
    if (!other.is_null() && other != width)
      sizes.fail(fmt::format("'{}.{}' is {}", sizes.architecture(), key, other.dump()),
                 fmt::format("the width of a head, {}", width.dump()));
  }
}

Json scaling_of(const GgufSizes& sizes, const StateDict& tensors) {
  if (const Tensor* const factors = tensors.find("rope_freqs.weight")) {
    const Tensor values = factors->to_float32();
    const std::span<const float> all = values.as<float>();
    return {{"rope_type", "divided"}, {"factors", std::vector<double>(all.begin(), all.end())}};
  }
  Json kind = sizes.at("rope.scaling.type"), factor = sizes.at("rope.scaling.factor");
  if (factor.is_null()) factor = sizes.at("rope.scale_linear");  // as it was called in 2023
  if (kind.is_null() && factor.is_number() && factor > 0) kind = "linear";
  if (!kind.is_string() || kind == "none") return nullptr;
  return {{"rope_type", kind}, {"factor", factor}};
}

}  // namespace

HubConfig gguf_config(const GgufHeader& header, const StateDict& tensors, const std::string& where) {
  const GgufSizes sizes(header, where);
  refuse_experts(sizes);
  Json config{{"model_type", sizes.architecture()}};
  for (const GgufKey& key : kGgufKeys) {
    Json value = sizes.at(key.theirs);
    if (value.is_null() && key.needed)
      sizes.fail(fmt::format("has no number '{}.{}'", sizes.architecture(), key.theirs), "one for the whole network");
    if (!value.is_null()) config[std::string(key.ours)] = std::move(value);
  }
  require_whole_heads(sizes, config);
  const Tensor* const words = tensors.find("token_embd.weight");
  if (words == nullptr || words->shape().size() != 2)
    sizes.fail("has no table of word vectors, token_embd.weight", "one of (words, width)");
  config["vocab_size"] = words->shape()[0];
  for (const char* const part : {"q", "output"})
    if (tensors.contains(fmt::format("blk.0.attn_{}.bias", part))) config["attention_bias"] = true;
  if (tensors.contains("blk.0.ffn_up.bias")) config["mlp_bias"] = true;
  if (Json scaling = scaling_of(sizes, tensors); !scaling.is_null()) config["rope_scaling"] = std::move(scaling);
  return {std::move(config), where};
}

}  // namespace enxerto
