#include "enxerto/workflow/golden.h"

#include <algorithm>
#include <set>
#include <utility>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/tasks/image_classification.h"
#include "enxerto/workflow/head_metrics.h"

namespace enxerto {
namespace {

constexpr std::size_t kGoldenExamples = 4;

/// The rows as one tensor (n, row shape).
Tensor gathered(const Extracted& extracted) {
  Shape shape{static_cast<std::int64_t>(extracted.rows.size())};
  shape.insert(shape.end(), extracted.row_shape.begin(), extracted.row_shape.end());
  TensorBuffer buffer(DType::f32, std::move(shape));
  float* to = buffer.as<float>().data();
  for (const float* row : extracted.rows.row) to = std::copy_n(row, extracted.rows.width, to);
  return std::move(buffer).freeze();
}

/// The features of a network without nodes: the preprocessed pixels.
FeatureSource pixels_of(const FeatureSource& source) {
  FeatureSource pixels = source;
  pixels.prefix = Graph{
      .name = "pixels", .inputs = source.prefix.inputs, .outputs = source.prefix.inputs, .nodes = {}, .parameters = {}};
  pixels.precision = Precision::fp32;
  pixels.description = "golden pixels";
  return pixels;
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
      if (classes.insert(dataset.label(position)).second || !new_class_only) positions.push_back(position);
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
  golden.set("input", gathered(extract(*few, pixels_of(source), options)));
  golden.set("output", softmax_rows(scores(classifier, features.rows, options.threads)));
  return golden;
}

StateDict golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const Graph& network,
                         const ImagePreprocess& preprocess, const ExtractOptions& options) {
  FeatureSource source{.prefix = network, .preprocess = preprocess, .precision = Precision::fp32, .description = ""};
  const Tensor input = gathered(extract(*subset(dataset, std::move(positions)), pixels_of(source), options));
  Graph answering = network;
  std::erase_if(answering.outputs, [](const Value& value) { return value.name != image_classification::kOutput; });
  const auto executor = compile(without_dead_nodes(answering), {.threads = options.threads,
                                                                .streams = 1,
                                                                .precision = Precision::fp32,
                                                                .batch = static_cast<int>(input.shape()[0])});
  StateDict golden;
  golden.set("output", executor->run({&input, 1}).front());
  golden.set("input", input);
  return golden;
}

}  // namespace enxerto
