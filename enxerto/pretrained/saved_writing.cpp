#include "enxerto/pretrained/saved_writing.h"

#include <cstddef>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/media/text/translation_preprocessor.h"

namespace enxerto {

bool is_saved_of_task(const std::filesystem::path& path, std::string_view task) {
  constexpr std::size_t kLargestTask = std::size_t{64} << 20;
  if (!is_bundle(path)) return false;
  try {
    const Json record = read_json(task_file(path), kLargestTask, ErrorKind::weights);
    return record.is_object() && record.value("kind", "") == task;
  } catch (const Error&) {
    return false;  // of another version, or damaged
  }
}

std::optional<Graph> scoring_words(Graph graph) {
  const ValueTypes types = infer_shapes(graph);
  const auto words = types.find(std::string(kNextWords));
  if (words == types.end()) return std::nullopt;
  graph.outputs = {{.name = std::string(kNextWords), .dtype = words->second.dtype, .shape = words->second.shape}};
  graph = without_dead_nodes(graph);
  std::erase_if(graph.inputs, [](const Value& input) { return input.name == kWrittenLabels; });
  check(graph);
  return graph;
}

}  // namespace enxerto
