#pragma once
#include <cstdint>
#include <optional>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The head of LR-ASPP (Howard et al. 2019, arXiv:1905.02244, section 6.4; torchvision's LRASPPHead) on any network's
/// maps: the deep branch, 128 channels gated by what all of the input has, and the finest map are each scored by a
/// pointwise convolution, and added at the finest map's size. Of more than two maps all but the finest are the deep
/// branch: each goes through its convolution at its own size, is brought to that of the largest of them and added, and
/// the gate sees the means of all. The deep scores are resized after their convolution, which is the same as before it.
/// The finest map is normalised by the batch first, which torchvision's is not: maps of a frozen network have any
/// scale, and scores that begin with its noise keep it for long. Outputs: "head.logits" and "probabilities", both the
/// scores of the classes, (batch, classes, rows, columns) of the finest map. Nodes and parameters are "head.deep",
/// "head.deep.map1" .., "head.gate", "head.deep.scores" and "head.fine.scores". Throws Error{usage} for features
/// without maps, and for no class.
Blueprint lraspp_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

/// The same behind the maps of `features` in a network that is being written.
void add_lraspp(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes);

/// See `HeadKind::found`.
std::optional<HeadSpec> lraspp_in(const StateDict& parameters);

}  // namespace enxerto
