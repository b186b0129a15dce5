#pragma once
#include <optional>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/graph/role.h"

namespace enxerto {

/// What a parameter begins with that its slot does not say: normal numbers around `mean`.
struct StartingValues {
  double mean = 0, deviation = 0;
};

/// A parameter that a network wants: what it is called, how large it is and what it is for.
struct ParameterSpec {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  Role role = Role::weight;
  std::optional<StartingValues> start = {};
};

/// What does not fit between a network and a state dict, all of it at once.
struct LoadReport {
  std::vector<std::string> missing;     ///< the network wants it, the file has it not
  std::vector<std::string> unexpected;  ///< the file has it, the network wants it not
  std::vector<std::string> mismatched;  ///< "name: found float32 (3, 4), expected float32 (4, 3)"

  bool fits() const { return missing.empty() && unexpected.empty() && mismatched.empty(); }

  /// One line: each list that is not empty with its number and its first ten names.
  std::string summary() const;
};

/// A network before its weights are there: a graph whose `parameters` are empty, and what they must be.
struct Blueprint {
  Graph graph;
  std::vector<ParameterSpec> parameters;

  /// Compares names, shapes and types. A floating-point parameter takes any floating-point type.
  LoadReport compare(const StateDict& weights) const;

  /// The network with its parameters, in the order of the blueprint; half precision and float64 become the dtype of the
  /// blueprint (float32), all else is shared. Throws Error{weights} with the whole report, naming `where`, unless
  /// everything fits.
  Graph fill(const StateDict& weights, std::string_view where = "weights") const;
};

}  // namespace enxerto
