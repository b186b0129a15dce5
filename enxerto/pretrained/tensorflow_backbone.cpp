#include "enxerto/pretrained/tensorflow_backbone.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/pretrained/known_graphs.h"
#include "enxerto/pretrained/onnx/picture_network.h"
#include "enxerto/tensorflow/import.h"

namespace enxerto {

bool is_tensorflow_graph(const std::filesystem::path& path) { return !tensorflow_graph_file(path).empty(); }

Backbone tensorflow_backbone(const std::filesystem::path& path, const LoadOptions& options) {
  const std::filesystem::path file = tensorflow_graph_file(path);
  TensorFlowModel model = read_tensorflow(file);
  Backbone backbone;
  backbone.notes = std::move(model.notes);
  backbone.spec.preprocessor = image_preprocessor({});
  const KnownGraph* const known = known_graph(model.graph);
  if (known != nullptr) {
    backbone.spec.preprocessor = patched(*backbone.spec.preprocessor, {{"normalise", known->normalise}}, file.string());
    if (!options.pixels_are_told)
      backbone.notes.push_back(
          fmt::format("known by its outputs as {}: its pixels are normalised as by input.normalise = \"{}\"",
                      known->name, known->normalise));
  }
  read_picture_network(
      {.graph = std::move(model.graph), .states_preprocessing = known != nullptr, .where = file.string()}, options,
      backbone);
  const std::string folder = std::filesystem::absolute(file).parent_path().filename().string();
  backbone.spec.name = backbone.spec.architecture = backbone.graph.name = folder.empty() ? "model" : folder;
  backbone.spec.source = "own";
  backbone.spec.naming = "tensorflow";
  backbone.spec.file = file.filename().string();
  backbone.weights_file = file.string();
  backbone.sha256 = sha256(MappedFile(file, ErrorKind::weights).bytes());
  return backbone;
}

}  // namespace enxerto
