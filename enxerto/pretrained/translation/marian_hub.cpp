#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/is_file.h"
#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/hub/token_families.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/pretrained/translation/hub_weights.h"
#include "enxerto/pretrained/translation/hub_writing.h"
#include "enxerto/pretrained/translation/names_marian.h"
#include "enxerto/pretrained/translation/sources.h"
#include "enxerto/zoo/marian.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

MarianConfig config_of(const HubConfig& config) {
  require_flag(config, "normalize_before", false);
  require_flag(config, "normalize_embedding", false);
  require_flag(config, "add_final_layer_norm", false);
  require_flag(config, "static_position_embeddings", true);
  MarianConfig found;
  found.sizes = {.vocabulary = config.integer("vocab_size", 58101),
                 .positions = config.integer("max_position_embeddings", 1024),
                 .width = config.integer("d_model", 1024),
                 .depth = config.integer("encoder_layers", 12),
                 .heads = config.integer("encoder_attention_heads", 16),
                 .hidden = config.integer("encoder_ffn_dim", 4096)};
  found.decoder_depth = config.integer("decoder_layers", 12);
  found.decoder_heads = config.integer("decoder_attention_heads", 16);
  found.decoder_hidden = config.integer("decoder_ffn_dim", 4096);
  if (!config.flag("share_encoder_decoder_embeddings", true))
    found.target_vocabulary = config.integer("decoder_vocab_size", found.sizes.vocabulary);
  found.own_output = !config.flag("tie_word_embeddings", true);
  found.scaled = config.flag("scale_embedding", false);
  found.activation = block_activation(config, "activation_function", "gelu");
  return found;
}

/// Word vectors are sometimes filled up to a round number.
std::int64_t spare_words(std::int64_t words) { return words % 64 == 0 ? 63 : words % 8 == 0 ? 7 : 0; }

}  // namespace

bool is_marian_hub_folder(const Path& folder) { return is_hub_folder_of(folder, "marian"); }

TranslationNetwork load_marian_hub_folder(const Path& folder) {
  const HubConfig config(folder / "config.json");
  const MarianConfig found = config_of(config);
  TranslationNetwork network;
  const WeightFile weights = read_hub_weights(folder, network);
  network.graph = marian(found).fill(from_marian_mt(weights.tensors, found.target_vocabulary == 0, found.own_output),
                                     network.weights_file);
  require_sound(network.graph, weights.tensors, network.weights_file);
  const bool two = is_file(folder / "target_vocab.json");
  network.source = std::make_shared<NumberedPieces>(folder / "source.spm", folder / "vocab.json");
  network.target =
      std::make_shared<NumberedPieces>(folder / "target.spm", folder / (two ? "target_vocab.json" : "vocab.json"));
  network.longest = std::min<std::int64_t>(found.sizes.positions, 512);
  const std::int64_t words = found.target_vocabulary > 0 ? found.target_vocabulary : found.sizes.vocabulary;
  network.source->require_fit(found.sizes.vocabulary, spare_words(found.sizes.vocabulary),
                              (folder / "vocab.json").string());
  network.target->require_fit(words, spare_words(words),
                              (folder / (two ? "target_vocab.json" : "vocab.json")).string());
  const std::int64_t pad = config.integer("pad_token_id", 58100);
  set_writing(network, folder, config, {.begin = pad, .end = 0, .words = words});
  if (pad >= 0 && pad < words && std::ranges::find(network.never, pad) == network.never.end())
    network.never.push_back(pad);
  return network;
}

}  // namespace enxerto
