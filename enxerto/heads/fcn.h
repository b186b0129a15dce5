#pragma once
#include <cstdint>
#include <optional>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The head of a fully convolutional network (Long et al. 2014, arXiv:1411.4038) as torchvision's FCNHead has it, on
/// one map: a 3 x 3 convolution to a quarter of its channels, normalisation, ReLU, dropout of 0.1, and scores of the
/// classes by a pointwise convolution, (batch, classes, rows, columns) of the map. Outputs as those of
/// `lraspp_network`. Nodes and parameters are "head.narrow", "head.narrow.norm" and "head.scores". Throws Error{usage}
/// for features without a map of fixed size, for several, and for no class.
Blueprint fcn_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

/// The same behind the maps of `features` in a network that is being written.
void add_fcn(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes);

/// See `HeadKind::found`.
std::optional<HeadSpec> fcn_in(const StateDict& parameters);

}  // namespace enxerto
