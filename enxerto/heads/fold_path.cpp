#include "enxerto/heads/fold_path.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/lbfgs.h"
#include "enxerto/heads/softmax_loss.h"

namespace enxerto {

/// 1 first: of two that are equal it is taken.
constexpr std::array kTemperatures{1.0, 0.2, 0.35, 0.5, 0.7, 0.85, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0};

/// Sums over held-out rows.
struct HeldOutSums {
  double weight = 0, right = 0;
  std::array<double, kTemperatures.size()> losses{};  ///< at each temperature
};

namespace {

/// Thrown to give up a fit that nobody asks for any more.
struct GivenUp {};

/// A looser tolerance than the final fit's: the order of the candidates shows long before the last digits do. It
/// shrinks with l2, whose own gradient shrinks too: else a small l2 would count as converged where it starts.
double search_tolerance(double l2, double final_tolerance) {
  return std::max(final_tolerance, std::min(1e-3, 1e-5 * l2));
}

/// `means` are the classes' scores of the average row.
HeldOutSums judged(const LinearClassifier& classifier, std::span<const double> means, const LabelledRows& held_out,
                   std::span<const double> class_weights, int threads) {
  const Tensor all = scores(classifier, held_out.features, threads);
  const auto classes = to_size(all.shape()[1]);
  std::vector<float> cooled(classes);
  HeldOutSums sums;
  for (std::size_t r = 0; r < held_out.labels.size(); ++r) {
    const std::span<const float> row = all.as<float>().subspan(r * classes, classes);
    const auto label = to_size(held_out.labels[r]);
    const double weight = class_weights.empty() ? 1.0 : class_weights[label];
    const auto best = to_size(std::ranges::max_element(row) - row.begin());
    sums.weight += weight;
    sums.right += best == label ? weight : 0.0;
    for (std::size_t t = 0; t < kTemperatures.size(); ++t) {
      const auto share = static_cast<float>(1 / kTemperatures[t]);
      for (std::size_t c = 0; c < classes; ++c) {
        const float kept = share > 1 ? static_cast<float>(means[c]) : 0;  // SoftmaxRegressionOptions::temperature
        cooled[c] = kept + (row[c] - kept) * share;
      }
      const auto true_score = static_cast<double>(cooled[label]);
      sums.losses[t] += weight * (softmax_in_place(cooled) - true_score);
    }
  }
  return sums;
}

}  // namespace

/// What a fold learns from, what it holds out, and where on the path it is.
struct FoldPath::Fold {
  LabelledRows training, held_out;
  std::unique_ptr<SoftmaxLoss> loss;
  std::vector<double> parameters;
};

/// Who does what next, and which trials are complete.
class FoldPath::Turns {
 public:
  struct Turn {
    std::size_t fold = 0, trial = 0;
  };

  Turns(std::size_t folds, std::span<const double> path, const std::function<bool(const L2Trial&)>& go_on)
      : path_(path), go_on_(go_on), done_(folds, 0), busy_(folds, false), sums_(path.size()) {
    for (auto& trial : sums_) trial.resize(folds);
  }

  /// The free fold that is furthest behind; waits while there is none. Empty once nothing is left to do.
  std::optional<Turn> take() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      std::optional<Turn> turn;
      for (std::size_t fold = 0; fold < done_.size(); ++fold)
        if (!busy_[fold] && done_[fold] < path_.size() && (!turn || done_[fold] < turn->trial))
          turn = {.fold = fold, .trial = done_[fold]};
      if (turn) {
        busy_[turn->fold] = true;
        return turn;
      }
      if (std::ranges::find(busy_, true) == busy_.end()) break;
      changed_.wait(lock);
    }
    return std::nullopt;
  }

  void finish(const Turn& turn, const HeldOutSums& sums) {
    const std::lock_guard lock(mutex_);
    busy_[turn.fold] = false;
    ++done_[turn.fold];
    sums_[turn.trial][turn.fold] = sums;
    for (; !stopped_ && complete_ < path_.size() && std::ranges::min(done_) > complete_; ++complete_)
      stopped_ = !go_on_(trial(complete_));
    changed_.notify_all();
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  L2Trial trial(std::size_t number) const {
    HeldOutSums all;
    for (const HeldOutSums& fold : sums_[number]) {
      all.weight += fold.weight;
      all.right += fold.right;
      for (std::size_t t = 0; t < all.losses.size(); ++t) all.losses[t] += fold.losses[t];
    }
    const auto lowest = to_size(std::ranges::min_element(all.losses) - all.losses.begin());
    return {.l2 = path_[number],
            .accuracy = all.right / all.weight,
            .log_loss = all.losses[lowest] / all.weight,
            .temperature = kTemperatures[lowest],
            .log_loss_as_fitted = all.losses.front() / all.weight};
  }

  std::span<const double> path_;
  const std::function<bool(const L2Trial&)>& go_on_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> done_;  // trials of each fold
  std::vector<bool> busy_;
  std::vector<std::vector<HeldOutSums>> sums_;  // of each trial, of each fold
  std::size_t complete_ = 0;                    // trials that all folds have done
  bool stopped_ = false;
};

FoldPath::FoldPath(const LabelledRows& rows, const Folds& folds, std::size_t classes,
                   const SoftmaxRegressionOptions& fit)
    : classes_(classes), threads_(resolve_threads(fit.threads)), fit_(fit) {
  fit_.threads = std::max(1, threads_ / std::max(1, folds.count));
  for (int i = 0; i < folds.count; ++i) folds_.push_back(std::make_unique<Fold>());
  parallel_for(threads_, folds_.size(), [&](std::size_t i) {
    Fold& fold = *folds_[i];
    fold.training.features.width = fold.held_out.features.width = rows.features.width;
    for (std::size_t r = 0; r < rows.labels.size(); ++r) {
      LabelledRows& part = folds.of_row[r] == static_cast<int>(i) ? fold.held_out : fold.training;
      part.features.row.push_back(rows.features.row[r]);
      part.labels.push_back(rows.labels[r]);
    }
    fold.loss = std::make_unique<SoftmaxLoss>(
        SoftmaxLoss::Data{fold.training.features, fold.training.labels, classes_, fit_.class_weights}, fit_.threads);
    fold.parameters = fold.loss->starting_point();
  });
}

FoldPath::~FoldPath() = default;

void FoldPath::follow(std::span<const double> path, const std::function<bool(const L2Trial&)>& go_on,
                      const Progress& progress) {
  Turns turns(folds_.size(), path, go_on);
  const auto go_along = [&](const Turns::Turn& turn) {
    Fold& fold = *folds_[turn.fold];
    const double l2 = path[turn.trial];
    fold.loss->set_l2(l2);
    const auto evaluate = [&](std::span<const double> x, std::span<double> gradient) {
      throw_if_cancelled(progress);
      if (turns.stopped()) throw GivenUp{};
      return fold.loss->evaluate(x, gradient);
    };
    fold.parameters =
        minimise_lbfgs(evaluate, std::move(fold.parameters),
                       {.max_iterations = fit_.max_iterations, .tolerance = search_tolerance(l2, fit_.tolerance)})
            .x;
    const std::span<const double> means = std::span(fold.parameters).last(classes_);
    turns.finish(
        turn, judged(fold.loss->classifier(fold.parameters), means, fold.held_out, fit_.class_weights, fit_.threads));
  };
  run_workers(std::min(threads_, static_cast<int>(folds_.size())), [&](int) {
    try {
      while (const auto turn = turns.take()) go_along(*turn);
    } catch (const GivenUp&) {
    } catch (...) {
      turns.stop();
      throw;
    }
  });
}

}  // namespace enxerto
