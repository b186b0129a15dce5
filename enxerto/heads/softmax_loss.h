#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/heads/skinny_product.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/heads/standardisation.h"

namespace enxerto {

/// The penalised loss of multinomial logistic regression and its gradient,
///   1/n sum_i c(y_i) (log sum_k exp s_ik - s_iy) + l2 / (2 n) |W|^2,   s = W (x - mean) / deviation + b,
/// over rows that stay where they are: the standardisation is folded into the weight before each pass and into the
/// gradient after it. Memory is O(classes * features * threads).
class SoftmaxLoss {
 public:
  /// What is looked at, not owned: it must outlive the loss.
  struct Data {
    const Rows& features;
    std::span<const std::int64_t> labels;
    std::size_t classes = 0;
    std::span<const double> class_weights;  ///< empty: all 1
  };

  /// Measures the standardisation. Throws Error{data} as `fit_softmax_regression` does.
  SoftmaxLoss(const Data& data, int threads, const SkinnyProduct& product = fastest_skinny_product());
  ~SoftmaxLoss();
  SoftmaxLoss(const SoftmaxLoss&) = delete;
  SoftmaxLoss& operator=(const SoftmaxLoss&) = delete;

  /// Number of parameters: W (classes, features), then b (classes).
  std::size_t size() const { return data_.classes * (data_.features.width + 1); }

  const Standardisation& standardisation() const { return standardisation_; }

  void set_l2(double l2) { l2_ = l2; }

  /// One pass over the rows. `parameters` and `gradient` have `size()` elements.
  double evaluate(std::span<const double> parameters, std::span<double> gradient);

  /// W = 0 and b = the logarithms of the class shares (with one example added to each class), centred.
  std::vector<double> starting_point() const;

  /// On raw features.
  LinearClassifier classifier(std::span<const double> parameters) const;

 private:
  struct Part;
  void fold(std::span<const double> parameters, std::span<float> weight, std::span<double> offset) const;
  void run_part(Part& part, int worker, int workers) const;
  double loss_of_block(Part& part, std::size_t begin, std::size_t count) const;

  Data data_;
  const SkinnyProduct& product_;
  Standardisation standardisation_;
  double l2_ = 0;
  std::vector<float> weight_;   // folded
  std::vector<double> offset_;  // folded
  std::vector<Part> parts_;
};

/// log(sum exp(scores)), leaving exp(score - log sum) in `scores`.
double softmax_in_place(std::span<float> scores);

}  // namespace enxerto
