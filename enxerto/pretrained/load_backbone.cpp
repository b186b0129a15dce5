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
#include "enxerto/pretrained/random_backbone.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/registry.h"

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
  throw weights_error(weights,
                      fmt::format("there is no such file, and {} has no weights from such a source{}",
                                  specs.front().name, did_you_mean(weights, sources)),
                      "a weight file, or a source that `enxerto models` lists");
}

[[noreturn]] void refuse_unpublished(const PretrainedSpec& spec) {
  throw weights_error(spec.name, "its weights are not published", "a weight file with torchvision's names",
                      "--weights FILE");
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

/// What is known of a file of the user's: its names tell the source it follows, and with that the preprocessing.
PretrainedSpec own_spec(const std::vector<PretrainedSpec>& specs, std::string_view naming) {
  PretrainedSpec own = specs.front();
  for (auto spec = specs.rbegin(); spec != specs.rend(); ++spec)
    if (spec->naming == naming) own = *spec;
  own.source = "own";
  own.naming = naming;
  own.labels.clear();
  own.licence = own.address = own.folder = "";
  own.figure.clear();
  return own;
}

}  // namespace

Backbone load_backbone(std::string_view name, const LoadOptions& options) {
  if (options.weights == kRandomWeights) return random_backbone(name, {.size = options.size, .seed = options.seed});
  if (std::optional<Backbone> by_path = load_from_path(std::string(name), options)) return *std::move(by_path);
  const std::vector<PretrainedSpec> specs = pretrained_named(name);
  const auto [found, digests, passed_over] = choose(specs, options.weights);
  const WeightFile file = read_weights(found.file);
  PretrainedSpec spec = found.spec;
  if (spec.source == "own") {
    const NameTable* const table = name_table_for(file.tensors);
    spec = own_spec(specs, table == nullptr ? "" : table->name);
    spec.sha256 = digests.sha256;
    spec.file = found.file.filename().string();
  }
  Backbone backbone = filled_backbone(std::move(spec), file, {.file = found.file.string(), .size = options.size});
  backbone.sha256 = digests.sha256;
  backbone.notes.insert(backbone.notes.begin(), passed_over.begin(), passed_over.end());
  return backbone;
}

}  // namespace enxerto
