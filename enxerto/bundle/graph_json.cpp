#include "enxerto/bundle/graph_json.h"

#include <algorithm>
#include <set>

#include "enxerto/bundle/attribute_json.h"

namespace enxerto {

namespace {

constexpr int kSchemaVersion = 1;

[[noreturn]] void refuse(std::string_view where, std::string found, std::string expected) {
  throw weights_error(std::string(where), std::move(found), std::move(expected));
}

Json value_to_json(const Value& value) {
  Json shape = Json::array();
  for (const Dim& dim : value.shape) shape.push_back(dim.is_symbolic() ? Json(dim.symbol) : Json(dim.size));
  return {{"name", value.name}, {"dtype", name_of(value.dtype)}, {"shape", std::move(shape)}};
}

Json node_to_json(const Node& node) {
  Json json{{"name", node.name}, {"op", node.op}};
  if (!node.stage.empty()) json["stage"] = node.stage;
  json["inputs"] = node.inputs;
  json["outputs"] = node.outputs;
  if (!node.attributes.empty()) {
    Json attributes = Json::object();
    for (const auto& [name, attribute] : node.attributes) attributes[name] = attribute_to_json(attribute);
    json["attributes"] = std::move(attributes);
  }
  return json;
}

void check_keys(const Json& object, const std::set<std::string_view>& known, std::string_view where) {
  if (!object.is_object()) refuse(where, "a value is not an object", "");
  for (const auto& [key, value] : object.items()) {
    if (!known.contains(key)) refuse(where, "unknown key '" + key + "'", "schema version 1");
  }
}

std::string text_of(const Json& object, std::string_view key, std::string_view where) {
  return member<std::string>(object, key, where, ErrorKind::weights);
}

std::vector<std::string> texts_of(const Json& object, std::string_view key, std::string_view where) {
  return member<std::vector<std::string>>(object, key, where, ErrorKind::weights);
}

const Json& list_of(const Json& object, const std::string& key, std::string_view where) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) refuse(where, "'" + key + "' is missing or not a list", "a list");
  return *found;
}

Dim dim_from_json(const Json& json, std::string_view where) {
  if (json.is_string() && !json.get_ref<const std::string&>().empty()) return {json.get<std::string>()};
  constexpr std::int64_t kLargest = std::int64_t{1} << 40;
  if (!json.is_number_integer() || json.get<std::int64_t>() < 0 || json.get<std::int64_t>() > kLargest) {
    refuse(where, "a dimension is " + json.dump().substr(0, 40), "a size or a symbol");
  }
  return {json.get<std::int64_t>()};
}

Value value_from_json(const Json& json, std::string_view where) {
  check_keys(json, {"name", "dtype", "shape"}, where);
  Value value;
  value.name = text_of(json, "name", where);
  const std::string dtype = text_of(json, "dtype", where);
  const auto known = dtype_named(dtype);
  if (!known) refuse(where, "unknown dtype '" + dtype + "'", "float32, int64, ..");
  value.dtype = *known;
  for (const Json& dim : list_of(json, "shape", where)) value.shape.push_back(dim_from_json(dim, where));
  return value;
}

Node node_from_json(const Json& json, std::string_view where) {
  check_keys(json, {"name", "op", "stage", "inputs", "outputs", "attributes"}, where);
  Node node;
  node.name = text_of(json, "name", where);
  node.op = text_of(json, "op", where);
  const std::string here = std::string(where) + ", node '" + node.name + "'";
  if (json.contains("stage")) node.stage = text_of(json, "stage", here);
  node.inputs = texts_of(json, "inputs", here);
  node.outputs = texts_of(json, "outputs", here);
  if (const auto attributes = json.find("attributes"); attributes != json.end()) {
    if (!attributes->is_object()) refuse(here, "'attributes' is not an object", "");
    for (const auto& [name, attribute] : attributes->items()) {
      node.attributes.emplace(name, attribute_from_json(attribute, here + ", attribute '" + name + "'"));
    }
  }
  return node;
}

StateDict pick_parameters(const std::vector<std::string>& names, const StateDict& parameters, std::string_view where) {
  StateDict picked;
  for (const std::string& name : names) {
    const Tensor* tensor = parameters.find(name);
    if (tensor == nullptr)
      refuse(where, "parameter '" + name + "' has no weights", "every parameter among the weights");
    if (picked.contains(name)) refuse(where, "parameter '" + name + "' appears twice", "each once");
    picked.set(name, *tensor);
  }
  for (const auto& [name, tensor] : parameters) {
    if (!picked.contains(name)) refuse(where, "weights '" + name + "' belong to no parameter", "no other weights");
  }
  return picked;
}

}  // namespace

Json graph_to_json(const Graph& graph) {
  Json inputs = Json::array(), outputs = Json::array(), nodes = Json::array(), parameters = Json::array();
  for (const Value& value : graph.inputs) inputs.push_back(value_to_json(value));
  for (const Value& value : graph.outputs) outputs.push_back(value_to_json(value));
  for (const auto& [name, tensor] : graph.parameters) parameters.push_back(name);
  for (const Node& node : graph.nodes) nodes.push_back(node_to_json(node));
  return {{"schema_version", kSchemaVersion},    {"name", graph.name},
          {"inputs", std::move(inputs)},         {"outputs", std::move(outputs)},
          {"parameters", std::move(parameters)}, {"nodes", std::move(nodes)}};
}

Graph graph_from_json(const Json& json, const StateDict& parameters, std::string_view where) {
  check_keys(json, {"schema_version", "name", "inputs", "outputs", "parameters", "nodes"}, where);
  if (!json.contains("schema_version") || json["schema_version"] != kSchemaVersion) {
    throw weights_error(std::string(where), "another schema version", std::to_string(kSchemaVersion),
                        "use the version of enxerto that saved the model");
  }
  Graph graph;
  graph.name = text_of(json, "name", where);
  for (const Json& value : list_of(json, "inputs", where)) graph.inputs.push_back(value_from_json(value, where));
  for (const Json& value : list_of(json, "outputs", where)) graph.outputs.push_back(value_from_json(value, where));
  graph.parameters = pick_parameters(texts_of(json, "parameters", where), parameters, where);
  for (const Json& node : list_of(json, "nodes", where)) graph.nodes.push_back(node_from_json(node, where));
  try {
    check(graph);
  } catch (const Error& error) {
    refuse(where, error.text().where + ": " + error.text().found, error.text().expected);
  }
  return graph;
}

}  // namespace enxerto
