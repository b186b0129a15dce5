#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/hub_folder.h"
#include "enxerto/pretrained/joined_attention.h"
#include "enxerto/pretrained/names_encoder_decoder.h"
#include "enxerto/pretrained/rename.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/pretrained/speech/sources.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/whisper.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kLargestTokenizer = std::size_t{64} << 20;

constexpr Rename kWhisper[] = {
    {"^model.", ""},
    {"^decoder.embed_tokens.", "decoder.word."},
    {"^encoder.embed_positions.", "encoder.position."},
    {"^decoder.embed_positions.", "decoder.position."},
    {"^encoder.layer_norm.", "encoder.norm."},
    {"^decoder.layer_norm.", "decoder.norm."},
};

/// Keys have no bias there; here they have one of zeros. The output layer is the table of words.
StateDict from_whisper(const StateDict& weights) {
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    const std::string known = encoder_decoder_name(renamed(name, kWhisper));
    if (known == "proj_out.weight") continue;
    ours.set(known, tensor.to_float32());
  }
  StateDict biases;
  for (const auto& [name, tensor] : ours) {
    if (!name.ends_with(".attn.k.weight") && !name.ends_with(".cross.k.weight")) continue;
    const std::vector<float> zeros(static_cast<std::size_t>(tensor.shape()[0]));
    biases.set(name.substr(0, name.size() - 6) + "bias",
               Tensor::of<float>({tensor.shape()[0]}, std::span<const float>(zeros)));
  }
  ours.merge(biases);
  return with_joined_attention(ours);
}

WhisperConfig whisper_config_of(const HubConfig& config, const HubConfig& sound) {
  if (const std::string activation = config.text("activation_function", "gelu"); activation != "gelu")
    config.fail("has the activation " + activation, "gelu");
  if (config.flag("scale_embedding", false)) config.fail("scales its word vectors", "scale_embedding: false");
  WhisperConfig found;
  found.mel.rate = sound.integer("sampling_rate", 16'000);
  found.mel.fft = found.mel.window = sound.integer("n_fft", 400);
  found.mel.hop = sound.integer("hop_length", 160);
  found.mel.mels = config.integer("num_mel_bins", 80);
  if (sound.integer("feature_size", found.mel.mels) != found.mel.mels || found.mel.fft < 16 || found.mel.fft > 8'192 ||
      found.mel.hop < 1 || found.mel.hop > found.mel.fft / 2 || found.mel.fft % 2 != 0)
    sound.fail("describes another front end than config.json",
               "feature_size as num_mel_bins, n_fft and hop_length of one");
  found.sizes = {.vocabulary = config.integer("vocab_size", 51'865),
                 .positions = config.integer("max_source_positions", 1'500),
                 .width = config.integer("d_model", 384),
                 .depth = config.integer("encoder_layers", 4),
                 .heads = config.integer("encoder_attention_heads", 6),
                 .hidden = config.integer("encoder_ffn_dim", 1'536)};
  found.decoder_positions = config.integer("max_target_positions", 448);
  found.decoder_depth = config.integer("decoder_layers", 4);
  found.decoder_heads = config.integer("decoder_attention_heads", 6);
  found.decoder_hidden = config.integer("decoder_ffn_dim", 1'536);
  found.samples = found.sizes.positions * 2 * found.mel.hop;
  return found;
}

std::vector<std::int64_t> tokens_in(const HubConfig& config, std::string_view key) {
  std::vector<std::int64_t> tokens;
  const Json* const list = config.find(key);
  if (list == nullptr || !list->is_array()) return tokens;
  for (const Json& token : *list)
    if (token.is_number_integer()) tokens.push_back(token.get<std::int64_t>());
  return tokens;
}

std::int64_t token_called(const Tokenizer& tokenizer, const std::string& piece, const HubConfig& config) {
  const std::optional<std::uint32_t> id = tokenizer.id_of(piece);
  if (!id) config.fail("is of a tokenizer without " + piece, "the tokenizer of the same network");
  return *id;
}

/// "pt" of "pt" or "<|pt|>", as transformers' generation_config.json may have either; "" where it has none, or null.
std::string language_in(const HubConfig& generation) {
  const Json* const found = generation.find("language");
  const std::string said = found != nullptr && found->is_string() ? found->get<std::string>() : "";
  if (said.starts_with("<|") && said.ends_with("|>")) return said.substr(2, said.size() - 4);
  return said;
}

/// What a transcript begins with: that it begins, in which language, and that no times are written.
std::vector<std::int64_t> prompt_of(const TranscriptionNetwork& network, const HubConfig& config,
                                    const HubConfig& generation, const std::string& asked) {
  const Tokenizer& tokenizer = *network.tokenizer;
  std::vector<std::int64_t> prompt{
      generation.integer("decoder_start_token_id", config.integer("decoder_start_token_id", -1))};
  if (prompt[0] < 0) prompt[0] = token_called(tokenizer, "<|startoftranscript|>", config);
  // A network that was learned from one language says which.
  const std::string language = asked.empty() ? language_in(generation) : asked;
  const bool several = generation.flag("is_multilingual", config.integer("vocab_size", 51'865) >= 51'865);
  if (!several && !asked.empty())
    throw usage_error("language", fmt::format("'{}' of {}, which knows English alone", asked, network.name), "",
                      "leave it out");
  if (several) {
    const std::optional<std::uint32_t> id = tokenizer.id_of("<|" + language + "|>");
    if (!id)
      throw usage_error("language", language.empty() ? fmt::format("none, for {}", network.name) : "'" + language + "'",
                        "the language that is spoken, as in en, pt, de", "--language pt");
    prompt.push_back(*id);
    prompt.push_back(token_called(tokenizer, "<|transcribe|>", config));
  }
  const std::int64_t without_times = generation.integer("no_timestamps_token_id", -1);
  prompt.push_back(without_times >= 0 ? without_times : token_called(tokenizer, "<|notimestamps|>", config));
  return prompt;
}

}  // namespace

bool is_whisper_hub_folder(const Path& path) {
  return is_hub_folder(path) && HubConfig(path / "config.json").text("model_type", "") == "whisper";
}

TranscriptionNetwork load_whisper_hub_folder(const Path& path, const std::string& language) {
  const HubConfig config(path / "config.json"), generation = optional_config(path / "generation_config.json"),
                                                sound = optional_config(path / "preprocessor_config.json");
  const WhisperConfig found = whisper_config_of(config, sound);
  TranscriptionNetwork network;
  network.name = std::filesystem::weakly_canonical(path).filename().string();
  const Path file = weights_in_folder(path);
  const WeightFile weights = read_weights(file);
  network.weights_file = file.string();
  network.notes = weights.notes;
  StateDict parameters = from_whisper(weights.tensors);
  const Blueprint blueprint = built_by(config, [&] {
    parameters.merge(whisper_front_end(found));
    return whisper(found);
  });
  network.graph = blueprint.fill(parameters, network.weights_file);
  require_sound(network.graph, weights.tensors, network.weights_file);
  network.rate = found.mel.rate;
  network.samples = found.samples;
  const std::string tokens = (path / "tokenizer.json").string();
  network.tokenizer_json = read_text(tokens, kLargestTokenizer, ErrorKind::weights);
  network.tokenizer = shared_tokenizer(network.tokenizer_json, tokens);
  const HubConfig& said = generation.find("suppress_tokens") != nullptr ? generation : config;
  network.never = tokens_in(said, "suppress_tokens");
  network.never_first = tokens_in(said, "begin_suppress_tokens");
  network.prompt = prompt_of(network, config, generation, language);
  network.end = generation.integer("eos_token_id", config.integer("eos_token_id", 50'256));
  network.longest = std::min(found.decoder_positions, generation.integer("max_length", found.decoder_positions));
  const auto strange = [&](std::int64_t token) { return token < 0 || token >= found.sizes.vocabulary; };
  if (std::ranges::any_of(network.prompt, strange) || strange(network.end))
    config.fail("names tokens that the network has not", fmt::format("0 to {}", found.sizes.vocabulary - 1));
  std::erase_if(network.never, strange);
  std::erase_if(network.never_first, strange);
  return network;
}

}  // namespace enxerto
