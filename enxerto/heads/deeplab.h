#pragma once
#include <cstdint>
#include <optional>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The head of DeepLabV3 (Chen et al. 2017, arXiv:1706.05587) as torchvision's DeepLabHead has it, on one map: side by
/// side a pointwise convolution, three of 3 x 3 with holes and the mean of the whole map, 256 channels each; then
/// together to 256, dropout of 0.5, a 3 x 3 convolution, and scores of the classes by a pointwise one. Every
/// convolution but the last is normalised and followed by a ReLU. The holes are 12, 24 and 36 wide where the map is an
/// eighth of the input, and scaled with it elsewhere; where the network had such a head (`HeadFeatures::former`), they
/// are its own. Outputs as those of `lraspp_network`. Nodes and parameters are "head.aspp0" .. "head.aspp4",
/// "head.project", "head.refine" and "head.scores", the normalisations with ".norm" behind it. Throws as `fcn_network`.
Blueprint deeplab_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

/// The same behind the maps of `features` in a network that is being written.
void add_deeplab(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes);

/// See `HeadKind::found`.
std::optional<HeadSpec> deeplab_in(const StateDict& parameters);

}  // namespace enxerto
