#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/features/live_pictures.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto {

struct LiveSourceOptions {
  DatasetPtr dataset;
  std::vector<std::size_t> positions;  ///< of the examples, in the data set
  std::string value = "";              ///< name of what crosses the cut
  LivePicturesOptions pictures = {};
  TargetSource targets = {};
  bool augmented = false;  ///< changed, mixed pictures of the training part; else plain ones
};

/// A BatchSource that reads, changes and preprocesses pictures as they are needed, and runs them through a frozen part
/// where there is one. Mixup and cutmix of `pictures.augmentation` mix what comes out. Throws Error{data} where numbers
/// differ, Error{usage} for cutmix of values that are no map.
std::unique_ptr<BatchSource> live_source(LiveSourceOptions options);

}  // namespace enxerto
