#include "enxerto/weights/keras/model_config.h"

#include <unordered_map>

#include "enxerto/files/json.h"
#include "enxerto/weights/keras/layer_class.h"

namespace enxerto {
namespace {

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_boolean() || found->get<bool>();
}

KerasLayer layer_in(const Json& entry);

/// Gives each layer the name that Keras's saving gives it: the class, numbered from the second of a class on.
std::vector<KerasLayer> layers_in(const Json& list) {
  std::vector<KerasLayer> layers;
  std::unordered_map<std::string, std::size_t> seen;
  for (const Json& entry : list) {
    layers.push_back(layer_in(entry));
    KerasLayer& layer = layers.back();
    const std::size_t number = seen[layer.kind]++;
    layer.component = number == 0 ? layer.kind : layer.kind + "_" + std::to_string(number);
  }
  return layers;
}

KerasLayer layer_in(const Json& entry) {
  KerasLayer layer;
  if (!entry.is_object()) return layer;
  layer.kind = snake_case(text(entry, "class_name"));
  const auto config = entry.find("config");
  if (config == entry.end()) return layer;
  // Before Keras 2.2.3 the configuration of a Sequential was the list of its layers itself.
  if (config->is_array()) layer.layers = layers_in(*config);
  if (!config->is_object()) return layer;
  layer.name = text(*config, "name");
  layer.scale = flag(*config, "scale");
  layer.center = flag(*config, "center");
  if (const auto list = config->find("layers"); list != config->end() && list->is_array())
    layer.layers = layers_in(*list);
  if (const auto inner = config->find("layer"); inner != config->end() && inner->is_object())
    layer.wrapped.push_back(layer_in(*inner));
  return layer;
}

}  // namespace

std::optional<KerasLayer> parse_model_config(std::string_view text) {
  try {
    const Json config = parse_json(text, "model_config");
    if (!config.is_object() || !config.contains("class_name")) return std::nullopt;
    return layer_in(config);
  } catch (const Error&) {
    // Python writes numbers that JSON has not, such as Infinity. The configuration only helps to name variables.
    return std::nullopt;
  }
}

}  // namespace enxerto
