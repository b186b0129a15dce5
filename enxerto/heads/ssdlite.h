#pragma once
#include <cstdint>
#include <optional>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/default_boxes.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The head of SSDlite (Sandler et al. 2018, arXiv:1801.04381; torchvision's ssdlite.py) on any network's maps: behind
/// the last of them smaller and smaller ones, to one of a single place, six maps at most; on each of them a depthwise
/// and a pointwise convolution for the classes and for the boxes. Outputs: "head.logits" (batch, boxes, classes + 5),
/// scores of background and classes and the box code of each default box, and "probabilities" (batch, boxes, 4 +
/// classes): left, top, right, bottom in the input, px, then the softmax without background. Nodes and parameters are
/// "head.extra0.reduce" .. and "head.map0.class.depthwise" ... Throws Error{usage} for features without maps.
Blueprint ssdlite_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

/// The same behind the maps of the network that is being written.
void add_ssdlite(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes);

/// The one that a network with these parameters has.
std::optional<HeadSpec> ssdlite_in(const StateDict& parameters);

/// Its default boxes.
DefaultBoxSpec ssdlite_boxes(const HeadFeatures& features);

}  // namespace enxerto
