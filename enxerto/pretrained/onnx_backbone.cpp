#include "enxerto/pretrained/onnx_backbone.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/graph/own_parameters.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/media/text/vocabulary_fit.h"
#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/onnx/line_network.h"
#include "enxerto/pretrained/onnx/picture_network.h"
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

/// The graph and the preprocessing of a network that takes one picture.
void read_pictures(OnnxModel model, const std::string& where, const LoadOptions& options, Backbone& backbone) {
  read_picture_network({.graph = std::move(model.graph),
                        .scopes = std::move(model.scopes),
                        .states_preprocessing = model.metadata.contains(kPreprocess),
                        .where = where},
                       options, backbone);
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
  const std::string unlike =
      rows > 0 ? check_vocabulary(*backbone.spec.preprocessor, rows, where, type_rows(graph)) : "";
  for (const std::string& note : {unlike, note_of_length(*backbone.spec.preprocessor)})
    if (!note.empty()) backbone.notes.push_back(note);
  backbone.graph = std::move(graph);
}

/// What networks take, and how those are read. The first row that fits reads the file.
struct OnnxKind {
  bool (*is)(const OnnxModel& model);
  void (*read)(OnnxModel model, const std::string& where, const LoadOptions& options, Backbone& backbone);
};
constexpr std::array<OnnxKind, 3> kKinds{
    {{[](const OnnxModel& model) { return takes_tokens(model.graph); }, read_token_network},
     {[](const OnnxModel& model) { return reads_lines(model.metadata); },
      [](OnnxModel model, const std::string& where, const LoadOptions& /*options*/, Backbone& backbone) {
        read_line_network(std::move(model), where, backbone);
      }},
     {[](const OnnxModel&) { return true; }, read_pictures}}};

}  // namespace

Backbone onnx_backbone(const std::filesystem::path& file, const LoadOptions& options) {
  const std::string where = file.string();
  OnnxModel model = read_onnx(file, line_sizes);
  Backbone backbone;
  read_metadata(model, where, backbone);
  const auto* const kind = std::ranges::find_if(kKinds, [&](const OnnxKind& row) { return row.is(model); });
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
