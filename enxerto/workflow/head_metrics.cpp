#include "enxerto/workflow/head_metrics.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace enxerto {
namespace {

constexpr std::size_t kBlock = 4096;

}  // namespace

Tensor softmax_rows(const Tensor& scores) {
  const auto classes = static_cast<std::size_t>(scores.shape().at(1));
  const auto from = scores.as<float>();
  TensorBuffer buffer(DType::f32, scores.shape());
  const auto to = buffer.as<float>();
  for (std::size_t begin = 0; begin < from.size(); begin += classes) {
    const auto row = from.subspan(begin, classes);
    const double largest = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const float score : row) sum += std::exp(score - largest);
    for (std::size_t c = 0; c < classes; ++c) to[begin + c] = static_cast<float>(std::exp(row[c] - largest) / sum);
  }
  return std::move(buffer).freeze();
}

MetricsReport head_metrics(const LinearClassifier& classifier, const Rows& rows, std::span<const std::int64_t> labels,
                           MetricSet metrics, int threads) {
  for (std::size_t begin = 0; begin < rows.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, rows.size() - begin);
    const auto first = rows.row.begin() + static_cast<std::ptrdiff_t>(begin);
    const Rows block{.width = rows.width, .row = {first, first + static_cast<std::ptrdiff_t>(count)}};
    const auto block_labels = labels.subspan(begin, count);
    TensorMap outputs, targets;
    outputs.set(std::string(kProbabilities), softmax_rows(scores(classifier, block, threads)));
    targets.set(std::string(kTarget), Tensor::of<std::int64_t>({static_cast<std::int64_t>(count)}, block_labels));
    metrics.update(outputs, targets);
  }
  return metrics.report();
}

}  // namespace enxerto
