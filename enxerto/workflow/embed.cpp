#include "enxerto/workflow/embed.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/data/concatenate.h"
#include "enxerto/data/open.h"
#include "enxerto/features/batches.h"
#include "enxerto/graph/cut.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/prefix_precision.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/feature_file.h"
#include "enxerto/workflow/training_data.h"

namespace enxerto {
namespace {

/// What runs: the whole network for its logits, the part up to the frontier before the head, or the stages before the
/// cut.
Graph graph_up_to(const Graph& graph, const std::string& at) {
  if (at == "logits") return graph;
  if (at == "head") return frozen_part(graph);
  Graph prefix = cut(graph, at).prefix;
  if (!prefix.nodes.empty()) return prefix;
  throw usage_error("--at " + at, "nothing comes before it", "a stage with computed values as its input",
                    "enxerto inspect BACKBONE");
}

}  // namespace

EmbedReport embed(const EmbedRequest& request, Progress& progress) {
  const Recipe& recipe = request.recipe;
  check(recipe);
  check_feature_file(request.output);
  EmbedReport report;
  report.timings.begin("open");
  const DatasetPtr dataset =
      taken(everything(open_data(recipe.data.path, {}, progress)), recipe.data.take_per_class, recipe.data.take);
  const Backbone backbone = load_backbone(
      recipe.backbone.name, {.weights = recipe.backbone.weights, .size = static_cast<int>(recipe.input.size)});
  FeatureSource source{.prefix = graph_up_to(backbone.graph, request.at),
                       .preprocessor = resolved_preprocessor(*backbone.spec.preprocessor, recipe.input)};
  source.description = fmt::format("{} {} {}, {}", backbone.spec.name, request.at == "logits" ? "to" : "before",
                                   request.at, source.preprocessor->summary());
  const ExtractOptions options = extract_options(recipe);
  source.precision = resolve_precision(recipe.run.precision, source, *dataset, options, progress).chosen;
  check_feature_file(request.output, feature_layout(source));
  report.timings.begin("features");
  const Extracted extracted = extract(*dataset, source, options, progress);
  report.timings.begin("write");
  write_features(request.output,
                 {.rows = &extracted.stored,
                  .classes = dataset->info().target.names,
                  .name = [&](std::size_t row) { return dataset->get(extracted.positions[row])->id(); },
                  .label = [&](std::size_t row) { return stratum_of(*dataset, extracted.positions[row]); }});
  report.timings.end();
  report.output = request.output;
  report.row_shape = extracted.row_shape;
  report.precision = name_of(source.precision);
  report.classes = dataset->info().target.names;
  report.rows = extracted.stored.size();
  report.values = extracted.stored.layout();
  report.computed = extracted.computed;
  report.cached = extracted.cached;
  report.skipped = extracted.skipped;
  return report;
}

}  // namespace enxerto
