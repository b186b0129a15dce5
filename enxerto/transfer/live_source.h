#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/features/live_examples.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto {

struct LiveSourceOptions {
  DatasetPtr dataset;
  std::vector<std::size_t> positions;  ///< of the examples, in the data set
  FeatureSource source = {};           ///< how they become what the trained part gets
  int threads = 0;                     ///< 0: `usable_cores()`
  TargetSource targets = {};
  bool augmented = false;                     ///< changed, mixed examples of the training part; else plain ones
  std::vector<std::string> for_targets = {};  ///< values that only the targets depend on, which the network has not
};

/// A BatchSource that reads, changes and preprocesses examples as they are needed, and runs them through a frozen part
/// where there is one. Mixup and cutmix of `source.augmentation` mix what comes out. Throws Error{data} where numbers
/// differ, Error{usage} for cutmix of values that are no map, and for a mixture of several values or of varying ones.
std::unique_ptr<BatchSource> live_source(LiveSourceOptions options);

}  // namespace enxerto
