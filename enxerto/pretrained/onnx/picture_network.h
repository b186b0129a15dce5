#pragma once
#include <string>
#include <unordered_map>

#include "enxerto/graph/graph.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// A network that takes one picture, as a file of any exporter has it.
struct PictureNetwork {
  Graph graph;
  std::unordered_map<std::string, std::string> scopes = {};  ///< by node name: the module that it comes from
  bool states_preprocessing = false;                         ///< `Backbone::spec.preprocessor` is what the file says
  std::string where;
};

/// Fills in the graph and the preprocessing of `backbone`, and the number of its outputs; `notes` says what was
/// assumed. A classifier keeps its logits. A network of predictions at many places (a detector) gives the maps that
/// those are made from (`prediction_maps`), its own head is left out. Throws Error{weights} and Error{usage} as
/// `onnx_backbone`.
void read_picture_network(PictureNetwork network, const LoadOptions& options, Backbone& backbone);

}  // namespace enxerto
