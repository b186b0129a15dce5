#include "enxerto/pretrained/peft_adapter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/finite.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/lora.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

constexpr const char *kTensors = "adapter_model.safetensors", *kConfig = "adapter_config.json";
constexpr std::string_view kOutside = "base_model.model.", kTheirA = ".lora_A.weight", kTheirB = ".lora_B.weight";
constexpr std::string_view kBlocks = "blocks.";

/// A layer of a block, as it is called here and in transformers.
struct LayerName {
  std::string_view ours, theirs;
};
constexpr std::array kLlamaLayers{
    LayerName{"attn.q", "self_attn.q_proj"}, LayerName{"attn.k", "self_attn.k_proj"},
    LayerName{"attn.v", "self_attn.v_proj"}, LayerName{"attn.proj", "self_attn.o_proj"},
    LayerName{"mlp.gate", "mlp.gate_proj"},  LayerName{"mlp.up", "mlp.up_proj"},
    LayerName{"mlp.down", "mlp.down_proj"},
};
constexpr std::array kGpt2Layers{
    LayerName{"attn.qkv", "attn.c_attn"},
    LayerName{"attn.proj", "attn.c_proj"},
    LayerName{"mlp.fc1", "mlp.c_fc"},
    LayerName{"mlp.fc2", "mlp.c_proj"},
};

constexpr std::array kGptNeoxLayers{
    LayerName{"attn.qkv", "attention.query_key_value"},
    LayerName{"attn.proj", "attention.dense"},
    LayerName{"mlp.fc1", "mlp.dense_h_to_4h"},
    LayerName{"mlp.fc2", "mlp.dense_4h_to_h"},
};

struct NetworkNames {
  std::string_view architecture, blocks;
  std::span<const LayerName> layers;
  bool fan_in_fan_out;                ///< weights lie as (in, out) there
  std::string_view mixed_heads = "";  ///< the layer whose outputs lie as (heads, 3, head width) there
};
constexpr std::array kNetworkNames{
    NetworkNames{"llama", "model.layers.", kLlamaLayers, false},
    NetworkNames{"qwen2", "model.layers.", kLlamaLayers, false},
    NetworkNames{"gpt2", "transformer.h.", kGpt2Layers, true},
    NetworkNames{"gpt_neox", "gpt_neox.layers.", kGptNeoxLayers, false, "attn.qkv"},
};

const NetworkNames& names_of(const std::string& architecture) {
  const auto* const row = std::ranges::find(kNetworkNames, architecture, &NetworkNames::architecture);
  if (row != kNetworkNames.end()) return *row;
  throw usage_error("LoRA", fmt::format("the layers of '{}' have no names in PEFT's files here", architecture),
                    "gpt2, gpt_neox, llama or qwen2");
}

/// "7" and "attn.q" of "blocks.7.attn.q".
std::pair<std::string, std::string> block_and_layer(std::string_view name, std::string_view blocks) {
  if (!name.starts_with(blocks)) return {};
  name.remove_prefix(blocks.size());
  const std::size_t point = name.find('.');
  if (point == std::string_view::npos) return {};
  return {std::string(name.substr(0, point)), std::string(name.substr(point + 1))};
}

std::string translated(std::string_view name, const NetworkNames& names, bool to_ours) {
  const auto [block, layer] = block_and_layer(name, to_ours ? names.blocks : kBlocks);
  for (const LayerName& row : names.layers)
    if (layer == (to_ours ? row.theirs : row.ours))
      return fmt::format("{}{}.{}", to_ours ? kBlocks : names.blocks, block, to_ours ? row.ours : row.theirs);
  return "";
}

bool is_mixed(const std::string& layer, const NetworkNames& names) {
  return !names.mixed_heads.empty() && block_and_layer(layer, kBlocks).second == names.mixed_heads;
}

/// Heads that the network's queries are taken apart into.
std::int64_t heads_in(const Graph& network) {
  const ValueTypes types = infer_shapes(network);
  const auto scores = types.find("blocks.0.attn.scores");
  return scores == types.end() || scores->second.shape.size() != 4 ? 0 : scores->second.shape[1].size;
}

/// The rows of B, for each head and each of queries, keys and values, in the other order.
Tensor reordered(const Tensor& b, std::int64_t heads, bool to_ours) {
  constexpr std::size_t kParts = 3;
  const std::size_t count = to_size(heads);
  if (heads < 1 || b.shape().empty() || b.shape()[0] % (static_cast<std::int64_t>(kParts) * heads) != 0) return b;
  const std::size_t block = b.byte_size() / (kParts * count);
  TensorBuffer buffer(b.dtype(), b.shape());
  for (std::size_t head = 0; head < count; ++head)
    for (std::size_t part = 0; part < kParts; ++part) {
      const std::size_t ours = (part * count + head) * block, theirs = (head * kParts + part) * block;
      std::memcpy(buffer.data() + (to_ours ? ours : theirs), b.data() + (to_ours ? theirs : ours), block);
    }
  return std::move(buffer).freeze();
}

// Members of the file's metadata: hashes of the weights beside which the adapter lies, as they were and with it merged.
constexpr const char *kLearnedOn = "enxerto_learned_on", *kMergedInto = "enxerto_merged_into";

/// Of the layers of `network` that have an adapter, with weights of `merged` where that has them.
std::string hash_of_layers(const Graph& network, const StateDict& adapters, const StateDict& merged = {}) {
  std::set<std::string> weights;
  for (const auto& [name, _] : adapters) weights.insert(name.substr(0, name.rfind('.')) + ".weight");
  Hash128Stream hash;
  for (const std::string& name : weights) {
    const Tensor* const own = merged.find(name);
    hash.add(name).add((own != nullptr ? *own : network.parameters.at(name)).bytes());
  }
  return hash.value().hex();
}

/// What the file says of the weights that it was learned on; "" where it says nothing, or they are the network's.
std::string note_of_weights(const PeftAdapter& found, const Graph& network, const Metadata& said, const Json& config,
                            const std::string& where) {
  if (!said.contains(kLearnedOn) || !said.contains(kMergedInto)) return "";
  const std::string is = hash_of_layers(network, found.adapters);
  if (is == said.at(kMergedInto))
    throw weights_error(where, "is merged into the weights of this network already",
                        "the network that it was learned on", "leave --adapter out");
  if (is == said.at(kLearnedOn)) return "";
  const Json base = config.value("base_model_name_or_path", Json(""));
  return fmt::format("{}: learned on other weights than these, those of {}", where,
                     base.is_string() && !base.empty() ? as_utf8(base.get<std::string>()) : "another network");
}

Json config_of(const std::filesystem::path& folder) {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  for (const char* file : {kConfig, kTensors})
    if (!is_file(folder / file))
      throw weights_error(folder.string(), fmt::format("has no {}", file),
                          "a folder that PEFT saved, or `enxerto train`");
  Json config = read_json(folder / kConfig, kLargest, ErrorKind::weights);
  if (!config.is_object()) throw weights_error((folder / kConfig).string(), config.type_name(), "a JSON object");
  return config;
}

/// What only changes the arithmetic of other adapters must be as it usually is.
void require_plain(const Json& config, const std::string& where) {
  const auto refuse = [&](const char* key) {
    throw weights_error(where, fmt::format("'{}' is {}", key, as_utf8(config.at(key).dump())), "a plain LoRA");
  };
  const auto is_empty = [](const Json& value) {
    return value.is_null() || value == false || value == "none" || value == 0 ||
           (value.is_structured() && value.empty());
  };
  if (config.value("peft_type", Json("")) != "LORA") refuse("peft_type");
  for (const char* key : {"bias", "use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "layer_replication",
                          "lora_bias", "layers_to_transform"})
    if (config.contains(key) && !is_empty(config.at(key))) refuse(key);
}

double number_in(const Json& config, const char* key, const std::string& where) {
  const auto found = config.find(key);
  constexpr double kMost = 1e6;
  if (found == config.end() || !found->is_number() || !(found->get<double>() > 0) || found->get<double>() > kMost)
    throw weights_error(where, fmt::format("'{}' is missing or no number above 0, at most {:.0f}", key, kMost),
                        "a LoRA's config");
  return found->get<double>();
}

void require_fits(const Graph& network, const std::string& layer, const Tensor& a, const Tensor& b,
                  const std::string& where) {
  const Tensor* const weight = network.parameters.find(layer + ".weight");
  if (weight == nullptr)
    throw weights_error(where, fmt::format("an adapter of {}, which this network has not", layer),
                        "the LoRA of this network");
  const bool fits = a.shape().size() == 2 && b.shape().size() == 2 && a.shape()[0] == b.shape()[1] &&
                    Shape{b.shape()[0], a.shape()[1]} == weight->shape();
  if (!fits)
    throw weights_error(
        where, fmt::format("{}: B {} times A {}", layer, to_string(b.shape()), to_string(a.shape())),
        fmt::format("together {}, as its weight: the LoRA of this network", to_string(weight->shape())));
}

}  // namespace

void require_peft_names(const std::string& architecture) { (void)names_of(architecture); }

PeftAdapter read_peft(const std::filesystem::path& folder, const Graph& network) {
  const NetworkNames& names = names_of(network.name);
  const Json config = config_of(folder);
  const std::string where = (folder / kConfig).string(), tensors = (folder / kTensors).string();
  require_plain(config, where);
  const double rank = number_in(config, "r", where), alpha = number_in(config, "lora_alpha", where);
  PeftAdapter found;
  found.scale = alpha / (config.value("use_rslora", Json(false)) == true ? std::sqrt(rank) : rank);
  const std::int64_t heads = names.mixed_heads.empty() ? 0 : heads_in(network);
  Metadata said;
  const StateDict file = read_safetensors(folder / kTensors, &said);
  for (const auto& [name, tensor] : file) {
    const bool is_a = name.ends_with(kTheirA);
    std::string_view layer = name;
    if (layer.starts_with(kOutside)) layer.remove_prefix(kOutside.size());
    layer.remove_suffix(is_a || name.ends_with(kTheirB) ? kTheirA.size() : 0);
    const std::string ours = translated(layer, names, true);
    if (ours.empty() || layer.size() == name.size())
      throw weights_error(tensors, fmt::format("'{}' is no adapter of a layer of {}", as_utf8(name), network.name),
                          "the LoRA of this network");
    Tensor values = tensor.to_float32();
    if (!is_a && is_mixed(ours, names)) values = reordered(values, heads, true);
    found.adapters.set(is_a ? lora_a(ours) : lora_b(ours), values);
    const Tensor* const a = found.adapters.find(lora_a(ours));
    const Tensor* const b = found.adapters.find(lora_b(ours));
    if (!all_finite(values.as<float>()))
      throw weights_error(tensors, fmt::format("'{}' has numbers that are not finite", as_utf8(name)),
                          "finite numbers");
    if (a != nullptr && b != nullptr) require_fits(network, ours, *a, *b, tensors);
    if (a != nullptr && static_cast<double>(a->shape().at(0)) != rank)
      throw weights_error(where, fmt::format("'r' is {:g}, {} has the rank {}", rank, as_utf8(name), a->shape()[0]),
                          "the config of these tensors");
  }
  for (const auto& [name, _] : found.adapters) {
    const std::string layer = name.substr(0, name.rfind('.'));
    if (!found.adapters.contains(lora_a(layer)) || !found.adapters.contains(lora_b(layer)))
      throw weights_error(tensors, fmt::format("half of the adapter of {}", layer), "lora_A and lora_B");
  }
  found.note = note_of_weights(found, network, said, config, folder.string());
  return found;
}

void write_peft(const std::filesystem::path& folder, const StateDict& adapters, const PeftFacts& facts, bool replace) {
  const NetworkNames& names = names_of(facts.network.name);
  const std::int64_t heads = names.mixed_heads.empty() ? 0 : heads_in(facts.network);
  StateDict file;
  std::set<std::string> modules;
  for (const auto& [name, tensor] : adapters) {
    const std::string layer = name.substr(0, name.rfind('.'));
    const std::string theirs = translated(layer, names, false);
    const bool is_a = name == lora_a(layer);
    file.set(fmt::format("{}{}{}", kOutside, theirs, is_a ? kTheirA : kTheirB),
             !is_a && is_mixed(layer, names) ? reordered(tensor, heads, false) : tensor);
    modules.insert(theirs.substr(theirs.rfind('.') + 1));
  }
  const Json config{{"peft_type", "LORA"},
                    {"task_type", "CAUSAL_LM"},
                    {"base_model_name_or_path", facts.base},
                    {"r", facts.rank},
                    {"lora_alpha", facts.alpha},
                    {"lora_dropout", 0.0},
                    {"target_modules", modules},
                    {"bias", "none"},
                    {"fan_in_fan_out", names.fan_in_fan_out},
                    {"use_rslora", false},
                    {"use_dora", false},
                    {"modules_to_save", nullptr},
                    {"inference_mode", true}};
  AtomicDirectory directory(folder, replace);
  const StateDict merged = merged_lora(facts.network, adapters, facts.alpha / static_cast<double>(facts.rank));
  write_safetensors(directory.temporary() / kTensors, file,
                    {{"format", "pt"},
                     {kLearnedOn, hash_of_layers(facts.network, adapters)},
                     {kMergedInto, hash_of_layers(facts.network, adapters, merged)}});
  write_atomically(directory.temporary() / kConfig, config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  directory.commit();
}

}  // namespace enxerto
