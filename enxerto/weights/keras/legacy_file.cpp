#include "enxerto/weights/keras/legacy_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "enxerto/weights/keras/layer_class.h"
#include "enxerto/weights/keras/legacy_names.h"
#include "enxerto/weights/keras/model_config.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::string_view kExpected =
    "what Keras writes: each layer of layer_names with the weights of its weight_names";

[[noreturn]] void fail_legacy(std::string_view where, std::string found) {
  throw_weights_error(where, {.found = std::move(found),
                              .expected = std::string(kExpected),
                              .tip = "save the model again with Keras, or get the file again"});
}

/// Classes of layers by the names that the tensors' names begin with.
using Kinds = std::unordered_map<std::string, std::string>;

void collect_kinds(const KerasLayer& model, const std::string& prefix, Kinds& kinds) {
  for (const auto* const list : {&model.layers, &model.wrapped}) {
    for (const KerasLayer& layer : *list) {
      kinds.emplace(prefix + layer.name, layer.kind);
      collect_kinds(layer, prefix + layer.name + "/", kinds);
    }
  }
}

std::string_view kind_of(std::string_view layer, const Kinds& kinds) {
  const auto kind = kinds.find(std::string(layer));
  if (kind != kinds.end()) return kind->second;
  return layer.ends_with("layer_scale") ? "layer_scale" : std::string_view();
}

/// Keras 3 calls the kernel of a depthwise convolution `kernel`, Keras 2 and the published files `depthwise_kernel`;
/// the one variable of ConvNeXt's LayerScale has no name at all.
std::string with_usual_variable(std::string name, const Kinds& kinds) {
  const std::size_t slash = name.rfind('/');
  const std::string_view layer = std::string_view(name).substr(0, slash),
                         variable = std::string_view(name).substr(slash + 1);
  const std::string_view kind = kind_of(layer, kinds);
  if (kind.starts_with("depthwise_conv") && variable == "kernel") return std::string(layer) + "/depthwise_kernel";
  const std::string_view base = numbered(variable).base;
  if (kind == "layer_scale" && (base == "variable" || base == "Variable")) return std::string(layer) + "/gamma";
  return name;
}

class LegacyKerasFile {
 public:
  LegacyKerasFile(const Hdf5Group& weights, std::string_view where) : weights_(weights), where_(where) {}

  void set_config(const KerasLayer& model) { collect_kinds(model, "", kinds_); }

  StateDict tensors() {
    const auto layers = joined_attribute(weights_, "layer_names");
    if (!layers) fail_legacy(where_, "has no attribute layer_names");
    for (const std::string& layer : *layers) add_layer(layer);
    constexpr std::string_view kTop = "top_level_model_weights";
    if (std::ranges::find(*layers, kTop) == layers->end() && weights_.group(kTop) != nullptr) add_layer(kTop);
    return std::move(tensors_);
  }

 private:
  void add_layer(std::string_view layer) {
    const Hdf5Group* const group = weights_.group(layer);
    if (group == nullptr) fail_legacy(where_, "lists the layer " + shown(layer) + " but does not have it");
    const auto weights = joined_attribute(*group, "weight_names");
    if (!weights) fail_legacy(where_, "has no attribute weight_names in the layer " + shown(layer));
    for (LegacyVariable& variable : legacy_variables(layer, *weights)) {
      const std::string& weight = (*weights)[variable.weight];
      const Tensor* const tensor = group->tensor(weight);
      if (tensor == nullptr)
        fail_legacy(where_, "lists the weight " + shown(weight) + " of " + shown(layer) + " but has no numbers for it");
      std::string name = with_usual_variable(std::move(variable.name), kinds_);
      if (tensors_.contains(name)) fail_legacy(where_, "has two tensors for " + shown(name));
      tensors_.set(std::move(name), *tensor);
    }
  }

  const Hdf5Group& weights_;
  std::string_view where_;
  Kinds kinds_;
  StateDict tensors_;
};

void copy_text(const Hdf5Group& from, const std::string& key, Metadata& to) {
  if (const std::string_view text = from.text(key); !text.empty()) to.emplace(key, text);
}

}  // namespace

std::optional<std::vector<std::string>> joined_attribute(const Hdf5Group& group, std::string_view name) {
  if (const auto whole = group.attributes.find(name); whole != group.attributes.end()) return whole->second;
  std::optional<std::vector<std::string>> joined;
  for (std::size_t i = 0;; ++i) {
    const auto part = group.attributes.find(std::string(name) + std::to_string(i));
    if (part == group.attributes.end()) return joined;
    if (!joined) joined.emplace();
    joined->insert(joined->end(), part->second.begin(), part->second.end());
  }
}

bool is_legacy_file(const Hdf5Group& root) {
  const Hdf5Group* const weights = root.group("model_weights");
  return weights != nullptr || joined_attribute(root, "layer_names").has_value();
}

WeightFile read_legacy_file(const Hdf5Group& root, std::string_view where) {
  const Hdf5Group* const whole_model = root.group("model_weights");
  const Hdf5Group& weights = whole_model == nullptr ? root : *whole_model;
  WeightFile file;
  file.format = "Keras HDF5";
  for (const char* const key : {"keras_version", "backend"}) copy_text(weights, key, file.metadata);
  for (const char* const key : {"keras_version", "backend", "model_config"}) copy_text(root, key, file.metadata);
  LegacyKerasFile legacy(weights, where);
  if (const std::string_view text = root.text("model_config"); !text.empty()) {
    if (const auto model = parse_model_config(text)) {
      legacy.set_config(*model);
    } else {
      file.notes.emplace_back("the attribute model_config is not a model configuration and was ignored");
    }
  }
  file.tensors = legacy.tensors();
  if (root.group("optimizer_weights") != nullptr) file.notes.emplace_back("the optimizer's variables were ignored");
  return file;
}

}  // namespace enxerto
