#pragma once
#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/graph.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The value that enters the stage "head" of a network; its output where it has no such stage, as a network that was
/// saved without its top. Where it has tokens and the network's input "attention_mask" says which of them count, that
/// is its mask. It is what `head_network` takes. Throws Error{weights} where it is not one value of (batch, channels,
/// ..).
HeadFeatures before_head(const Graph& network);

/// What a head of that kind takes: the same, or, where it takes maps, those of `HeadSpec::features`. Throws as
/// `stage_maps` too.
HeadFeatures before_head(const Graph& network, const HeadSpec& head);

/// `network` with everything from its stage "head" on replaced by `head`, a `head_network` of what is `before_head`,
/// with these parameters; the outputs are the head's. Throws Error{weights} where the parameters are not the head's.
Graph graft_head(const Graph& network, const Blueprint& head, const StateDict& parameters);

/// Drops every output but "probabilities".
void keep_answer(Graph& network);

/// The part of `network` that runs once an example where only a head with this pooling is trained, up to the pooled
/// features.
Graph frozen_part(const Graph& network, const std::string& pool = "avg");

/// The same for any head.
Graph frozen_part(const Graph& network, const HeadSpec& head);

}  // namespace enxerto
