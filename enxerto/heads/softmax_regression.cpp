#include "enxerto/heads/softmax_regression.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/check_problem.h"
#include "enxerto/heads/curvature_bound.h"
#include "enxerto/heads/row_range.h"
#include "enxerto/heads/softmax_loss.h"

namespace enxerto {

FitReport fit_softmax_regression(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                                 const SoftmaxRegressionOptions& options, Progress& progress) {
  check_problem(features, labels, classes, options);
  const int threads = resolve_threads(options.threads);
  SoftmaxLoss loss({features, labels, classes, options.class_weights}, threads);
  loss.set_l2(options.l2);
  progress.begin("fit", to_size(options.max_iterations));
  const auto evaluate = [&](std::span<const double> x, std::span<double> gradient) {
    throw_if_cancelled(progress);
    return loss.evaluate(x, gradient);
  };
  std::optional<Whitening> whitening;
  if (CurvatureBound::pays(features.size(), features.width, classes))
    whitening = CurvatureBound({features, labels, options.class_weights}, loss.standardisation(), threads)
                    .whitening(options.l2 / static_cast<double>(features.size()));
  LbfgsResult found = minimise_whitened(evaluate, loss.starting_point(), classes, whitening ? &*whitening : nullptr,
                                        {.max_iterations = options.max_iterations,
                                         .tolerance = options.tolerance,
                                         .after_iteration = [&] { progress.advance(1); }});
  progress.end();
  const std::size_t divided = options.temperature < 1 ? classes * features.width : found.x.size();
  for (double& value : std::span(found.x).first(divided)) value /= options.temperature;
  return {loss.classifier(found.x), found.value, found.iterations, found.converged};
}

Tensor scores(const LinearClassifier& classifier, const Rows& features, int threads) {
  const Shape& shape = classifier.weight.shape();
  if (shape.size() != 2 || to_size(shape[1]) != features.width || classifier.bias.size() != to_size(shape[0]))
    throw data_error("classifier",
                     fmt::format("weight {}, bias {}", to_string(shape), to_string(classifier.bias.shape())),
                     fmt::format("{} features", features.width));
  const auto classes = to_size(shape[0]);
  const std::span<const float> weight = classifier.weight.as<float>(), bias = classifier.bias.as<float>();
  TensorBuffer result(DType::f32, {static_cast<std::int64_t>(features.size()), shape[0]});
  float* const all = result.as<float>().data();
  const int workers = workers_for(features.size(), resolve_threads(threads));
  const SkinnyProduct& product = fastest_skinny_product();
  const std::size_t step = rows_per_block(features.width);
  run_workers(workers, [&](int worker) {
    const RowRange range = range_of(features.size(), workers, worker);
    for (std::size_t begin = range.begin; begin < range.end; begin += step) {
      const std::size_t count = std::min(step, range.end - begin);
      float* const out = all + begin * classes;
      product.scores({features.row.data() + begin, count, features.width}, classes, weight.data(), out);
      for (std::size_t i = 0; i < count * classes; ++i) out[i] += bias[i % classes];
    }
  });
  return std::move(result).freeze();
}

}  // namespace enxerto
