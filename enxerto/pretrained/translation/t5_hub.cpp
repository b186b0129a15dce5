#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/files/is_file.h"
#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/hub/token_families.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/pretrained/translation/hub_weights.h"
#include "enxerto/pretrained/translation/hub_writing.h"
#include "enxerto/pretrained/translation/names_t5.h"
#include "enxerto/pretrained/translation/sources.h"
#include "enxerto/zoo/t5.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;
constexpr std::int64_t kT5Length = 512;
constexpr std::int64_t kSpareWords = 256;  // 100 that stand for gaps, then up to a multiple of 128

/// "relu", "gated-gelu": which is the approximation by tanh for this network alone.
void set_activation(T5Config& found, const HubConfig& config) {
  constexpr std::string_view kGated = "gated-", kKey = "feed_forward_proj";
  std::string word = config.text(kKey, "relu");
  found.gated = word.starts_with(kGated);
  if (found.gated) word.erase(0, kGated.size());
  if (found.gated && word == "gelu") word = "gelu_new";
  found.activation = block_activation(HubConfig(Json{{std::string(kKey), word}}, config.where()), kKey, "relu");
}

T5Config t5_config(const HubConfig& config, const StateDict& tensors) {
  T5Config found;
  found.sizes = {.vocabulary = config.integer("vocab_size", 32128),
                 .positions = kT5Length,
                 .width = config.integer("d_model", 512),
                 .depth = config.integer("num_layers", 6),
                 .heads = config.integer("num_heads", 8),
                 .hidden = config.integer("d_ff", 2048)};
  found.decoder_depth = config.integer("num_decoder_layers", found.sizes.depth);
  found.head_width = config.integer("d_kv", 64);
  found.buckets = config.integer("relative_attention_num_buckets", 32);
  found.max_distance = config.integer("relative_attention_max_distance", 128);
  found.scaled_output = config.flag("tie_word_embeddings", true);
  found.own_output = !found.scaled_output && tensors.contains("lm_head.weight");
  found.epsilon = norm_epsilon(config, "layer_norm_epsilon", 1e-6);
  set_activation(found, config);
  return found;
}

/// What texts begin with, as the folder says for the tasks that its makers trained.
std::vector<std::string> prefixes_in(const HubConfig& config) {
  std::vector<std::string> found;
  const Json* const tasks = config.find("task_specific_params");
  if (tasks == nullptr || !tasks->is_object()) return found;
  for (const auto& [name, task] : tasks->items())
    if (task.is_object() && task.contains("prefix") && task["prefix"].is_string())
      found.push_back(fmt::format("'{}'", task["prefix"].get<std::string>()));
  return found;
}

}  // namespace

bool is_t5_hub_folder(const Path& folder) { return is_hub_folder_of(folder, "t5"); }

TranslationNetwork load_t5_hub_folder(const Path& folder) {
  const HubConfig config(folder / "config.json");
  TranslationNetwork network;
  const WeightFile weights = read_hub_weights(folder, network);
  const T5Config found = t5_config(config, weights.tensors);
  network.graph = t5(found).fill(from_t5(weights.tensors, found.own_output), network.weights_file);
  require_sound(network.graph, weights.tensors, network.weights_file);
  const Path pieces = folder / "spiece.model";
  if (!is_file(pieces))
    throw weights_error(folder.string(), "no spiece.model", "the SentencePiece model of T5",
                        "save the tokenizer there: AutoTokenizer.from_pretrained(..).save_pretrained(..)");
  network.source = network.target = std::make_shared<NumberedPieces>(pieces);
  network.source->require_fit(found.sizes.vocabulary, kSpareWords, pieces.string());
  network.longest = std::clamp<std::int64_t>(config.integer("n_positions", kT5Length), 2, kT5Length);
  set_writing(network, folder, config, {.begin = 0, .end = 1, .words = found.sizes.vocabulary});
  const std::vector<std::string> prefixes = prefixes_in(config);
  if (!prefixes.empty())
    network.notes.push_back(fmt::format("texts begin with what is to be done: {}", fmt::join(prefixes, ", ")));
  return network;
}

}  // namespace enxerto
