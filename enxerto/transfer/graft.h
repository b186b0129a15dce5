#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/graph.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/heads/head.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// The value that enters the stage "head" of a network; its output where it has no such stage, as a network that was
/// saved without its top. Where it has tokens and the network's input "attention_mask" says which of them count, that
/// is its mask. It is what `head_network` takes. Throws Error{weights} where it is not one value of (batch, channels,
/// ..).
HeadFeatures before_head(const Graph& network);

/// What a head of that kind takes: the same, or, where it takes maps, those of `HeadSpec::features`. Throws as
/// `stage_maps` too.
HeadFeatures before_head(const Graph& network, const HeadSpec& head);

/// The network up to that value.
Graph up_to_features(const Graph& network);

/// The head that a task wants before the features of `network`, without its weights.
Blueprint head_of(const Task& task, const Graph& network);

/// Whether `network` has all of the head's weights: it can do the task.
bool has_head(const Graph& network, const Blueprint& head);

/// What it begins with: random weights, or, of one that is not new (`TaskKind::begins_able`) or that `network` has one
/// of the same kind of (`head_in`), those that `network` has of its names and shapes.
StateDict head_parameters(const Task& task, const Blueprint& head, const Graph& network, const InitialOptions& options);

/// Units of the head's last layer ("head.weight", "head.bias") that stand for what a unit of the network's own stood
/// for, `former`, begin as that one; of how many that holds.
std::size_t keep_known_units(StateDict& parameters, const Graph& network, const std::vector<std::string>& former,
                             const std::vector<std::string>& units);

/// `network` with everything from its stage "head" on replaced by `head`, a `head_network` of `before_head(network)`
/// with these parameters; the outputs are the head's. What the head takes beside the features are inputs of `network`,
/// and a parameter of its that `network` has too is that one (tied weights). Throws Error{weights} where the parameters
/// are not the head's.
Graph graft_head(const Graph& network, const Blueprint& head, const StateDict& parameters);

/// Drops every output but "probabilities".
void keep_answer(Graph& network);

/// The part of `network` that runs once an example where only a head with this pooling is trained, up to the pooled
/// features.
Graph frozen_part(const Graph& network, const std::string& pool = "avg");

/// The same for any head.
Graph frozen_part(const Graph& network, const HeadSpec& head);

/// The same before the head of a task.
Graph frozen_part(const Graph& network, const TaskKind& kind, const HeadSpec& head);

}  // namespace enxerto
