#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

struct GroupOptions {
  double layer_decay = 1;   ///< a stage's rate is this to the power of its distance from the last stage, in stages
  double weight_decay = 0;  ///< of weights with two dimensions or more
  bool decay_all = false;   ///< of biases, norms, embeddings, class tokens and layer scales too
  bool learn_norms = true;  ///< scales and shifts of batch and layer normalisations learn
  const Graph* frozen = nullptr;  ///< what runs before `trained` and stays: so do parameters that both have (tied ones)
};

/// Which parameters of `trained` learn, and how: one group for each distance and decay that occurs, nearest to the head
/// first. `stage_order` names the stages that learn in the whole network's order, the head last; what belongs to other
/// stages (the loss) is constant, and so are running statistics and what is no floating-point number: the role decides,
/// never the name. Throws Error{usage} for a phase that trains nothing.
std::vector<ParameterGroup> parameter_groups(const Graph& trained, std::span<const std::string> stage_order,
                                             const GroupOptions& options = {});

/// Number of values that learn.
std::size_t trained_values(const Graph& trained, std::span<const ParameterGroup> groups);

}  // namespace enxerto
