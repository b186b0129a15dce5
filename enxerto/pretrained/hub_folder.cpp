#include "enxerto/pretrained/hub_folder.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/files/is_file.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/media/text/vocabulary_fit.h"
#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/hub/sentence_pooling.h"
#include "enxerto/pretrained/hub/sound_network.h"
#include "enxerto/pretrained/hub/specs.h"
#include "enxerto/pretrained/hub/token_network.h"
#include "enxerto/pretrained/preprocess_name.h"

namespace enxerto {
namespace {

constexpr const char *kConfig = "config.json", *kProcessor = "preprocessor_config.json";
constexpr std::array<std::string_view, 4> kWeights{"model.safetensors", "model.safetensors.index.json",
                                                   "pytorch_model.bin", "pytorch_model.bin.index.json"};

}  // namespace

std::filesystem::path weights_in_folder(const std::filesystem::path& folder) {
  for (const std::string_view name : kWeights)
    if (is_file(folder / name)) return folder / name;
  throw weights_error(folder.string(), "holds a config.json, but no weights",
                      fmt::format("one of {}", fmt::join(kWeights, ", ")),
                      "download the whole repository; with Git, `git lfs pull`");
}

namespace {

/// Says what stands in for a preprocessing that nobody states.
void note_assumed(HubFolder& folder, std::string_view missing) {
  folder.notes.push_back(fmt::format("{}: assuming {} at {} px", missing, preprocess_name(*folder.spec.preprocessor),
                                     input_size(*folder.spec.preprocessor)));
}

/// A network of tokens: its sizes are those of config.json, and sentence-transformers says how its tokens are pooled.
HubFolder token_folder(const std::filesystem::path& folder, TokenNetwork network) {
  HubFolder found;
  found.spec.preprocessor = preprocessor_from_record(
      text_record(folder, {.max_length = network.longest, .token_types = network.types > 0}), folder.string());
  const std::string unlike =
      check_vocabulary(*found.spec.preprocessor, network.vocabulary, folder.string(), network.types);
  found.spec.name = std::filesystem::weakly_canonical(folder).filename().string();
  found.spec.architecture = network.blueprint.graph.name;
  found.spec.source = "transformers";
  found.spec.naming = network.naming;
  found.network = std::move(network.blueprint);
  found.pool = network.pool;
  found.notes = std::move(network.notes);
  if (const std::optional<SentencePooling> pooling = sentence_pooling(folder)) {
    if (!pooling->pool.empty()) found.pool = pooling->pool;
    found.notes.insert(found.notes.end(), pooling->notes.begin(), pooling->notes.end());
  }
  for (const std::string& note : {unlike, note_of_length(*found.spec.preprocessor)})
    if (!note.empty()) found.notes.push_back(note);
  return found;
}

/// A network of sounds, and what its head writes where it has one that does.
HubFolder sound_folder(const std::filesystem::path& folder, const HubConfig& config, SoundNetwork network) {
  HubFolder found;
  found.spec.name = std::filesystem::weakly_canonical(folder).filename().string();
  found.spec.architecture = network.blueprint.graph.name;
  found.spec.source = "transformers";
  found.spec.naming = network.naming;
  found.spec.preprocessor = std::move(network.preprocessor);
  found.network = std::move(network.blueprint);
  found.constants = std::move(network.constants);
  found.trained_from = network.trained_from;
  found.notes = std::move(network.notes);
  const std::vector<std::string> classes = config.texts("architectures");
  if (!classes.empty() && classes[0].ends_with("ForCTC")) {
    found.written = ctc_vocabulary(folder, config);
    if (!found.written)
      found.notes.push_back(fmt::format(
          "{} has no vocab.json: its head, of which nobody says what it writes, is left out", folder.string()));
  }
  return found;
}

HubFolder read_configs(const std::filesystem::path& folder) {
  const HubConfig config(folder / kConfig);
  if (std::optional<SoundNetwork> network = sound_network(config, optional_config(folder / kProcessor)))
    return sound_folder(folder, config, *std::move(network));
  if (std::optional<TokenNetwork> network = token_network(config)) return token_folder(folder, *std::move(network));
  HubFolder found;
  // timm's own files, and those in which transformers wraps timm, name timm's architecture.
  if (config.find("architecture") != nullptr) {
    found.spec = timm_spec(config);
    if (config.find("mean") == nullptr && config.inside("pretrained_cfg").find("mean") == nullptr)
      note_assumed(found, "config.json does not state the mean of the pictures");
    return found;
  }
  const bool stated = is_file(folder / kProcessor);
  found.spec = transformers_spec(config, optional_config(folder / kProcessor));
  if (!stated) note_assumed(found, fmt::format("there is no {}", kProcessor));
  return found;
}

}  // namespace

bool is_hub_folder(const std::filesystem::path& folder) { return is_file(folder / kConfig); }

void check_tokenizer(const std::filesystem::path& folder, const Preprocessor& preprocessor) {
  if (!is_hub_folder(folder)) return;
  std::optional<TokenNetwork> network;
  try {
    network = token_network(HubConfig(folder / kConfig));
  } catch (const Error&) {
    return;  // of a network that cannot be read the tokenizer still can
  }
  if (network) (void)check_vocabulary(preprocessor, network->vocabulary, folder.string(), network->types);
}

HubFolder read_hub_folder(const std::filesystem::path& folder) {
  HubFolder found = read_configs(folder);
  found.weights = weights_in_folder(folder);
  found.spec.file = found.weights.filename().string();
  return found;
}

}  // namespace enxerto
