#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto::testing {

/// An input of floating-point numbers, of which the gradient is asked for.
struct Operand {
  Shape shape;
  double low = -1, high = 1;
};

/// A node of one operator with small inputs: `operands` come first, `constants` after them, "" between them where a
/// slot is left out.
struct OperatorCase {
  std::string name;  ///< of the test; the operator's name up to the first '_'
  std::vector<Operand> operands;
  Attributes attributes = {};
  std::vector<std::pair<std::size_t, Tensor>> constants = {};  ///< by slot
  std::size_t outputs = 1;
  bool forward_engine = true;  ///< the forward engine has this form of it too

  std::string op() const { return name.substr(0, name.find('_')); }
};

/// Every operator that has a gradient, in each of its forms that is computed in a way of its own.
std::vector<OperatorCase> operator_cases();
std::vector<OperatorCase> elementwise_cases();
std::vector<OperatorCase> window_cases();
std::vector<OperatorCase> matrix_and_norm_cases();
std::vector<OperatorCase> recurrent_cases();
std::vector<OperatorCase> moving_cases();  ///< what moves, takes, reduces and resizes

/// The case as a graph of parameters "x0", "x1" .. of type `dtype`, outputs "y0", "y1" ..
Graph graph_of(const OperatorCase& wanted, DType dtype);

}  // namespace enxerto::testing
