#include "enxerto/pretrained/fit_weights.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

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
  std::vector<std::string> beside = {};    ///< tensors that no layer has
  std::string without_bias = {};           ///< the classifier's bias, where the file has none
};

constexpr std::int64_t kMostClasses = 1 << 24;
constexpr std::size_t kMostOfAHead = 8;  // tensors of the dense layers that a network ends in; VGG's has 6

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

/// What a file has of the normalisations of a network. Another layer may have the name of one of its dense layers: an
/// activation's lone weight is not the matrix.
StateDict vectors_of(const StateDict& weights, const Blueprint& network) {
  StateDict vectors;
  for (const ParameterSpec& spec : network.parameters)
    if (const Tensor* tensor = weights.find(spec.name);
        tensor && spec.shape.size() == 1 && tensor->shape() == spec.shape)
      vectors.set(spec.name, *tensor);
  return vectors;
}

/// The network up to where its head's dense layers begin, or the normalisations before them that the file lacks, where
/// all else of the file is a head of its own.
std::optional<Match> match_body(const Architecture& architecture, int size, const NameTable& table,
                                const StateDict& counted) {
  const Blueprint whole = build(architecture, {.size = size}, table);
  if (!classifier_of(whole)) return std::nullopt;
  const StateDict norms = vectors_of(translated(counted, whole, table), whole);
  Match body{.blueprint = without_missing_head(whole, norms), .weights = {}, .classes = 0};
  body.weights = translated(counted, body.blueprint, table);
  body.left_out = foreign_head(body.blueprint.compare(body.weights), body.weights, body.blueprint);
  if (body.left_out.empty()) return std::nullopt;
  // Translated again: values are meaningful only where all fits.
  body.weights = translated(without(counted, body.left_out), body.blueprint, table);
  return body;
}

Match match_all(const Architecture& architecture, int size, const NameTable& table, const StateDict& counted) {
  Match found{.blueprint = build(architecture, {.size = size}, table), .weights = {}, .classes = 0, .left_out = {}};
  found.weights = translated(counted, found.blueprint, table);
  if (architecture.classes_in != nullptr) {
    const std::int64_t classes = std::clamp<std::int64_t>(architecture.classes_in(found.weights), 0, kMostClasses);
    found.classes = static_cast<int>(classes);
    if (classes > 0) found.blueprint = build(architecture, {.size = size, .classes = classes}, table);
    return found;
  }
  const std::optional<Classifier> classifier = classifier_of(found.blueprint);
  if (!classifier) return found;
  const Tensor* const weight = found.weights.find(classifier->weight);
  if (weight == nullptr && !found.weights.contains(classifier->bias)) {
    found.blueprint = without_missing_head(found.blueprint, found.weights);
  } else if (weight != nullptr && weight->shape().size() == 2 && weight->shape()[0] > 0) {
    // Bounded by the file: a tensor of so many rows is there.
    found.classes = static_cast<int>(std::min(weight->shape()[0], kMostClasses));
    found.blueprint = build(architecture, {.size = size, .classes = found.classes}, table);
    if (!found.weights.contains(classifier->bias)) {
      found.without_bias = classifier->bias;
      const std::vector<float> zeros(static_cast<std::size_t>(found.classes));
      found.weights.set(classifier->bias, Tensor::of<float>({found.classes}, std::span<const float>(zeros)));
    }
  }
  return found;
}

/// A classifier that is only of another width is that of another network, not a head of the file's own.
bool is_another_network(const LoadReport& report, const Blueprint& network) {
  const std::optional<Classifier> classifier = classifier_of(network);
  const auto is_its = [&](const std::string& text) {
    const std::string name = text.substr(0, text.find(": "));
    return classifier && (name == classifier->weight || name == classifier->bias);
  };
  return report.unexpected.empty() && report.missing.empty() && std::ranges::all_of(report.mismatched, is_its);
}

Match match(const Architecture& architecture, int size, const NameTable& table, const StateDict& counted) {
  Match all = match_all(architecture, size, table, counted);
  const LoadReport report = all.blueprint.compare(all.weights);
  if (report.fits()) return all;
  all.beside = left_by_training(report, all.weights, all.blueprint);
  if (!all.beside.empty()) {
    all.weights = translated(without(counted, all.beside), all.blueprint, table);
    return all;
  }
  if (is_another_network(report, all.blueprint) || report.missing.size() + report.mismatched.size() > kMostOfAHead)
    return all;
  std::optional<Match> body = match_body(architecture, size, table, counted);
  return body ? *std::move(body) : std::move(all);
}

/// Of what does not fit, the first of each kind.
std::string first_of(const LoadReport& report) {
  std::vector<std::string> parts;
  const auto add = [&](const std::vector<std::string>& names, std::string_view what) {
    if (names.empty()) return;
    parts.push_back(
        fmt::format("{} {}{}", what, names[0], names.size() > 1 ? fmt::format(" and {} more", names.size() - 1) : ""));
  };
  add(report.mismatched, "mismatched");
  add(report.missing, "missing");
  add(report.unexpected, "unexpected");
  return fmt::format("{}", fmt::join(parts, "; "));
}

/// Less than twice as many numbers as it has: others are not worth a comparison.
bool is_of_like_size(const Architecture& architecture, const StateDict& weights) {
  std::size_t file = 0, network = 0;
  for (const auto& [_, tensor] : weights) file += tensor.size();
  for (const ParameterSpec& spec : architecture.build({}).parameters) network += element_count(spec.shape);
  return file < 2 * network;
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
                            : fmt::format("backbone.name = {}, which these weights look like", looks));
  }
  FittedWeights fitted{.graph = found.blueprint.fill(found.weights, where),
                       .naming = std::string(table->name),
                       .classes = found.classes,
                       .notes = {},
                       .left_out = layers_of(found.left_out)};
  if (!found.left_out.empty())
    fitted.notes.push_back(fmt::format("left out the file's own head: {}", fmt::join(found.left_out, ", ")));
  if (!found.beside.empty())
    fitted.notes.push_back(fmt::format("left out what is not in the network: {}", fmt::join(found.beside, ", ")));
  if (!found.without_bias.empty())
    fitted.notes.push_back(fmt::format("the file has no {}: taken as zeros", found.without_bias));
  return fitted;
}

bool fits(const Architecture& architecture, const StateDict& weights) {
  const NameTable* const table = name_table_for(weights);
  if (table == nullptr) return false;
  const Match found = match(architecture, 0, *table, weights);
  return found.blueprint.compare(found.weights).fits();
}

std::string recognise_architecture(const StateDict& weights) {
  for (const Architecture& architecture : architectures())
    if (fits(architecture, weights)) return std::string(architecture.name);
  return "";
}

std::string misfit(const StateDict& weights) {
  const NameTable* const table = name_table_for(weights);
  if (table == nullptr) return fmt::format("no source uses its names: {}", first_names(weights));
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  std::string nearest;
  LoadReport report;
  for (const Architecture& architecture : architectures()) {
    if (!is_of_like_size(architecture, weights)) continue;
    const Match found = match(architecture, 0, *table, weights);
    LoadReport one = found.blueprint.compare(found.weights);
    const std::size_t count = one.missing.size() + one.unexpected.size() + one.mismatched.size();
    if (count >= fewest) continue;
    fewest = count;
    nearest = architecture.name;
    report = std::move(one);
  }
  return nearest.empty() ? fmt::format("no network is of their size: {}", first_names(weights))
                         : fmt::format("the nearest is {}: {}", nearest, first_of(report));
}

}  // namespace enxerto
