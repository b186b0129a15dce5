#include "enxerto/workflow/extract_features.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/meant_folder.h"
#include "enxerto/data/open.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/unlabelled_folder.h"
#include "enxerto/data/windows.h"
#include "enxerto/features/batches.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/prefix_precision.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/feature_file.h"
#include "enxerto/workflow/open_backbone.h"
#include "enxerto/workflow/readable_examples.h"
#include "enxerto/workflow/recorded_notices.h"
#include "enxerto/workflow/timings.h"
#include "enxerto/workflow/training_data.h"
#include "enxerto/workflow/transcripts.h"

namespace enxerto {
namespace {

/// What runs: the whole network for its logits, the part up to the frontier before the head, or the stages before the
/// cut.
Graph graph_up_to(const Backbone& backbone, const std::string& at, const std::string& pool) {
  const Graph& graph = backbone.graph;
  if (at == "logits" && !backbone.left_out.empty())
    throw weights_error(
        backbone.weights_file, fmt::format("the file's head was left out: {}", fmt::join(backbone.left_out, ", ")),
        "the network's own head, for its logits",
        "take the pooled features before it (at = head); export the whole network as ONNX for its logits");
  if (at == "logits") return graph;
  if (at == kHeadStage) return frozen_part(graph, pool == "auto" ? backbone.pool : pool);
  Graph prefix = cut(graph, at).prefix;
  if (!prefix.nodes.empty()) return prefix;
  throw usage_error("stage '" + at + "'", "nothing comes before it", "a stage with computed values as its input",
                    "enxerto inspect BACKBONE");
}

/// The rows with what they are to be answered with.
FeatureTable feature_table(const Dataset& dataset, const Extracted& extracted) {
  const TargetSpec& target = dataset.info().target;
  FeatureTable table{.rows = &extracted.stored,
                     .name = [&](std::size_t row) { return dataset.get(extracted.positions[row])->id(); },
                     .label = [&](std::size_t row) { return stratum_of(dataset, extracted.positions[row]); }};
  if (!target_kind_named(target.kind).names_are_columns) {
    table.classes = target.names;
    return table;
  }
  table.targets = target.names;
  table.target = [&, last = Tensor()](std::size_t row) mutable {
    last = dataset.target(extracted.positions[row]);
    return last.as<float>();
  };
  return table;
}

/// All that is there: labelled data, or a folder of files of no class.
DatasetPtr opened_examples(const Recipe::Data& data, Progress& progress) {
  if (data.label.empty() && data.take_per_class == 0)
    if (DatasetPtr unlabelled = open_unlabelled_folder(data.path, progress)) {
      progress.notice(fmt::format(
          "{}: {} in the folder itself, so the rows have no class; a pattern for data.label finds one in "
          "the names",
          data.path,
          counted(unlabelled->size(), noun_of(unlabelled->info().inputs), nouns_of(unlabelled->info().inputs))));
      return unlabelled;
    }
  return everything(open_data(data.path, table_options(data), progress));
}

}  // namespace

FeatureReport extract_features(const Recipe& asked, const FeatureOptions& options, Progress& watcher) {
  check(asked);
  Recipe recipe = asked;
  check_feature_file(options.output);
  require_free_feature_file(options.output, recipe.data.path, options.replace);
  FeatureReport report;
  RecordedNotices progress(watcher, report.warnings);
  Timings timings;
  timings.begin("open");
  DatasetPtr dataset = taken(opened_examples(recipe.data, progress), recipe.data.take_per_class, recipe.data.take);
  if (const std::vector<std::string>& names = dataset->info().target.names; names.size() == 1) {
    if (const std::string tip = meant_tip(recipe.data.path); !tip.empty())
      progress.notice(fmt::format("{}: only one class, '{}'; {}", recipe.data.path, names[0], tip));
  }
  const auto [backbone, preprocessor] = open_backbone(recipe, *dataset, {}, progress);
  FeatureSource source{.prefix = graph_up_to(backbone, options.at, recipe.head.pool), .preprocessor = preprocessor};
  source.description = fmt::format("{} {} {}, {}", backbone.spec.name, options.at == "logits" ? "to" : "before",
                                   options.at, source.preprocessor->summary());
  notice_losses(*dataset, *source.preprocessor, static_cast<int>(recipe.run.threads), false, progress);
  const ExtractOptions extraction = extract_options(recipe);
  dataset = ExampleWindows(dataset, source.preprocessor, extraction.threads, progress).rows();  // a row a window
  source.precision = resolve_precision(recipe.run.precision, source, *dataset, extraction, progress).chosen;
  check_feature_file(options.output, feature_layout(source));
  timings.begin("features");
  const Extracted extracted = extract(*dataset, source, extraction, progress);
  require_some(extracted.skipped, extracted.stored.size(), nouns_of(dataset->info().inputs));
  timings.begin("write");
  write_features(options.output, feature_table(*dataset, extracted));
  timings.end();
  report.output = options.output;
  report.row_shape = extracted.row_shape;
  report.precision = name_of(source.precision);
  report.classes = dataset->info().target.names;
  report.rows = extracted.stored.size();
  const RowLayout& layout = extracted.stored.layout();
  for (const InputSpec& value : layout.values)
    report.values.push_back({value.name, std::string(name_of(value.dtype)), value.shape});
  report.summary = layout.is_matrix() ? to_string(report.row_shape) : to_string(layout.values);
  report.computed = extracted.computed;
  report.cached = extracted.cached;
  report.skipped = extracted.skipped;
  report.seconds = timings.rows();
  return report;
}

}  // namespace enxerto
