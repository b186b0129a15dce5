#pragma once
#include <ATen/core/Tensor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/operator.h"

namespace enxerto {

/// A place where a value is kept while a graph runs: parameters first, then constants and what is computed.
using Place = std::size_t;
inline constexpr Place kNowhere = SIZE_MAX;  ///< of an optional input that is left out

struct Step {
  Operation operation;
  std::vector<Place> in, out;
  std::vector<Place> last_used;  ///< what nothing needs after this step
  std::string where;             ///< for errors: graph, node, operator
};

/// A graph in which every name is resolved and every attribute is read.
struct RunPlan {
  RunnerOptions options;
  std::string name;
  std::vector<std::string> parameter_names, statistics;
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> values;  ///< constants stay in it between two runs
  std::vector<Place> inputs, outputs;
  std::vector<Step> steps;
  std::unordered_map<std::string, Place> places;

  at::Tensor& at(Place place) {
    return place < parameters.size() ? parameters[place] : values[place - parameters.size()];
  }
};

RunPlan plan_run(const Graph& network, const RunnerOptions& options);

/// On the device, and with channels last where it is a map or a kernel and that is wanted.
at::Tensor placed(const at::Tensor& tensor, const RunnerOptions& options);

}  // namespace enxerto
