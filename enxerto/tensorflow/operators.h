#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/tensorflow/graph_def.h"
#include "enxerto/tensorflow/node_writer.h"

namespace enxerto {

/// How an operation of TensorFlow is written: what the node takes is there, and what it makes is given to `writer`.
/// Throws Error{weights} naming the node for what it does not do.
using TfWrite = void (*)(const TfNode& node, NodeWriter& writer);
struct TfOperatorRow {
  std::string_view op;
  TfWrite write;
};

/// The rows, one family of operations a file.
std::span<const TfOperatorRow> tf_elementwise_operators();
std::span<const TfOperatorRow> tf_window_operators();
std::span<const TfOperatorRow> tf_layout_operators();
std::span<const TfOperatorRow> tf_matrix_operators();
std::span<const TfOperatorRow> tf_index_operators();

/// The row of an operation; nullptr where it is not read.
const TfOperatorRow* find_tf_operator(std::string_view op);

/// Names of all that are read, in alphabetical order: "Add, AddV2, ..".
std::string tf_operator_names();

/// How the maps of a node lie, by its attribute "data_format".
struct MapLayout {
  DimensionOrder order;     ///< in which a value is held as (batch, channels, height, width)
  std::size_t spatial = 1;  ///< the dimension in the file that is the height
};
MapLayout map_layout(const TfNode& node);

/// The dimension counted from the front. Throws where there is none.
std::size_t axis_of(const TfNode& node, std::int64_t axis, std::size_t rank);

/// A constant that is broadcast to a value of `rank` dimensions held in `order`, as it lies beside that.
Tensor beside(const Tensor& tensor, std::size_t rank, const DimensionOrder& order);

/// Adds a constant to what a convolution or a dense layer makes by giving that a bias; false where it cannot be its
/// bias.
bool add_as_bias(const TfNode& node, NodeWriter& writer, const HeldValue& value, const HeldValue& bias);

/// A value behind the activation that TensorFlow calls so ("Relu6"): the same name for none (""). `slope`: the input
/// that holds the slopes of a Prelu.
std::string activated(const TfNode& node, NodeWriter& writer, std::string_view activation, const HeldValue& value,
                      std::size_t slope, float alpha);

}  // namespace enxerto
