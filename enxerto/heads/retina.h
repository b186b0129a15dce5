#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/anchor_boxes.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The widths of its towers' convolutions where none are asked for.
inline constexpr std::array<std::int64_t, 2> kRetinaTowers{96, 96};

/// The head of RetinaNet (Lin et al. 2017, arXiv:1708.02002; torchvision's retinanet.py) on any network's maps: a
/// feature pyramid (Lin et al. 2016, arXiv:1612.03144), to which smaller maps are added behind the last, five in all,
/// and a tower of convolutions for the classes and one for the boxes, the same on all of them. `HeadSpec::hidden` are
/// the widths of a tower's convolutions, all equal to that of the pyramid; empty: `kRetinaTowers`. With `batch_norm`
/// each map has a normalisation of its own behind each convolution, of the pyramid too.
///
/// Outputs: "head.logits" (batch, boxes, classes + 4), of each anchor the scores of the classes and the box code, and
/// "probabilities" (batch, boxes, 4 + classes): left, top, right, bottom in the input, px, then the sigmoids. Nodes and
/// parameters are "head.pyramid0.lateral", "head.pyramid0" .. "head.class.tower0", "head.class", "head.box" ... Class
/// scores begin at a probability of 0.01. Throws Error{usage} for features without maps, and other fields of the spec.
Blueprint retina_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

/// The same behind the maps of the network that is being written.
void add_retina(GraphBuilder& net, const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

/// The one that a network with these parameters has, with the widths of its towers.
std::optional<HeadSpec> retina_in(const StateDict& parameters);

/// Its anchors: on the first map as large as four of its places.
AnchorSpec retina_anchors(const HeadFeatures& features);

}  // namespace enxerto
