#include "enxerto/pretrained/onnx_backbone.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/own_parameters.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/media/text/vocabulary_fit.h"
#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/onnx/classifier_head.h"
#include "enxerto/pretrained/onnx/find_stages.h"
#include "enxerto/pretrained/onnx/input_arithmetic.h"
#include "enxerto/pretrained/onnx/joined_classifiers.h"
#include "enxerto/pretrained/onnx/one_output.h"
#include "enxerto/pretrained/onnx/picture_input.h"
#include "enxerto/pretrained/onnx/recurrent_stages.h"
#include "enxerto/pretrained/onnx/token_input.h"
#include "enxerto/pretrained/sound_parameters.h"

namespace enxerto {
namespace {

constexpr const char* kPreprocess = "enxerto.preprocess";

/// Preprocessing and labels as `export_onnx` writes them; ImageNet's otherwise.
void read_metadata(const OnnxModel& model, const std::string& where, Backbone& backbone) {
  const auto preprocess = model.metadata.find(kPreprocess);
  backbone.spec.preprocessor =
      preprocess == model.metadata.end()
          ? image_preprocessor({})
          : preprocessor_from_record(parse_json(preprocess->second, where, ErrorKind::weights), where);
  const auto labels = model.metadata.find("enxerto.labels");
  if (labels == model.metadata.end()) return;
  const Json list = parse_json(labels->second, where, ErrorKind::weights);
  for (const Json& label : list)
    if (label.is_string()) backbone.spec.labels.push_back(label.get<std::string>());
}

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
  notes.emplace_back("the file does not state its preprocessing: using ImageNet's mean and standard deviation");
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

Graph with_head_stage(Graph graph, const OnnxModel& model, bool& classifies, std::vector<std::string>& notes) {
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
  return with_found_stages(std::move(graph), head.begin, model.scopes);
}

/// The graph and the preprocessing of a network that takes one picture.
void read_picture_network(OnnxModel model, const std::string& where, const LoadOptions& options, Backbone& backbone) {
  const bool takes_bytes = model.graph.inputs.size() == 1 && model.graph.inputs[0].dtype == DType::u8;
  Graph graph = with_picture_input(std::move(model.graph), {.where = where,
                                                            .size = options.size,
                                                            .fallback = input_size(*backbone.spec.preprocessor),
                                                            .notes = &backbone.notes});
  if (!model.metadata.contains(kPreprocess))
    backbone.spec.preprocessor = told_preprocessing(graph, takes_bytes, options.pixels_are_told, backbone.notes);
  graph = with_joined_classifiers(with_one_output(std::move(graph), where, backbone.notes));
  bool classifies = false;
  graph = with_own_parameters(with_head_stage(std::move(graph), model, classifies, backbone.notes));
  name_output(graph, classifies ? "logits" : "features");
  check(graph);
  require_sound(graph, graph.parameters, where);
  const SymbolicShape shape = infer_shapes(graph).at(graph.outputs[0].name).shape;
  backbone.spec.outputs = classifies ? static_cast<int>(shape[1].size) : 0;
  backbone.spec.preprocessor = patched(*backbone.spec.preprocessor, {{"size", graph.inputs[0].shape[2].size}}, where);
  backbone.graph = std::move(graph);
}

/// The same of one that takes tokens, whose tokenizer lies next to it.
void read_token_network(OnnxModel model, const std::string& where, const LoadOptions& /*options*/, Backbone& backbone) {
  Graph graph = with_token_input(std::move(model.graph), where, backbone.notes);
  if (graph.stages().size() < 2) graph = with_recurrent_stages(std::move(graph));
  if (graph.stages().size() < 2) graph = with_block_stages(std::move(graph), model.scopes);
  graph = with_own_parameters(graph);
  check(graph);
  require_sound(graph, graph.parameters, where);
  if (!model.metadata.contains(kPreprocess)) {
    const auto takes = [&](std::string_view name) {
      return std::ranges::find(graph.inputs, name, &Value::name) != graph.inputs.end();
    };
    const TextInputs inputs{
        .max_length = position_rows(graph), .token_types = takes("token_type_ids"), .pads = takes("attention_mask")};
    const std::filesystem::path folder = std::filesystem::path(where).parent_path();
    backbone.spec.preprocessor = preprocessor_from_record(text_record(folder, inputs), folder.string());
  }
  const std::int64_t rows = embedding_rows(graph);
  const std::string unlike = rows > 0 ? check_vocabulary(*backbone.spec.preprocessor, rows, where) : "";
  for (const std::string& note : {unlike, note_of_length(*backbone.spec.preprocessor)})
    if (!note.empty()) backbone.notes.push_back(note);
  backbone.graph = std::move(graph);
}

/// What networks take, and how those are read. The first row that fits reads the file.
struct OnnxKind {
  bool (*is)(const Graph& graph);
  void (*read)(OnnxModel model, const std::string& where, const LoadOptions& options, Backbone& backbone);
};
constexpr std::array<OnnxKind, 2> kKinds{
    {{takes_tokens, read_token_network}, {[](const Graph&) { return true; }, read_picture_network}}};

}  // namespace

Backbone onnx_backbone(const std::filesystem::path& file, const LoadOptions& options) {
  const std::string where = file.string();
  OnnxModel model = read_onnx(file);
  Backbone backbone;
  read_metadata(model, where, backbone);
  const auto* const kind = std::ranges::find_if(kKinds, [&](const OnnxKind& row) { return row.is(model.graph); });
  try {
    kind->read(std::move(model), where, options, backbone);
  } catch (const Error& error) {
    const ErrorText& text = error.text();
    if (text.where.starts_with(where)) throw;
    throw Error(error.kind(), {.where = fmt::format("{}: {}", where, text.where),
                               .found = text.found,
                               .expected = text.expected,
                               .tip = text.tip});
  }
  backbone.spec.name = file.stem().string();
  backbone.spec.architecture = backbone.graph.name = file.stem().string();
  backbone.spec.source = "own";
  backbone.spec.naming = "onnx";
  backbone.spec.file = file.filename().string();
  if (std::cmp_not_equal(backbone.spec.labels.size(), backbone.spec.outputs)) backbone.spec.labels.clear();
  backbone.weights_file = where;
  backbone.sha256 = sha256(MappedFile(file, ErrorKind::weights).bytes());
  return backbone;
}

}  // namespace enxerto
