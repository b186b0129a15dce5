#include "enxerto/workflow/evaluate.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/bundle/bundle.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/open.h"
#include "enxerto/data/relabel.h"
#include "enxerto/engine/executor.h"
#include "enxerto/model/task_of.h"
#include "enxerto/workflow/network_metrics.h"

namespace enxerto {
namespace {

/// The part of `parts` that `wanted` names; tells its name back.
std::pair<DatasetPtr, std::string> choose_part(const DataParts& parts, const std::string& wanted,
                                               const std::filesystem::path& path) {
  if (wanted == "all" || (wanted.empty() && !parts.has_parts())) return {everything(parts), "all"};
  if (wanted.empty()) {
    if (parts.test) return {parts.test, "test"};
    if (parts.validation) return {parts.validation, "validation"};
    return {parts.train, "train"};
  }
  const DatasetPtr part = wanted == "train" ? parts.train : wanted == "validation" ? parts.validation : parts.test;
  if (part) return {part, wanted};
  throw data_error(path.string(), fmt::format("no part '{}'", wanted), "", "--part all");
}

void require_kind(const Dataset& dataset, const Task& task, const std::filesystem::path& data) {
  if (dataset.info().target.kind == task.target().kind) return;
  throw data_error(data.string(), fmt::format("data of {}", dataset.info().target.kind),
                   fmt::format("{}, as the model ({}) requires", task.target().kind, task.kind().title),
                   "a table (.csv) of those");
}

Precision precision_of(const Bundle& bundle, const std::string& asked) {
  const std::string wanted = asked == "as-trained"
                                 ? member<std::string>(bundle.precision, "prefix", "precision.json", ErrorKind::weights)
                                 : asked;
  return wanted == name_of(Precision::bf16) && has_bf16() ? Precision::bf16 : Precision::fp32;
}

void notice_classes(const Relabelled& view, const std::filesystem::path& data, Progress& progress) {
  const std::string_view nouns = nouns_of(view.dataset->info().inputs);
  if (view.left_out == 0 && !view.unknown.empty())
    progress.notice(fmt::format("{}: {} that the model does not know: {}", data.string(),
                                target_kind_named(view.dataset->info().target.kind).nouns,
                                fmt::join(view.unknown, ", ")));
  if (view.left_out > 0) {
    progress.notice(fmt::format("{}: ignored {} {} of classes that the model does not know: {}", data.string(),
                                view.left_out, nouns, fmt::join(view.unknown, ", ")));
  }
  if (!view.missing.empty())
    progress.notice(fmt::format("{}: no {} of {}", data.string(), nouns, fmt::join(view.missing, ", ")));
}

std::vector<std::size_t> all_positions(const Dataset& dataset) {
  std::vector<std::size_t> positions(dataset.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return positions;
}

}  // namespace

EvaluationResult evaluate(const std::filesystem::path& model, const std::filesystem::path& data,
                          const EvaluateOptions& options, Progress& progress) {
  EvaluationResult result;
  result.timings.begin("open");
  const Bundle bundle = read_bundle(model);
  const TaskPtr task = task_of(bundle, model.string());
  const TargetSpec& wanted = task->target();
  auto [part, name] = choose_part(open_data(data, as_wanted(options.csv, data, wanted), progress), options.part, data);
  require_kind(*part, *task, data);
  const std::size_t names = part->info().target.names.size();
  const Relabelled view = relabel(std::move(part), wanted.names);
  notice_classes(view, data, progress);
  if (view.dataset->size() == 0 || view.unknown.size() == names) {
    throw data_error(data.string(),
                     fmt::format("nothing that the model knows; it has {}", fmt::join(view.unknown, ", ")),
                     fmt::format("{}", fmt::join(wanted.names, ", ")));
  }
  result.part = std::move(name);
  result.task = task->kind().name;
  result.classes = wanted.names;
  result.unknown = view.unknown;
  result.missing = view.missing;
  result.left_out = view.left_out;

  const std::string cut = precision_cut(bundle);
  const Precision precision = precision_of(bundle, options.precision);
  result.precision = name_of(precision);
  result.timings.begin("evaluate");
  FeatureSource source;
  source.preprocessor = bundle.preprocessor;
  source.precision = precision;
  source.description = fmt::format("{} before {}, {}", bundle.graph.name, cut, bundle.preprocessor->summary());
  const NetworkMetrics found =
      network_metrics({.network = bundle.graph, .cut = cut, .source = std::move(source), .task = *task}, view.dataset,
                      all_positions(*view.dataset), options.extraction, progress);
  result.metrics = found.metrics;
  result.examples = found.examples;
  result.computed = found.computed;
  result.cached = found.cached;
  result.skipped = found.skipped;
  result.timings.end();
  return result;
}

}  // namespace enxerto
