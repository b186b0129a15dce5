#include "enxerto/pretrained/load_backbone.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/read.h"
#include "enxerto/pretrained/find_weights.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

struct Digests {
  std::string sha256, md5;
};

/// MD5 only where one of `specs` has nothing better.
Digests digests_of(const std::filesystem::path& file, std::span<const PretrainedSpec> specs) {
  const MappedFile mapped(file, ErrorKind::weights);
  const bool wants_md5 = std::any_of(
      specs.begin(), specs.end(), [](const PretrainedSpec& spec) { return spec.sha256.empty() && !spec.md5.empty(); });
  return {.sha256 = sha256(mapped.bytes()), .md5 = wants_md5 ? md5(mapped.bytes()) : ""};
}

bool is_file_of(const PretrainedSpec& spec, const Digests& digests) {
  if (!spec.sha256.empty()) return digests.sha256.starts_with(spec.sha256);
  return !spec.md5.empty() && digests.md5 == spec.md5;
}

/// Known weights that were found by their name must be the published ones.
FoundWeights known(const std::vector<PretrainedSpec>& specs, std::string& digest) {
  FoundWeights found = find_weights(specs);
  const Digests digests = digests_of(found.file, {&found.spec, 1});
  digest = digests.sha256;
  if (is_file_of(found.spec, digests)) return found;
  const bool has_sha256 = !found.spec.sha256.empty();
  throw Error(ErrorKind::weights, {.where = found.file.string(),
                                   .found = has_sha256 ? "its SHA-256 is " + digest : "its MD5 is " + digests.md5,
                                   .expected = has_sha256 ? found.spec.sha256 : found.spec.md5,
                                   .tip = "delete it and fetch it again; to use it as it is, name it: --weights FILE"});
}

/// A file of the user's: published weights where the digest says so, else their own.
FoundWeights named(const std::vector<PretrainedSpec>& specs, const std::string& file, std::string& digest) {
  const Digests digests = digests_of(file, specs);
  digest = digests.sha256;
  for (const PretrainedSpec& spec : specs)
    if (is_file_of(spec, digests)) return {spec, file};
  PretrainedSpec own = specs.front();
  own.source = "own";
  return {own, file};
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
  throw Error(ErrorKind::weights,
              {.where = weights,
               .found = fmt::format("there is no such file, and no weights of {} from such a source{}",
                                    specs.front().name, did_you_mean(weights, sources)),
               .expected = "a file of weights, or a source that `enxerto models` lists",
               .tip = ""});
}

[[noreturn]] void refuse_unpublished(const PretrainedSpec& spec) {
  throw Error(ErrorKind::weights, {.where = spec.name,
                                   .found = "no weights of it are published",
                                   .expected = "a file of weights, named as torchvision names them",
                                   .tip = "--weights FILE"});
}

FoundWeights choose(const std::vector<PretrainedSpec>& specs, const std::string& weights, std::string& digest) {
  const bool published = !specs.front().file.empty();
  if (weights.empty() && !published) refuse_unpublished(specs.front());
  if (weights.empty()) return known(specs, digest);
  if (const std::vector<PretrainedSpec> chosen = of_source(specs, weights); published && !chosen.empty())
    return known(chosen, digest);
  std::error_code ignored;
  if (!std::filesystem::exists(weights, ignored)) refuse_weights(specs, weights);
  return named(specs, weights, digest);
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
  own.top1 = 0;
  return own;
}

}  // namespace

Backbone load_backbone(std::string_view name, const LoadOptions& options) {
  const std::vector<PretrainedSpec> specs = pretrained_named(name);
  const Architecture& architecture = find_architecture(specs.front().architecture);
  std::string digest;
  const FoundWeights found = choose(specs, options.weights, digest);
  const WeightFile file = read_weights(found.file);
  PretrainedSpec spec = found.spec;
  if (spec.source == "own") {
    const NameTable* const table = name_table_for(file.tensors);
    spec = own_spec(specs, table == nullptr ? "" : table->name);
    spec.sha256 = digest;
    spec.file = found.file.filename().string();
  }
  const int size = options.size > 0 ? options.size : spec.preprocess.size;
  FittedWeights fitted = fit_weights(architecture, size, file.tensors, found.file.string());

  Backbone backbone;
  backbone.graph = std::move(fitted.graph);
  backbone.spec = std::move(spec);
  backbone.spec.classes = fitted.classes;
  if (std::cmp_not_equal(backbone.spec.labels.size(), fitted.classes)) backbone.spec.labels.clear();
  backbone.spec.preprocess.size = size;
  backbone.weights_file = found.file.string();
  backbone.sha256 = digest;
  backbone.notes = file.notes;
  return backbone;
}

}  // namespace enxerto
