#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/base/dtype.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// A value that a node makes: "x:1" is the second of node "x".
struct TfReference {
  std::string node;
  std::size_t output = 0;
};

/// One node of a TensorFlow graph.
struct TfNode {
  std::string name, op;
  std::vector<TfReference> inputs;  ///< without those that only say what runs first
  Json attributes;                  ///< as TensorFlow writes an AttrValue in JSON
};

/// An input or output that the file names.
struct TfEnd {
  std::string name;  ///< without ":0"
  TfReference value;
};

/// A network of TensorFlow as its file says it, in the file's order.
struct GraphDef {
  std::vector<TfNode> nodes;
  std::unordered_map<std::string, std::size_t> by_name;
  std::vector<TfEnd> outputs;  ///< those of its signature; without one, what no node takes
};

/// The graph in a `model.json` of a TensorFlow.js graph model: "modelTopology" and its "signature". Throws
/// Error{weights} naming `where`: no such graph, more nodes or inputs than a network has, names that are there twice or
/// that nothing has.
GraphDef graph_def_of(const Json& model, std::string_view where);

/// Whether the JSON has such a graph.
bool has_graph_def(const Json& model);

/// Attributes of a node; the fallback where it has none of that name. Throw Error{weights} naming the node where it is
/// of another kind.
std::string text_attribute(const TfNode& node, std::string_view name, std::string fallback);
bool flag_attribute(const TfNode& node, std::string_view name, bool fallback);
double number_attribute(const TfNode& node, std::string_view name, double fallback);
std::int64_t integer_attribute(const TfNode& node, std::string_view name, std::int64_t fallback);
std::vector<std::int64_t> integers_attribute(const TfNode& node, std::string_view name);
std::vector<std::string> texts_attribute(const TfNode& node, std::string_view name);

/// The element type that it names, as values of it are held here: whole numbers in 64 bits, half precision as float32.
/// nullopt for types that are not held, and where there is no such attribute.
std::optional<DType> type_attribute(const TfNode& node, std::string_view name);

/// Sizes of a shape, -1 where it is open; nullopt where the rank is not known.
std::optional<std::vector<std::int64_t>> shape_attribute(const TfNode& node, std::string_view name);

/// Throws Error{weights}: "node 'x' (Conv2D)" and what is wrong with it.
[[noreturn]] void refuse_node(const TfNode& node, std::string found, std::string expected);

}  // namespace enxerto
