#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/state_dict.h"

namespace enxerto {

/// The weights after an epoch, and what they came to.
struct KeptEpoch {
  std::int64_t epoch = 0;               ///< from 1
  double value = 0;                     ///< of what is monitored
  std::optional<double> val_loss = {};  ///< decides between equal values
  StateDict weights = {};
};

/// Weights that are a mean of those of several epochs.
struct EpochMean {
  std::vector<std::int64_t> epochs = {};
  std::vector<std::pair<std::string, double>> figures = {};  ///< of the mean: "val_loss", "val_accuracy" ..
};

/// "epochs 3, 5 and 7".
std::string epochs_text(const EpochMean& mean);

struct EpochAverageOptions {
  std::int64_t epochs = 0;                               ///< that are averaged at most; below 2: nothing is
  std::optional<std::vector<std::int64_t>> chosen = {};  ///< exactly these epochs, or none where empty
  bool by_value = true;                                  ///< the best epochs; false: the last ones
  bool higher_is_better = false;                         ///< of what is monitored
};

/// Averaging of checkpoints: the mean of the weights after several epochs (Vaswani et al. 2017). Of those that were
/// offered it keeps as many as are averaged.
class EpochAverage {
 public:
  explicit EpochAverage(EpochAverageOptions options) : options_(std::move(options)) {}

  /// Whether an epoch with these figures would be kept.
  bool wants(std::int64_t epoch, double value, std::optional<double> val_loss) const;

  /// Takes an epoch that is wanted; another one is given up for it where there are enough.
  void keep(KeptEpoch epoch);

  /// Several are kept, so that there is a mean.
  bool has_mean() const { return kept_.size() > 1; }

  /// By their numbers.
  const std::vector<KeptEpoch>& kept() const { return kept_; }
  std::vector<std::int64_t> epochs() const;

  /// The mean of each tensor, computed in double precision; of integers those of the last epoch.
  StateDict mean() const;

  void restore(std::vector<KeptEpoch> kept) { kept_ = std::move(kept); }

 private:
  bool better(const KeptEpoch& a, const KeptEpoch& b) const;
  std::vector<KeptEpoch>::const_iterator least() const;

  EpochAverageOptions options_;
  std::vector<KeptEpoch> kept_;
};

}  // namespace enxerto
