#pragma once
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// An operator of this engine alone: maps, the size (rows, columns) that they are brought to, (batch, 1, rows, columns)
/// of class numbers -> the logarithm of the softmax over the channels, of the class of each place; 0 for numbers below
/// 0.
inline constexpr std::string_view kResizedLogarithms = "ResizedLogSoftmaxOfClass";

/// A loss over pixels brings maps of scores to the size of the targets, and looks at one number of each pixel: where
/// Resize (bilinear, corners not aligned), LogSoftmax and GatherElements follow each other and nothing else needs what
/// is between them, they become one operation that never has maps of that size. A graph without them stays as it is.
Graph with_fused_pixels(const Graph& graph);

}  // namespace enxerto
