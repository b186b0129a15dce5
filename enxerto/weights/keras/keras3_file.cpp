#include "enxerto/weights/keras/keras3_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/keras/layer_class.h"
#include "enxerto/weights/keras/layer_variables.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::string_view kVariables = "vars";
/// Groups that hold the layers of a model and are no layer themselves; the second is TensorFlow 2.12's and 2.13's.
constexpr std::array<std::string_view, 2> kLists = {"layers", "_layer_checkpoint_dependencies"};
constexpr std::array<std::string_view, 3> kWrapped = {"layer", "forward_layer", "backward_layer"};

/// What stands next to the network's own variables, at the root of a file.
struct Beside {
  std::string_view group, note;
};
constexpr Beside kBeside[] = {{"optimizer", "the optimizer's variables were ignored"},
                              {"_optimizer", "the optimizer's variables were ignored"},
                              {"metrics", "the metrics' variables were ignored"},
                              {"_metrics", "the metrics' variables were ignored"},
                              {"compile_metrics", "the metrics' variables were ignored"},
                              {"_compile_metrics", "the metrics' variables were ignored"},
                              {"_loss_tracker", "the metrics' variables were ignored"}};

/// Layers that are attributes of others are stored under the attribute, which tells their class.
struct AttributeClass {
  std::string_view attribute, kind;
};
constexpr AttributeClass kAttributeClasses[] = {
    {"cell", "lstm_cell"},           {"query_dense", "einsum_dense"},  {"key_dense", "einsum_dense"},
    {"value_dense", "einsum_dense"}, {"output_dense", "einsum_dense"}, {"_query_dense", "einsum_dense"},
    {"_key_dense", "einsum_dense"},  {"_value_dense", "einsum_dense"}, {"_output_dense", "einsum_dense"}};

bool is_list(const Hdf5Group& group) { return std::ranges::find(kLists, group.name) != kLists.end(); }

bool has_variables(const Hdf5Group& group) {
  return std::ranges::any_of(group.groups, [](const Hdf5Group& child) {
    return (child.name == kVariables && !child.tensors.empty()) || has_variables(child);
  });
}

/// A layer on the way down.
struct Place {
  std::string name, path;      ///< of the tensors below it; `path` in the file's own words
  std::string_view kind = {};  ///< empty where it is not known
  const KerasLayer* config = nullptr;
};

std::string joined(const std::string& a, std::string_view b) {
  return a.empty() ? std::string(b) : a + "/" + std::string(b);
}

std::size_t position_in(const KerasLayer* model, std::string_view component) {
  if (model == nullptr) return 0;
  const auto found = std::ranges::find(model->layers, component, &KerasLayer::component);
  return to_size(found - model->layers.begin());
}

/// In the order of the model where that is known, else class by class, numbers as numbers.
std::vector<const Hdf5Group*> in_order(const Hdf5Group& list, const KerasLayer* model) {
  std::vector<const Hdf5Group*> order;
  for (const Hdf5Group& group : list.groups) order.push_back(&group);
  std::ranges::sort(order, {}, [&](const Hdf5Group* group) {
    const NumberedName parts = numbered(group->name);
    return std::tuple(position_in(model, group->name), parts.base, parts.number, std::string_view(group->name));
  });
  return order;
}

std::vector<const Hdf5Tensor*> by_number(const Hdf5Group& group) {
  std::vector<const Hdf5Tensor*> order;
  for (const Hdf5Tensor& variable : group.tensors) order.push_back(&variable);
  std::ranges::sort(order, {}, [](const Hdf5Tensor* variable) {
    return std::tuple(variable->name.size(), std::string_view(variable->name));
  });
  return order;
}

bool are_numbered(std::span<const Hdf5Tensor* const> variables) {
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i]->name != std::to_string(i)) return false;
  }
  return true;
}

std::string_view kind_of(const Hdf5Group& layer, std::string_view stored_name, const KerasLayer* config) {
  if (config != nullptr) return config->kind;
  for (const AttributeClass& known : kAttributeClasses) {
    if (layer.name == known.attribute) return known.kind;
  }
  for (const std::string_view name : {std::string_view(layer.name), stored_name}) {
    if (const std::string_view base = numbered(name).base; has_known_variables(base)) return base;
  }
  return {};
}

class Keras3File {
 public:
  Keras3File(WeightFile& file, std::string_view where) : file_(file), where_(where) {}

  void visit(const Hdf5Group& group, const Place& place) {
    for (const Hdf5Group* const child : in_order(group, nullptr)) {
      if (child->name == kVariables) {
        add_variables(*child, place);
      } else if (is_list(*child)) {
        for (const Hdf5Group* const layer : in_order(*child, place.config))
          visit_layer(*layer, place, listed(*layer, place));
      } else if (!is_left_out(*child, place)) {
        visit_layer(*child, place, wrapped(*child, place));
      }
    }
  }

 private:
  static const KerasLayer* listed(const Hdf5Group& layer, const Place& model) {
    if (model.config == nullptr) return nullptr;
    const auto& layers = model.config->layers;
    const auto found = std::ranges::find(layers, layer.name, &KerasLayer::component);
    return found == layers.end() ? nullptr : &*found;
  }

  static const KerasLayer* wrapped(const Hdf5Group& layer, const Place& wrapper) {
    const bool inside = std::ranges::find(kWrapped, layer.name) != kWrapped.end();
    return inside && wrapper.config != nullptr && !wrapper.config->wrapped.empty() ? &wrapper.config->wrapped.front()
                                                                                   : nullptr;
  }

  void visit_layer(const Hdf5Group& layer, const Place& parent, const KerasLayer* config) {
    const Hdf5Group* const variables = layer.group(kVariables);
    std::string_view name = variables == nullptr ? std::string_view() : variables->text("name");
    const std::string_view kind = kind_of(layer, name, config);
    if (name.empty() && config != nullptr) name = config->name;
    if (name.empty()) name = layer.name;
    visit(layer,
          {.name = joined(parent.name, name), .path = joined(parent.path, layer.name), .kind = kind, .config = config});
  }

  void add_variables(const Hdf5Group& group, const Place& place) {
    const auto variables = by_number(group);
    const auto names = are_numbered(variables) ? variable_names(place.kind, place.config, variables) : std::nullopt;
    const std::string layer = place.name.empty() ? std::string(group.text("name")) : place.name;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      const std::string& variable = names ? (*names)[i] : variables[i]->name;
      std::string name = joined(layer, variable);
      // Layers may share a name in networks that are no plain list of layers; their places in the file differ.
      if (file_.tensors.contains(name)) name = joined(place.path, variable);
      if (file_.tensors.contains(name))
        throw_weights_error(where_, {.found = "has two tensors for " + shown(name), .expected = "one"});
      file_.tensors.set(std::move(name), variables[i]->tensor);
    }
    if (names && place.config == nullptr && place.kind == "batch_normalization" && names->size() == 3)
      note("batch normalisations with three variables are assumed to have no gamma");
  }

  bool is_left_out(const Hdf5Group& group, const Place& place) {
    if (group.name == "seed_generator") {
      if (has_variables(group)) note("the states of random generators were ignored");
      return true;
    }
    const auto* const beside = std::ranges::find(kBeside, group.name, &Beside::group);
    if (!place.path.empty() || beside == std::end(kBeside)) return false;
    note(beside->note);
    return true;
  }

  void note(std::string_view text) {
    if (std::ranges::find(file_.notes, text) == file_.notes.end()) file_.notes.emplace_back(text);
  }

  WeightFile& file_;
  std::string_view where_;
};

}  // namespace

bool is_keras3_file(const Hdf5Group& root) { return root.group(kVariables) != nullptr || has_variables(root); }

WeightFile read_keras3_file(const Hdf5Group& root, const KerasLayer* model, std::string_view where) {
  WeightFile file;
  file.format = "Keras 3 weights";
  Keras3File(file, where).visit(root, {.name = "", .path = "", .kind = {}, .config = model});
  return file;
}

}  // namespace enxerto
