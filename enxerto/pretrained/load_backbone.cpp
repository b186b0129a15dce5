#include "enxerto/pretrained/load_backbone.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/pretrained/filled_backbone.h"
#include "enxerto/pretrained/find_weights.h"
#include "enxerto/pretrained/load_from_path.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/pretrained/network_in.h"
#include "enxerto/pretrained/preprocess_name.h"
#include "enxerto/pretrained/random_backbone.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/registry.h"
#include "enxerto/zoo/speech_lstm.h"
#include "enxerto/zoo/text_architectures.h"

namespace enxerto {
namespace {

/// A file of the user's: published weights where the digest says so, else their own.
PublishedWeights named(const std::vector<PretrainedSpec>& specs, const std::string& file) {
  const FileDigests digests = file_digests(file, std::any_of(specs.begin(), specs.end(), is_known_by_md5));
  PretrainedSpec own = specs.front();
  own.source = "own";
  for (auto spec = specs.rbegin(); spec != specs.rend(); ++spec)
    if (is_published(*spec, digests)) own = *spec;
  return {.found = {.spec = own, .file = file, .foreign = false}, .digests = digests, .notes = {}};
}

std::vector<PretrainedSpec> of_source(const std::vector<PretrainedSpec>& specs, const std::string& source) {
  std::vector<PretrainedSpec> chosen;
  for (const PretrainedSpec& spec : specs)
    if (spec.source == source) chosen.push_back(spec);
  return chosen;
}

[[noreturn]] void refuse_weights(const std::vector<PretrainedSpec>& specs, const std::string& weights) {
  std::vector<std::string> sources;
  for (const PretrainedSpec& spec : specs) sources.push_back(spec.source);
  throw weights_error(
      weights,
      fmt::format("there is no such file, and {} has no weights from such a source{}", specs.front().name,
                  did_you_mean(weights, sources)),
      "a weight file, or a source that `enxerto models` lists",
      "a recipe that came with a model has the last name of a path alone: write it in full (backbone.weights)");
}

[[noreturn]] void refuse_unpublished(const PretrainedSpec& spec) {
  throw weights_error(spec.name, "its weights are not published", "a weight file with torchvision's names",
                      "backbone.weights = FILE");
}

PublishedWeights choose(const std::vector<PretrainedSpec>& specs, const std::string& weights) {
  const bool published = !specs.front().file.empty();
  if (weights.empty() && !published) refuse_unpublished(specs.front());
  if (weights.empty()) return find_published(specs);
  if (const std::vector<PretrainedSpec> chosen = of_source(specs, weights); published && !chosen.empty())
    return find_published(chosen);
  std::error_code ignored;
  if (!std::filesystem::exists(weights, ignored)) refuse_weights(specs, weights);
  return named(specs, weights);
}

/// "vit" of "vit_b32".
std::string_view kind_of(std::string_view architecture) { return architecture.substr(0, architecture.find('_')); }

/// The published weights that a file of the user's follows: those of this network from the source whose names it uses;
/// where that publishes none of this network, what it says of another of the kind is said of this size.
PretrainedSpec followed(const std::vector<PretrainedSpec>& specs, std::string_view naming) {
  const auto same = std::ranges::find(specs, naming, &PretrainedSpec::naming);
  if (same != specs.end()) return *same;
  PretrainedSpec like = specs.front();
  const auto sibling = std::ranges::find_if(pretrained_models(), [&](const PretrainedSpec& spec) {
    return spec.naming == naming && kind_of(spec.architecture) == kind_of(like.architecture);
  });
  if (sibling == pretrained_models().end()) return like;
  const Json size{{"size", input_size(*like.preprocessor)}};
  like.preprocessor = patched(*sibling->preprocessor, size, like.name);
  like.source = sibling->source;
  return like;
}

/// What is known of a file of the user's: its names tell the source it follows, and with that the preprocessing.
PretrainedSpec own_spec(const PretrainedSpec& like, std::string_view naming) {
  PretrainedSpec own = like;
  own.source = "own";
  own.naming = naming;
  own.labels.clear();
  own.licence = own.address = own.folder = "";
  own.figure.clear();
  return own;
}

/// A file of the user's: what its tensors tell, and what is assumed because they do not.
Backbone own_backbone(const std::vector<PretrainedSpec>& specs, const PublishedWeights& weights, const WeightFile& file,
                      int size) {
  const StateDict network = network_in(file.tensors).tensors;
  const NameTable* const table = name_table_for(network);
  const std::string_view naming = table == nullptr ? "" : table->name;
  const PretrainedSpec like = followed(specs, naming);
  PretrainedSpec spec = own_spec(like, naming);
  spec.sha256 = weights.digests.sha256;
  spec.file = weights.found.file.filename().string();
  std::vector<std::string> notes;
  const int made_for = table == nullptr || table->input_size == nullptr ? 0 : table->input_size(network);
  if (size == 0 && made_for > 0 && made_for != input_size(*spec.preprocessor)) {
    size = made_for;
    notes.push_back(fmt::format("its position embeddings are for pictures of {} px", size));
  }
  notes.push_back(fmt::format("the file does not state its preprocessing: assuming {}{}",
                              preprocess_name(*spec.preprocessor),
                              like.source == "own" ? "" : fmt::format(", that of the weights of {}", like.source)));
  Backbone backbone = filled_backbone(std::move(spec), file, {.file = weights.found.file.string(), .size = size});
  backbone.notes.insert(backbone.notes.end(), notes.begin(), notes.end());
  return backbone;
}

}  // namespace

Backbone load_backbone(std::string_view name, const LoadOptions& options) {
  if (!options.language.empty() && !backbone_writing(std::string(name)).takes_language)
    throw usage_error("backbone.language",
                      fmt::format("'{}' has no effect: {} is told no language", options.language, name), "",
                      "leave it out");
  if (options.weights == kRandomWeights)
    return random_backbone(name, {.size = options.size, .seed = options.seed, .vocabulary = options.vocabulary});
  if (find_text_architecture(name) != nullptr || find_sound_architecture(name) != nullptr)
    throw weights_error(std::string(name), "its weights are not published", "a network that is trained from scratch",
                        "backbone.weights = random; then the saved model as backbone.name");
  if (std::optional<Backbone> by_path = load_from_path(std::string(name), options)) return *std::move(by_path);
  const std::vector<PretrainedSpec> specs = pretrained_named(name);
  const PublishedWeights weights = choose(specs, options.weights);
  const FoundWeights& found = weights.found;
  const WeightFile file = read_weights(found.file);
  Backbone backbone =
      found.spec.source == "own"
          ? own_backbone(specs, weights, file, options.size)
          : filled_backbone(found.spec, file,
                            {.file = found.file.string(), .size = options.size, .verified = has_digest(found.spec)});
  backbone.sha256 = weights.digests.sha256;
  backbone.notes.insert(backbone.notes.begin(), weights.notes.begin(), weights.notes.end());
  return backbone;
}

}  // namespace enxerto
