#include "enxerto/workflow/golden.h"

#include <algorithm>
#include <set>
#include <utility>

#include "enxerto/engine/executor.h"
#include "enxerto/transfer/phase_cut.h"
#include "enxerto/workflow/head_metrics.h"
#include "enxerto/workflow/row_block.h"

namespace enxerto {
namespace {

constexpr std::size_t kGoldenExamples = 4;

/// Preprocessed pictures, (n, 3, size, size).
Tensor pixels(const Dataset& few, const FeatureSource& source, const ExtractOptions& options) {
  FeatureSource pictures = source;
  pictures.prefix = cut_for_phase(source.prefix, "all").prefix;
  pictures.precision = Precision::fp32;
  pictures.description = "golden pixels";
  const Extracted extracted = extract(few, pictures, options);
  return row_block(extracted, 0, extracted.rows.size());
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

StateDict golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const FeatureSource& source,
                         const LinearClassifier& classifier, const ExtractOptions& options) {
  const DatasetPtr few = subset(dataset, std::move(positions));
  FeatureSource fp32 = source;
  fp32.precision = Precision::fp32;
  const Extracted features = extract(*few, fp32, options);
  StateDict golden;
  golden.set("input", pixels(*few, source, options));
  golden.set("output", softmax_rows(scores(classifier, features.rows, options.threads)));
  return golden;
}

StateDict golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const Graph& network,
                         const ImagePreprocess& preprocess, const ExtractOptions& options) {
  FeatureSource source;
  source.prefix = network;
  source.preprocess = preprocess;
  const Tensor input = pixels(*subset(dataset, std::move(positions)), source, options);
  const auto executor = compile(network, {.threads = options.threads,
                                          .streams = 1,
                                          .precision = Precision::fp32,
                                          .batch = static_cast<int>(input.shape()[0])});
  StateDict golden;
  golden.set("output", executor->run(input));
  golden.set("input", input);
  return golden;
}

}  // namespace enxerto
