#include "enxerto/pretrained/onnx/picture_network.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/own_parameters.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/pretrained/onnx/classifier_head.h"
#include "enxerto/pretrained/onnx/find_stages.h"
#include "enxerto/pretrained/onnx/input_arithmetic.h"
#include "enxerto/pretrained/onnx/joined_classifiers.h"
#include "enxerto/pretrained/onnx/one_output.h"
#include "enxerto/pretrained/onnx/picture_input.h"
#include "enxerto/pretrained/onnx/prediction_maps.h"
#include "enxerto/pretrained/sound_parameters.h"

namespace enxerto {
namespace {

/// Where the file does not state its preprocessing: what its first operations and the type of its input tell. Nothing
/// need be said where the caller knows it better.
PreprocessorPtr told_preprocessing(const Graph& graph, bool takes_bytes, bool pixels_are_told,
                                   std::vector<std::string>& notes) {
  const std::optional<InputArithmetic> first = input_arithmetic(graph);
  const float range = takes_bytes ? kWhite : first ? pixel_range(*first) : 0;
  if (range > 0) {
    notes.push_back(fmt::format("the file {}: it is given pixels of 0 to {:g}",
                                first ? "normalises its input itself, " + to_string(*first) : "takes bytes", range));
    return image_preprocessor({.divisor = kWhite / range, .mean = {0, 0, 0}, .deviation = {1, 1, 1}});
  }
  if (pixels_are_told) return image_preprocessor({});
  notes.emplace_back(
      "the file does not state its preprocessing: using ImageNet's mean and standard deviation, red first "
      "(input.normalise says otherwise)");
  if (first)
    notes.push_back(
        fmt::format("the file changes its input first, {}: if it expects pixels of 0 to 1 or of 0 to 255, set "
                    "input.normalise to unit or none",
                    to_string(*first)));
  return image_preprocessor({});
}

/// The value that leaves the network gets the name that all backbones give it.
void name_output(Graph& graph, const std::string& name) {
  const std::string old = graph.outputs[0].name;
  for (Node& node : graph.nodes) {
    std::replace(node.inputs.begin(), node.inputs.end(), old, name);
    std::replace(node.outputs.begin(), node.outputs.end(), old, name);
  }
  graph.outputs[0].name = name;
}

/// As files that Enxerto has exported.
bool has_stages(const Graph& graph) {
  const std::vector<std::string> stages = graph.stages();
  return stages.size() > 1 && stages.back() == kHeadStage;
}

Graph with_head_stage(Graph graph, const std::unordered_map<std::string, std::string>& scopes, bool& classifies,
                      std::vector<std::string>& notes) {
  ClassifierHead head = find_head(graph);
  classifies = head.classifies;
  if (has_stages(graph)) return graph;
  graph = with_turned_features(std::move(graph), head);
  if (head.begin == graph.nodes.size()) {
    const Value output = graph.outputs[0];
    notes.push_back(
        fmt::format("no place was found where one value enters a classifier: what a new head learns from is "
                    "the network's own output, {} a picture",
                    counted(output.shape.size() == 2 ? to_size(output.shape[1].size) : 1, "number")));
    graph.nodes.push_back(
        {"features/flat", "Flatten", "", {output.name}, {"features/flat"}, {{"axis", std::int64_t{1}}}});
    graph.outputs[0].name = "features/flat";
  }
  return with_found_stages(std::move(graph), head.begin, scopes);
}

/// A network that predicts at many places gives the maps that its predictions are made from.
Graph without_predictions(Graph graph, Backbone& backbone) {
  const std::vector<Value> maps = prediction_maps(graph);
  if (maps.empty()) return graph;
  for (const Value& output : graph.outputs) backbone.left_out.push_back(output.name);
  backbone.notes.push_back(note_of_maps(graph, maps));
  return with_map_stages(std::move(graph), maps);
}

}  // namespace

void read_picture_network(PictureNetwork network, const LoadOptions& options, Backbone& backbone) {
  const std::string& where = network.where;
  const bool takes_bytes = network.graph.inputs.size() == 1 && network.graph.inputs[0].dtype == DType::u8;
  Graph graph = with_picture_input(without_predictions(std::move(network.graph), backbone),
                                   {.where = where,
                                    .size = options.size,
                                    .fallback = input_size(*backbone.spec.preprocessor),
                                    .notes = &backbone.notes});
  if (!network.states_preprocessing)
    backbone.spec.preprocessor = told_preprocessing(graph, takes_bytes, options.pixels_are_told, backbone.notes);
  graph = with_joined_classifiers(with_one_output(std::move(graph), where, backbone.notes));
  bool classifies = false;
  if (backbone.left_out.empty()) graph = with_head_stage(std::move(graph), network.scopes, classifies, backbone.notes);
  graph = with_own_parameters(graph);
  name_output(graph, classifies ? "logits" : "features");
  check(graph);
  require_sound(graph, graph.parameters, where);
  const SymbolicShape shape = infer_shapes(graph).at(graph.outputs[0].name).shape;
  backbone.spec.outputs = classifies ? static_cast<int>(shape[1].size) : 0;
  backbone.spec.preprocessor = patched(*backbone.spec.preprocessor, {{"size", graph.inputs[0].shape[2].size}}, where);
  backbone.graph = std::move(graph);
}

}  // namespace enxerto
