#include "enxerto/transfer/linear_probe.h"

#include <chrono>
#include <vector>

#include "enxerto/heads/balanced_weights.h"

namespace enxerto {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

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
