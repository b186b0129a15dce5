#include "enxerto/pretrained/peft_adapter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/finite.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"
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

struct NetworkNames {
  std::string_view architecture, blocks;
  std::span<const LayerName> layers;
  bool fan_in_fan_out;  ///< weights lie as (in, out) there
};
constexpr std::array kNetworkNames{
    NetworkNames{"llama", "model.layers.", kLlamaLayers, false},
    NetworkNames{"qwen2", "model.layers.", kLlamaLayers, false},
    NetworkNames{"gpt2", "transformer.h.", kGpt2Layers, true},
};

const NetworkNames& names_of(const std::string& architecture) {
  const auto* const row = std::ranges::find(kNetworkNames, architecture, &NetworkNames::architecture);
  if (row != kNetworkNames.end()) return *row;
  throw usage_error("LoRA", fmt::format("the layers of '{}' have no names in PEFT's files here", architecture),
                    "gpt2, llama or qwen2");
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
  const StateDict file = read_safetensors(folder / kTensors);
  for (const auto& [name, tensor] : file) {
    const bool is_a = name.ends_with(kTheirA);
    std::string_view layer = name;
    if (layer.starts_with(kOutside)) layer.remove_prefix(kOutside.size());
    layer.remove_suffix(is_a || name.ends_with(kTheirB) ? kTheirA.size() : 0);
    const std::string ours = translated(layer, names, true);
    if (ours.empty() || layer.size() == name.size())
      throw weights_error(tensors, fmt::format("'{}' is no adapter of a layer of {}", as_utf8(name), network.name),
                          "the LoRA of this network");
    const Tensor values = tensor.to_float32();
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
  return found;
}

void write_peft(const std::filesystem::path& folder, const StateDict& adapters, const PeftFacts& facts, bool replace) {
  const NetworkNames& names = names_of(facts.architecture);
  StateDict file;
  std::set<std::string> modules;
  for (const auto& [name, tensor] : adapters) {
    const std::string layer = name.substr(0, name.rfind('.'));
    const std::string theirs = translated(layer, names, false);
    file.set(fmt::format("{}{}{}", kOutside, theirs, name == lora_a(layer) ? kTheirA : kTheirB), tensor);
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
  write_safetensors(directory.temporary() / kTensors, file, {{"format", "pt"}});
  write_atomically(directory.temporary() / kConfig, config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  directory.commit();
}

}  // namespace enxerto
