#include "enxerto/heads/identity_whitening.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/grouped_folds.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/metrics/cosine.h"
#include "enxerto/metrics/pair_curve.h"

namespace enxerto {
namespace {

using CovarianceMatrix = Eigen::MatrixXd;
using CovarianceColumn = Eigen::VectorXd;

constexpr std::array kStrengths{kAsTheyAre, 30., 10., 3., 1., 0.3, 0.1, 0.03, 0.01};
constexpr std::size_t kWidestFeatures = 4096;  // of which the decomposition takes a minute
constexpr std::size_t kMostRowsHeldOut = 6000, kMostRowsCompared = 1500;
constexpr std::size_t kLeastIdentities = 4;
constexpr double kNearOne = 0.999;

struct IdentityRows {
  Rows rows;
  std::vector<std::int64_t> identities;

  void add(const IdentityRows& from, std::size_t i) {
    rows.row.push_back(from.rows.row[i]);
    identities.push_back(from.identities[i]);
  }
};

/// The directions of the covariance within identities.
class WithinIdentities {
 public:
  explicit WithinIdentities(const IdentityRows& all)
      : width_(static_cast<Eigen::Index>(all.rows.width)), mean_(CovarianceColumn::Zero(width_)) {
    std::map<std::int64_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < all.identities.size(); ++i)
      if (all.identities[i] >= 0) members[all.identities[i]].push_back(i);
    CovarianceMatrix scatter = CovarianceMatrix::Zero(width_, width_);
    double freedom = 0;
    for (const auto& [identity, rows] : members) {
      CovarianceMatrix own(static_cast<Eigen::Index>(rows.size()), width_);
      for (std::size_t r = 0; r < rows.size(); ++r)
        own.row(static_cast<Eigen::Index>(r)) =
            Eigen::Map<const Eigen::RowVectorXf>(all.rows.row[rows[r]], width_).cast<double>();
      mean_ += own.colwise().sum().transpose();
      count_ += rows.size();
      if (rows.size() < 2) continue;
      own.rowwise() -= own.colwise().mean().eval();
      scatter.selfadjointView<Eigen::Lower>().rankUpdate(own.transpose());
      freedom += static_cast<double>(rows.size() - 1);
    }
    if (count_ > 0) mean_ /= static_cast<double>(count_);
    if (freedom <= 0) return;
    const Eigen::SelfAdjointEigenSolver<CovarianceMatrix> solved(CovarianceMatrix(scatter / freedom));
    directions_ = solved.eigenvectors();
    variances_ = solved.eigenvalues().cwiseMax(0.0);
    mean_variance_ = variances_.mean();
  }

  bool varies() const { return mean_variance_ > 0; }

  LinearClassifier layer(double l2) const {
    CovarianceMatrix weight = CovarianceMatrix::Identity(width_, width_);
    CovarianceColumn bias = CovarianceColumn::Zero(width_);
    if (l2 < kAsTheyAre && varies()) {
      const CovarianceColumn scale = ((variances_.array() / mean_variance_ + l2) / (1 + l2)).rsqrt().matrix();
      weight = directions_ * scale.asDiagonal() * directions_.transpose();
      bias = -(weight * mean_) / (1 + l2);
    }
    TensorBuffer weights(DType::f32, {width_, width_}), biases(DType::f32, {width_});
    Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        weights.as<float>().data(), width_, width_) = weight.cast<float>();
    Eigen::Map<Eigen::VectorXf>(biases.as<float>().data(), width_) = bias.cast<float>();
    return {.weight = std::move(weights).freeze(), .bias = std::move(biases).freeze()};
  }

 private:
  Eigen::Index width_;
  CovarianceColumn mean_, variances_;
  CovarianceMatrix directions_;
  std::size_t count_ = 0;
  double mean_variance_ = 0;
};

/// The layer's vectors, of length 1.
std::vector<float> vectors_of(const LinearClassifier& layer, const Rows& rows, int threads) {
  const Tensor answers = scores(layer, rows, threads);
  const auto values = answers.as<float>();
  std::vector<float> vectors(values.begin(), values.end());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    float* vector = vectors.data() + i * rows.width;
    const float length = std::sqrt(dot_product(vector, vector, rows.width));
    for (std::size_t k = 0; k < rows.width && length > 0; ++k) vector[k] /= length;
  }
  return vectors;
}

/// Of all pairs; NaN where there are none of one identity, or of two.
double equal_error_rate_of(const LinearClassifier& layer, const IdentityRows& all, int threads) {
  const std::size_t step = all.rows.size() / kMostRowsCompared + 1;
  IdentityRows some{.rows = {.width = all.rows.width, .row = {}}, .identities = {}};
  for (std::size_t i = 0; i < all.rows.size(); i += step)
    if (all.identities[i] >= 0) some.add(all, i);
  const std::vector<float> vectors = vectors_of(layer, some.rows, threads);
  const std::size_t width = all.rows.width;
  std::vector<ScoredPair> pairs;
  for (std::size_t a = 0; a < some.rows.size(); ++a)
    for (std::size_t b = a + 1; b < some.rows.size(); ++b)
      pairs.push_back({.score = dot_product(vectors.data() + a * width, vectors.data() + b * width, width),
                       .same = some.identities[a] == some.identities[b]});
  sort_pairs(pairs);
  return PairCurve(pairs).equal_error_rate();
}

/// Numbers 0, 1 .. of the identities that have two rows; none for the others.
std::vector<std::size_t> group_numbers(const IdentityRows& all, std::size_t& count) {
  std::map<std::int64_t, std::size_t> sizes, numbers;
  for (const std::int64_t identity : all.identities) ++sizes[identity];
  count = 0;
  for (const auto& [identity, size] : sizes)
    if (identity >= 0 && size > 1) numbers[identity] = count++;
  std::size_t behind = count;
  std::vector<std::size_t> groups;
  for (const std::int64_t identity : all.identities)
    groups.push_back(numbers.contains(identity) ? numbers[identity] : behind++);
  return groups;
}

/// The mean over the folds of the equal error rate of identities that were not learned from, by strength.
std::vector<double> errors_by_strength(const IdentityRows& all, const ExactOptions& options, Progress& progress) {
  constexpr int kFolds = 5;
  std::size_t identities = 0;
  const std::vector<std::size_t> groups = group_numbers(all, identities);
  if (identities < kLeastIdentities) return {};
  const int wanted = std::min<int>(kFolds, static_cast<int>(identities / 2));
  const Folds folds = grouped_folds(std::vector<std::int64_t>(groups.size(), 0), 1, groups, wanted, options.seed);
  std::vector<double> sums(kStrengths.size());
  double measured = 0;
  for (int fold = 0; fold < folds.count; ++fold) {
    IdentityRows kept{.rows = {.width = all.rows.width, .row = {}}, .identities = {}}, held_out = kept;
    for (std::size_t i = 0; i < groups.size(); ++i) (folds.of_row[i] == fold ? held_out : kept).add(all, i);
    const WithinIdentities within(kept);
    std::vector<double> errors;
    for (const double l2 : kStrengths) {
      throw_if_cancelled(progress);
      errors.push_back(equal_error_rate_of(within.layer(l2), held_out, options.threads));
      progress.advance(1);
    }
    if (std::isnan(errors.front())) continue;
    measured += 1;
    for (std::size_t i = 0; i < errors.size(); ++i) sums[i] += errors[i];
  }
  if (measured == 0) return {};
  for (double& sum : sums) sum /= measured;
  return sums;
}

IdentityRows all_rows(const ExactProblem& problem, std::size_t most) {
  IdentityRows all{.rows = {.width = problem.features.width, .row = {}}, .identities = {}};
  const auto identities = problem.targets.as<std::int64_t>();
  const std::size_t rows = std::min(problem.features.size(), most);
  for (std::size_t i = 0; i < rows; ++i) {
    all.rows.row.push_back(problem.features.row[i]);
    all.identities.push_back(identities[i % identities.size()]);
  }
  return all;
}

void check_features(const ExactProblem& problem) {
  if (problem.examples() == 0 || problem.features.size() % problem.examples() != 0)
    throw data_error("the features of the head",
                     fmt::format("{} rows, {} targets", problem.features.size(), problem.examples()),
                     "a target for each row");
  if (problem.features.width > kWidestFeatures)
    throw usage_error("head", fmt::format("vectors of {} features", problem.features.width),
                      fmt::format("at most {}", kWidestFeatures), "head.pool = \"avg\"");
  for (std::size_t i = 0; i < problem.features.size(); ++i)
    if (!std::all_of(problem.features.row[i], problem.features.row[i] + problem.features.width,
                     [](float value) { return std::isfinite(value); }))
      throw data_error("features", fmt::format("row {} has values that are not finite", i), "numbers");
}

ExactHead solve_identities(const ExactProblem& problem, const ExactOptions& options, Progress& progress) {
  check_features(problem);
  const IdentityRows all = all_rows(problem, problem.features.size());
  ExactHead head{.l2 = {options.l2}};
  Stopwatch watch;
  if (options.l2 <= 0) {
    progress.begin("choose l2", 0);
    const IdentityRows once = all_rows(problem, std::min(problem.examples(), kMostRowsHeldOut));
    const std::vector<double> errors = errors_by_strength(once, options, progress);
    progress.end();
    if (!errors.empty()) head.chosen_by = kCrossValidation;
    const auto best = std::ranges::min_element(errors) - errors.begin();
    head.l2 = {errors.empty() ? kAsTheyAre : kStrengths.at(to_size(best))};
    for (std::size_t i = 0; i < errors.size(); ++i) head.trials.push_back({kStrengths.at(i), {{"eer", errors[i]}}});
    head.search_seconds = watch.seconds();
  }
  head.layer = head.l2.front() < kAsTheyAre
                   ? WithinIdentities(all).layer(head.l2.front())
                   : WithinIdentities({.rows = {.width = problem.features.width, .row = {}}, .identities = {}})
                         .layer(kAsTheyAre);
  head.loss = equal_error_rate_of(head.layer, all, options.threads);
  head.fit_seconds = watch.seconds() - head.search_seconds;
  return head;
}

/// Share of the rows whose vectors point the same way.
double equal_vectors(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads) {
  const std::vector<float> left = vectors_of(layer, a, threads), right = vectors_of(layer, b, threads);
  std::size_t near = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    near +=
        static_cast<double>(dot_product(left.data() + i * a.width, right.data() + i * a.width, a.width)) >= kNearOne;
  return a.size() == 0 ? 1 : static_cast<double>(near) / static_cast<double>(a.size());
}

}  // namespace

const ExactSolver& identity_whitening_solver() {
  static const ExactSolver solver{.title = "whitening within identities",
                                  .agreeing = "vectors",
                                  .solve = solve_identities,
                                  .agreement = equal_vectors};
  return solver;
}

}  // namespace enxerto
