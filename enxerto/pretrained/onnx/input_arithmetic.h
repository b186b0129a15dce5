#pragma once
#include <array>
#include <optional>
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// What a network does to the pixels of its input before anything else: x becomes `factor` * x + `offset`, by channel.
struct InputArithmetic {
  std::array<float, 3> factor{1, 1, 1}, offset{0, 0, 0};
};

inline constexpr float kWhite = 255;  ///< a byte's largest value

/// The Sub, Add, Mul and Div by constants that stand right behind the one input, whatever turns it (Cast, Transpose,
/// channels in another order) between them; nullopt where there are none. The graph stays as it is.
std::optional<InputArithmetic> input_arithmetic(const Graph& graph);

/// The value of a white pixel, 1 or 255, for which that is a normalisation: to about -4 to 4 as ImageNet's, or bytes
/// less their mean as Caffe's. 0 where neither or both would be.
float pixel_range(const InputArithmetic& arithmetic);

/// "(x - 0.485) / 0.229", of the first channel.
std::string to_string(const InputArithmetic& arithmetic);

}  // namespace enxerto
