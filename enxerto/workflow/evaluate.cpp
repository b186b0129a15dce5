#include "enxerto/workflow/evaluate.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/bundle/bundle.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/open.h"
#include "enxerto/data/relabel.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/cut.h"

namespace enxerto {
namespace {

constexpr std::size_t kBlock = 512;

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
  throw Error(
      ErrorKind::data,
      {.where = path.string(), .found = fmt::format("no part '{}'", wanted), .expected = "", .tip = "--part all"});
}

/// Runs the trained half on rows of features, a block at a time.
ClassificationReport measure(const Graph& suffix, const Extracted& features, const Dataset& dataset, int threads,
                             Progress& progress) {
  const auto executor = compile(suffix, {.threads = threads, .streams = 1, .precision = Precision::fp32});
  ClassificationMetrics metrics(dataset.classes().size());
  for (std::size_t begin = 0; begin < features.rows.size(); begin += kBlock) {
    throw_if_cancelled(progress);
    const std::size_t count = std::min(kBlock, features.rows.size() - begin);
    Shape shape{static_cast<std::int64_t>(count)};
    shape.insert(shape.end(), features.row_shape.begin(), features.row_shape.end());
    TensorBuffer block(DType::f32, std::move(shape));
    float* to = block.as<float>().data();
    std::vector<std::int64_t> labels;
    for (std::size_t i = begin; i < begin + count; ++i) {
      to = std::copy_n(features.rows.row[i], features.rows.width, to);
      labels.push_back(dataset.label(features.positions[i]));
    }
    const Tensor input = std::move(block).freeze();
    metrics.update(executor->run({&input, 1}).front(),
                   Tensor::of<std::int64_t>({static_cast<std::int64_t>(count)}, std::span<const std::int64_t>(labels)));
  }
  return metrics.value();
}

Precision precision_of(const Bundle& bundle, const std::string& asked) {
  const std::string wanted = asked == "as-trained"
                                 ? member<std::string>(bundle.precision, "prefix", "precision.json", ErrorKind::weights)
                                 : asked;
  return wanted == name_of(Precision::bf16) && has_bf16() ? Precision::bf16 : Precision::fp32;
}

void notice_classes(const Relabelled& view, const std::filesystem::path& data, Progress& progress) {
  if (view.left_out > 0) {
    progress.notice(fmt::format("{}: {} pictures left out, of classes that the model does not know: {}", data.string(),
                                view.left_out, fmt::join(view.unknown, ", ")));
  }
  if (!view.missing.empty())
    progress.notice(fmt::format("{}: no pictures of {}", data.string(), fmt::join(view.missing, ", ")));
}

}  // namespace

EvaluationResult evaluate(const std::filesystem::path& model, const std::filesystem::path& data,
                          const EvaluateOptions& options, Progress& progress) {
  EvaluationResult result;
  result.timings.begin("open");
  const Bundle bundle = read_bundle(model);
  auto [part, name] = choose_part(open_data(data, progress), options.part, data);
  const Relabelled view = relabel(std::move(part), bundle.labels);
  notice_classes(view, data, progress);
  if (view.dataset->size() == 0) {
    throw Error(ErrorKind::data, {.where = data.string(),
                                  .found = fmt::format("no picture of a class that the model knows; its classes: {}",
                                                       fmt::join(view.unknown, ", ")),
                                  .expected = fmt::format("{}", fmt::join(bundle.labels, ", ")),
                                  .tip = ""});
  }
  result.part = std::move(name);
  result.classes = bundle.labels;
  result.unknown = view.unknown;
  result.missing = view.missing;
  result.left_out = view.left_out;

  const Halves halves = cut_at_frontier(bundle.graph, "head");
  const Precision precision = precision_of(bundle, options.precision);
  result.precision = name_of(precision);
  result.timings.begin("features");
  const FeatureSource source{
      .prefix = halves.prefix,
      .preprocess = bundle.preprocess,
      .precision = precision,
      .description = fmt::format("{} before head, {} px", bundle.graph.name, bundle.preprocess.size)};
  const Extracted features = extract(*view.dataset, source, options.extraction, progress);
  result.examples = features.rows.size();
  result.computed = features.computed;
  result.cached = features.cached;
  result.skipped = features.skipped;
  result.timings.begin("evaluate");
  result.metrics = measure(halves.suffix, features, *view.dataset, options.extraction.threads, progress);
  result.timings.end();
  return result;
}

}  // namespace enxerto
