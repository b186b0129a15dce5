#include "enxerto/transfer/linear_probe.h"

#include <chrono>
#include <vector>

namespace enxerto {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::vector<double> balanced_weights(std::span<const std::int64_t> labels, std::size_t classes) {
  std::vector<double> counts(classes, 0.0);
  for (const std::int64_t label : labels) counts.at(static_cast<std::size_t>(label)) += 1;
  double present = 0;
  for (const double count : counts) present += count > 0 ? 1 : 0;
  std::vector<double> weights(classes, 1.0);
  for (std::size_t c = 0; c < classes; ++c) {
    if (counts[c] > 0) weights[c] = static_cast<double>(labels.size()) / (present * counts[c]);
  }
  return weights;
}

LinearProbe linear_probe(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                         const LinearProbeOptions& options, Progress& progress) {
  SoftmaxRegressionOptions fit;
  fit.threads = options.threads;
  if (options.balanced) fit.class_weights = balanced_weights(labels, classes);

  LinearProbe probe;
  probe.l2 = options.l2;
  if (options.l2 <= 0) {
    const auto start = std::chrono::steady_clock::now();
    L2SearchOptions search;
    search.seed = options.seed;
    probe.search = search_l2(features, labels, classes, fit, search, progress);
    probe.l2 = probe.search->best;
    probe.search_seconds = seconds_since(start);
  }
  const auto start = std::chrono::steady_clock::now();
  fit.l2 = probe.l2;
  probe.fit = fit_softmax_regression(features, labels, classes, fit, progress);
  probe.fit_seconds = seconds_since(start);
  return probe;
}

}  // namespace enxerto
