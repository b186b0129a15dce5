#include "enxerto/onnx/export.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/version.h"
#include "enxerto/graph/infer.h"
#include "enxerto/metrics/metric.h"
#include "enxerto/model/state.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

namespace {

/// The answer under the name that other programs are to read it by.
Graph with_answer_called(Graph graph, std::string_view name) {
  const auto rename = [&](std::string& value) {
    if (value == kProbabilities) value = name;
  };
  for (Node& node : graph.nodes) {
    std::ranges::for_each(node.inputs, rename);
    std::ranges::for_each(node.outputs, rename);
  }
  for (Value& output : graph.outputs) rename(output.name);
  return graph;
}

/// With a value of the network as the output "logits".
Graph with_logits(Graph graph, std::string_view value) {
  if (value.empty()) return graph;
  const ValueType type = infer_shapes(graph).at(std::string(value));
  graph.nodes.push_back({"logits", "Identity", graph.nodes.back().stage, {std::string(value)}, {"logits"}, {}});
  graph.outputs.push_back({"logits", type.dtype, type.shape});
  return graph;
}

}  // namespace

void Model::export_onnx(const std::filesystem::path& path, bool external) const {
  const Bundle& bundle = state_->bundle;
  const auto text = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  const Task& task = *state_->task;
  const TaskKind& kind = task.kind();
  std::map<std::string, std::string> metadata{{"enxerto.version", std::string(version())},
                                              {"enxerto.task", bundle.task},
                                              {"enxerto.labels", text(bundle.labels)},
                                              {"enxerto.preprocess", text(bundle.preprocessor->record())}};
  if (const std::vector<std::string> units = task.units(); !units.empty())
    metadata.emplace("enxerto.characters", text(units));
  write_onnx(task.exported(with_logits(with_answer_called(bundle.graph, kind.exported), kind.also_exported)), path,
             {.external = external, .metadata = std::move(metadata)});
}

}  // namespace enxerto
