#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace enxerto {

/// A smooth function: gives the value at `x` and writes the gradient there.
using SmoothFunction = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct LbfgsOptions {
  std::size_t memory = 10;   ///< pairs of steps and gradient changes that are kept
  int max_iterations = 200;  ///< accepted steps
  double tolerance = 1e-4;   ///< stops where the size of the gradient is at most this
  /// The size at the point that was evaluated last; empty: the largest absolute element of the gradient there.
  std::function<double()> gradient_size = {};
  std::function<void()> after_iteration = [] {};  ///< may throw to stop
};

struct LbfgsResult {
  std::vector<double> x;
  double value = 0;
  int iterations = 0;
  int evaluations = 0;
  bool converged = false;  ///< the tolerance was reached
};

/// Minimises by L-BFGS (Liu, Nocedal 1989) with a strong Wolfe line search. Stops without `converged` after
/// `max_iterations`, or where rounding lets no step along the steepest descent go down any more.
LbfgsResult minimise_lbfgs(const SmoothFunction& function, std::vector<double> start, const LbfgsOptions& options);

}  // namespace enxerto
