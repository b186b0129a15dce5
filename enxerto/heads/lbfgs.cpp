#include "enxerto/heads/lbfgs.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/heads/line_search.h"

namespace enxerto {
namespace {

using Vector = Eigen::VectorXd;

std::span<double> span_of(Vector& vector) { return {vector.data(), to_size(vector.size())}; }

/// The last steps and gradient changes: an approximation of the inverse Hessian.
class History {
 public:
  explicit History(std::size_t memory) : memory_(memory) {}

  void add(Vector step, Vector change) {
    const double curvature = step.dot(change);
    if (!(curvature > 1e-14 * change.squaredNorm())) return;  // rounding only: it would make the matrix indefinite
    if (pairs_.size() == memory_) pairs_.pop_front();
    pairs_.push_back({std::move(step), std::move(change), 1 / curvature});
  }

  /// The two-loop recursion: minus the approximate inverse Hessian times the gradient.
  Vector direction(const Vector& gradient) const {
    Vector result = -gradient;
    std::vector<double> alpha(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      alpha[i] = pairs_[i].inverse_curvature * pairs_[i].step.dot(result);
      result -= alpha[i] * pairs_[i].change;
    }
    if (!pairs_.empty()) {
      const Pair& last = pairs_.back();
      result *= 1 / (last.inverse_curvature * last.change.squaredNorm());
    }
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double beta = pairs_[i].inverse_curvature * pairs_[i].change.dot(result);
      result += (alpha[i] - beta) * pairs_[i].step;
    }
    return result;
  }

  bool empty() const { return pairs_.empty(); }
  void clear() { pairs_.clear(); }

 private:
  struct Pair {
    Vector step, change;
    double inverse_curvature = 0;
  };
  std::size_t memory_;
  std::deque<Pair> pairs_;
};

/// The present point and the one that the line search tries.
struct Search {
  const SmoothFunction& function;
  Vector x, gradient, tried_x, tried_gradient;
  double value = 0;
  int evaluations = 0;

  LinePoint try_step(const Vector& direction, double step) {
    tried_x = x + step * direction;
    ++evaluations;
    const double tried_value = function(span_of(tried_x), span_of(tried_gradient));
    return {step, tried_value, tried_gradient.dot(direction)};
  }

  /// False where no step goes down.
  bool advance(History& history) {
    const Vector direction = history.direction(gradient);
    const double slope = gradient.dot(direction);
    if (!(slope < 0)) return false;
    const double first = history.empty() ? std::min(1.0, 1.0 / std::sqrt(-slope)) : 1.0;
    const LineSearch line =
        search_line([&](double step) { return try_step(direction, step); }, {0, value, slope}, first);
    if (!line.found) return false;
    history.add(tried_x - x, tried_gradient - gradient);
    x.swap(tried_x);
    gradient.swap(tried_gradient);
    value = line.point.value;
    return true;
  }
};

}  // namespace

LbfgsResult minimise_lbfgs(const SmoothFunction& function, std::vector<double> start, const LbfgsOptions& options) {
  const auto length = static_cast<Eigen::Index>(start.size());
  Search search{function, Eigen::Map<const Vector>(start.data(), length), Vector(length), Vector(length),
                Vector(length)};
  search.value = function(span_of(search.x), span_of(search.gradient));
  search.evaluations = 1;
  History history(options.memory);
  LbfgsResult result;
  while (true) {
    const double size = options.gradient_size ? options.gradient_size() : search.gradient.lpNorm<Eigen::Infinity>();
    result.converged = size <= options.tolerance;
    if (result.converged || result.iterations >= options.max_iterations) break;
    if (!search.advance(history)) {
      if (history.empty()) break;
      history.clear();  // the pairs may be spoilt by rounding: once more along the steepest descent
      continue;
    }
    ++result.iterations;
    options.after_iteration();
  }
  std::copy(search.x.begin(), search.x.end(), start.begin());
  result.x = std::move(start);
  result.value = search.value;
  result.evaluations = search.evaluations;
  return result;
}

}  // namespace enxerto
