#include "enxerto/pretrained/translation/new_target.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/media/text/translation_preprocessor.h"

namespace enxerto {
namespace {

constexpr const char *kTable = "decoder.embeddings.word.weight", *kBias = "head.words.bias";

/// What reads or scores words of the target.
bool is_of_target(const Node& node) { return !node.stage.starts_with("encoder") && node.stage != "embeddings"; }

bool is_word_table(std::string_view name) {
  return name == kTable || name == "embeddings.word.weight" || name == "head.words.weight";
}

/// One table for the words of the target, with as many rows.
Graph with_table(Graph graph, std::int64_t words, std::uint64_t seed) {
  if (!graph.parameters.contains(kBias) || !graph.parameters.contains("embeddings.word.weight"))
    throw usage_error("backbone.vocabulary", fmt::format("new pieces for {}", graph.name),
                      "a network of Marian's, or one that began as translation_tiny", "leave it out");
  const std::int64_t width = graph.parameters.at("embeddings.word.weight").shape().at(1);
  for (Node& node : graph.nodes)
    if (is_of_target(node))
      for (std::string& input : node.inputs)
        if (is_word_table(input)) input = kTable;
  StateDict kept;
  for (const auto& [name, tensor] : graph.parameters) {
    const auto reads = [&](const Node& node) { return std::ranges::find(node.inputs, name) != node.inputs.end(); };
    if (name != kTable && std::ranges::any_of(graph.nodes, reads)) kept.set(name, tensor);
  }
  Blueprint fresh{.graph = graph, .parameters = {{.name = kTable, .shape = {words, width}, .role = Role::embedding}}};
  kept.merge(initial_parameters(fresh, {.seed = seed}));
  kept.set(kBias, Tensor::of<float>({words}, std::vector<float>(static_cast<std::size_t>(words), 0.0F)));
  graph.parameters = std::move(kept);
  graph.outputs.front().shape.back() = words;
  infer_shapes(graph);
  return graph;
}

}  // namespace

Backbone with_new_target(Backbone backbone, const VocabularySource& source, std::uint64_t seed) {
  Json record = backbone.spec.preprocessor->record();
  record.erase("kind");
  RecordedTranslationText known = translation_text_from_json(record, backbone.spec.name);
  constexpr std::int64_t kEnd = 0, kPadding = 2;  // of `learned_pieces`
  const std::int64_t end_of_source = known.text.end_of_source();
  known.text.target = std::make_shared<NumberedPieces>(learned_numbers(source, 1, backbone.spec.name));
  if (known.text.begin >= 0) known.text.begin = kPadding;
  known.text.end = kEnd;
  known.text.source_end = end_of_source;
  known.text.never = {kPadding, known.text.target->unknown()};
  known.text.forced_end.reset();
  const std::size_t words = known.text.target->limit();
  backbone.graph = with_table(std::move(backbone.graph), static_cast<std::int64_t>(words), seed);
  backbone.spec.preprocessor = translation_preprocessor(std::move(known.text), known.max_length);
  backbone.notes.push_back(
      fmt::format("{} pieces of the language that it writes were learned for it", format_count(words)));
  return backbone;
}

}  // namespace enxerto
