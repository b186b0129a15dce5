#include "enxerto/workflow/golden.h"

#include <algorithm>
#include <set>
#include <utility>

#include "enxerto/base/collate.h"
#include "enxerto/engine/executor.h"
#include "enxerto/tasks/image_classification.h"
#include "enxerto/workflow/head_metrics.h"

namespace enxerto {
namespace {

constexpr std::size_t kGoldenExamples = 4;

/// Preprocessed examples, each (n, ..), by "input/NAME".
TensorMap encoded(const DatasetPtr& few, const PreprocessorPtr& preprocessor, const ExtractOptions& options) {
  const Extracted extracted = extract(*few, {.preprocessor = preprocessor, .description = "golden pixels"}, options);
  TensorMap named;
  for (const auto& [name, tensor] : collate(extracted.stored, 0, extracted.stored.size()))
    named.set("input/" + name, tensor);
  return named;
}

}  // namespace

std::vector<std::size_t> golden_positions(const Dataset& dataset, const Extracted& features,
                                          std::span<const std::size_t> rows) {
  std::set<std::int64_t> classes;
  std::vector<std::size_t> positions;
  const auto add = [&](bool new_class_only) {
    for (const std::size_t row : rows) {
      if (positions.size() == kGoldenExamples) return;
      const std::size_t position = features.positions[row];
      if (std::find(positions.begin(), positions.end(), position) != positions.end()) continue;
      if (classes.insert(stratum_of(dataset, position)).second || !new_class_only) positions.push_back(position);
    }
  };
  add(true);
  add(false);
  std::sort(positions.begin(), positions.end());
  return positions;
}

TensorMap golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const FeatureSource& source,
                         const LinearClassifier& classifier, const ExtractOptions& options) {
  const DatasetPtr few = subset(dataset, std::move(positions));
  FeatureSource fp32 = source;
  fp32.precision = Precision::fp32;
  const Extracted features = extract(*few, fp32, options);
  TensorMap golden = encoded(few, source.preprocessor, options);
  golden.set("output/" + std::string(image_classification::kOutput),
             softmax_rows(scores(classifier, features.rows, options.threads)));
  return golden;
}

TensorMap golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const Graph& network,
                         const PreprocessorPtr& preprocessor, const ExtractOptions& options) {
  TensorMap golden = encoded(subset(dataset, std::move(positions)), preprocessor, options);
  TensorMap inputs;
  for (const Value& input : network.inputs) inputs.set(input.name, golden.at("input/" + input.name));
  const auto executor = compile(network, {.threads = options.threads,
                                          .streams = 1,
                                          .precision = Precision::fp32,
                                          .batch = static_cast<int>(golden.begin()->second.shape()[0])});
  for (const auto& [name, output] : executor->run(inputs)) golden.set("output/" + name, output);
  return golden;
}

}  // namespace enxerto
