#include "enxerto/heads/curvature_bound.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace enxerto {
namespace {

constexpr double kBoundCurvature = 0.01, kShrinkage = 0.1;
constexpr std::size_t kLeastRows = 1000, kMostWidth = 4096;

}  // namespace

bool CurvatureBound::pays(std::size_t rows, std::size_t width, std::size_t classes) {
  return rows >= kLeastRows && width <= kMostWidth && width * width / 24 <= rows * classes;
}

CurvatureBound::CurvatureBound(const WeighedRows& rows, const Standardisation& standardisation, int threads)
    : width_(rows.features.width),
      threads_(threads),
      moment_(measure_second_moment(rows, standardisation, 2 * width_, threads)) {}

std::optional<Whitening> CurvatureBound::whitening(double ridge) const {
  return Whitening::of({.values = moment_,
                        .width = width_,
                        .scale = kBoundCurvature * (1 - kShrinkage),
                        .ridge = kBoundCurvature * kShrinkage + ridge},
                       threads_);
}

double CurvatureBound::bias_scale() { return 1 / std::sqrt(kBoundCurvature); }

LbfgsResult minimise_whitened(const SmoothFunction& function, std::vector<double> start, std::size_t classes,
                              const Whitening* whitening, LbfgsOptions options) {
  if (whitening == nullptr) return minimise_lbfgs(function, std::move(start), options);
  const std::size_t weights = start.size() - classes;
  const double scale = CurvatureBound::bias_scale();
  const auto place_of = [&](std::span<const double> moved, std::vector<double>& x) {
    x = start;
    whitening->add_unwhitened(moved.first(weights), classes, std::span(x).first(weights));
    for (std::size_t i = weights; i < x.size(); ++i) x[i] += scale * moved[i];
  };
  std::vector<double> x, gradient(start.size());
  const auto evaluate = [&](std::span<const double> moved, std::span<double> moved_gradient) {
    place_of(moved, x);
    const double value = function(x, gradient);
    whitening->whiten(std::span(gradient).first(weights), classes, moved_gradient.first(weights));
    for (std::size_t i = weights; i < x.size(); ++i) moved_gradient[i] = scale * gradient[i];
    return value;
  };
  options.gradient_size = [&] {
    double largest = 0;
    for (const double value : gradient) largest = std::max(largest, std::abs(value));
    return largest;
  };
  LbfgsResult result = minimise_lbfgs(evaluate, std::vector<double>(start.size()), options);
  place_of(std::vector<double>(result.x), x);
  result.x = std::move(x);
  return result;
}

}  // namespace enxerto
