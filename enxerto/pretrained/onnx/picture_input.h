#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network from "input" (batch, 3, size, size) of float32, whatever its layout, element type and number of
/// examples are in the file. `size` 0: that of the file; where the file leaves it open, `fallback`, which `notes` says.
struct PictureInput {
  std::string where;
  int size = 0;
  int fallback = 224;
  std::vector<std::string>* notes = nullptr;
};
Graph with_picture_input(Graph graph, const PictureInput& options);

/// All of half precision as float32.
Graph in_float32(Graph graph);

}  // namespace enxerto
