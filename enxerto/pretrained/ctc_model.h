#pragma once
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/graph/graph.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// The network with a head of connectionist temporal classification behind its output, (batch, frames, width): the
/// stage "head" of "head.weight" (units, width) and "head.bias", whose answers are called "logits".
Graph with_ctc_head(const Graph& network, const StateDict& head);

/// A network with such a head as a model that can be run, for a task that writes with `Backbone::units`.
Bundle ctc_model(const Backbone& backbone, std::string_view task);

}  // namespace enxerto
