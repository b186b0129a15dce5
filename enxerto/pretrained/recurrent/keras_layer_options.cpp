#include "enxerto/pretrained/recurrent/keras_layer_options.h"

#include <array>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/json.h"
#include "enxerto/pretrained/recurrent/recurrent_cells.h"

namespace enxerto {
namespace {

/// An option of a layer's configuration, and what is computed here.
struct LayerOption {
  std::string_view name, usual;
};
constexpr std::array<LayerOption, 4> kOptions{{{"activation", "\"tanh\""},
                                               {"recurrent_activation", "\"sigmoid\""},
                                               {"go_backwards", "false"},
                                               {"merge_mode", "\"concat\""}}};

constexpr std::array<std::string_view, 4> kClasses{"LSTM", "GRU", "SimpleRNN", "Bidirectional"};

bool is_recurrent(const Json& layer) {
  const auto name = layer.find("class_name");
  if (name == layer.end() || !name->is_string()) return false;
  for (const std::string_view known : kClasses)
    if (name->get_ref<const std::string&>() == known) return true;
  return false;
}

void check_layer(const Json& config, bool in_bidirectional, std::string_view where) {
  const std::string path =
      config.contains("name") && config["name"].is_string() ? config["name"].get<std::string>() : "";
  for (const LayerOption& option : kOptions) {
    const auto found = config.find(option.name);
    if (found == config.end() || found->is_null() || *found == Json::parse(option.usual)) continue;
    if (option.name == "go_backwards" && in_bidirectional) continue;
    refuse_cell(where, path, fmt::format("{} {}", option.name, found->dump(-1, ' ', true).substr(0, 80)),
                std::string(option.usual));
  }
}

void walk_layers(const Json& value, bool in_bidirectional, std::string_view where) {
  if (value.is_array())
    for (const Json& element : value) walk_layers(element, in_bidirectional, where);
  if (!value.is_object()) return;
  const bool recurrent = is_recurrent(value);
  const auto config = value.find("config");
  if (recurrent && config != value.end() && config->is_object()) check_layer(*config, in_bidirectional, where);
  const bool inside = in_bidirectional || (recurrent && value["class_name"] == "Bidirectional");
  for (const auto& [_, member] : value.items()) walk_layers(member, inside, where);
}

}  // namespace

void require_usual_layers(std::string_view model_config, std::string_view where) {
  Json config;
  try {
    config = parse_json(model_config, where);
  } catch (const Error&) {
    return;
  }
  walk_layers(config, false, where);
}

}  // namespace enxerto
