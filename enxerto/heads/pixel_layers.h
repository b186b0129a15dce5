#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// Throws Error{usage} for features without maps of a fixed size, and for no class.
void require_pixel_maps(const HeadFeatures& features, std::int64_t classes);

/// The one map of a head that takes no more. Throws as `require_pixel_maps`, and for several.
const Value& single_map(const HeadFeatures& features, std::int64_t classes);

/// `x` at the size of `like`: bilinear, corners not aligned; `x` itself where it has it.
std::string brought_to_size(GraphBuilder& net, const std::string& x, const std::string& name, const std::string& like);

/// A convolution `name`, the normalisation name.norm and a ReLU.
std::string normed_conv(GraphBuilder& net, const std::string& x, const ConvSpec& conv);

/// Ends a head whose answer are the scores of each class: the outputs "head.logits" and "probabilities".
void answer_with(GraphBuilder& net, const std::string& scores);

inline constexpr float kNormEpsilonOfMaps = 1e-5F;

}  // namespace enxerto
