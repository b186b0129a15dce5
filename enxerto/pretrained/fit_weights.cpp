#include "enxerto/pretrained/fit_weights.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/classifier.h"
#include "enxerto/pretrained/foreign_head.h"
#include "enxerto/pretrained/name_table.h"

namespace enxerto {
namespace {

/// A network that is as wide at its end as the file, and the file's tensors under its names.
struct Match {
  Blueprint blueprint;
  StateDict weights;
  int classes = 0;
  std::vector<std::string> left_out = {};  ///< tensors of a head of the file's own
};

Blueprint build(const Architecture& architecture, const ArchitectureOptions& options, const NameTable& table) {
  Blueprint blueprint = architecture.build(options);
  if (table.adapt != nullptr) table.adapt(blueprint);
  return blueprint;
}

StateDict translated(const StateDict& weights, const Blueprint& blueprint, const NameTable& table) {
  return table.translate(without_counters(weights), blueprint);
}

StateDict without(StateDict weights, const std::vector<std::string>& names) {
  for (const std::string& name : names) weights.erase(name);
  return weights;
}

Match match(const Architecture& architecture, int size, const NameTable& table, const StateDict& counted) {
  Match found{.blueprint = build(architecture, {.size = size}, table), .weights = {}, .classes = 0, .left_out = {}};
  found.weights = translated(counted, found.blueprint, table);
  const std::optional<Classifier> classifier = classifier_of(found.blueprint);
  if (!classifier) return found;
  const Tensor* const weight = found.weights.find(classifier->weight);
  if (weight == nullptr && !found.weights.contains(classifier->bias)) {
    found.blueprint = without_missing_head(found.blueprint, found.weights);
    found.left_out = foreign_head(found.blueprint.compare(found.weights), found.weights);
    // Translated again: values are meaningful only where all fits.
    if (!found.left_out.empty()) found.weights = translated(without(counted, found.left_out), found.blueprint, table);
  } else if (weight != nullptr && weight->shape().size() == 2 && weight->shape()[0] > 0) {
    // Bounded by the file: a tensor of so many rows is there.
    found.classes = static_cast<int>(std::min<std::int64_t>(weight->shape()[0], 1 << 24));
    found.blueprint = build(architecture, {.size = size, .classes = found.classes}, table);
  }
  return found;
}

std::string first_names(const StateDict& weights) {
  std::string names;
  int shown = 0;
  for (const auto& [name, _] : weights) {
    if (shown++ == 3) return names + ", ..";
    names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

}  // namespace

FittedWeights fit_weights(const Architecture& architecture, int size, const StateDict& weights,
                          std::string_view where) {
  const NameTable* const table = name_table_for(weights);
  if (table == nullptr)
    throw weights_error(
        std::string(where),
        fmt::format("{} tensors whose names no source uses: {}", weights.size(), first_names(weights)),
        fmt::format("weights of {}, named as Keras, timm, torchvision or efficientnet_pytorch name them",
                    architecture.name),
        "`enxerto inspect` lists what a file holds");
  const Match found = match(architecture, size, *table, weights);
  const LoadReport report = found.blueprint.compare(found.weights);
  if (!report.fits()) {
    const std::string looks = recognise_architecture(weights);
    throw weights_error(std::string(where), report.summary(),
                        fmt::format("the {} tensors of {}", found.blueprint.parameters.size(), architecture.name),
                        looks.empty() || looks == architecture.name
                            ? "weights of exactly this architecture"
                            : fmt::format("--backbone {}, which these weights look like", looks));
  }
  FittedWeights fitted{.graph = found.blueprint.fill(found.weights, where),
                       .naming = std::string(table->name),
                       .classes = found.classes,
                       .notes = {}};
  if (!found.left_out.empty()) {
    fitted.notes.push_back(fmt::format("ignored the head in the file: {}", fmt::join(found.left_out, ", ")));
  }
  return fitted;
}

std::string recognise_architecture(const StateDict& weights) {
  const NameTable* const table = name_table_for(weights);
  if (table == nullptr) return "";
  for (const Architecture& architecture : architectures()) {
    const Match found = match(architecture, 0, *table, weights);
    if (found.blueprint.compare(found.weights).fits()) return std::string(architecture.name);
  }
  return "";
}

}  // namespace enxerto
