#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/features/extract.h"
#include "enxerto/features/ready_rows.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/training/run_settings.h"
#include "enxerto/transfer/prefix_precision.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto {

struct FurtherFigures;

/// What all phases of a run share.
struct PhaseContext {
  DatasetPtr dataset;
  std::vector<std::size_t> training, validation;  ///< positions in the data set; validation may be empty
  bool validation_chooses = true;  ///< false: it draws the curve only, and the last epoch's weights are kept
  PreprocessorPtr preprocessor;
  ExtractOptions extraction;  ///< threads, cache, bad examples; those at the positions above can be read
  TaskPtr task;
  std::shared_ptr<FurtherFigures> further = nullptr;    ///< of validation; null: there are none
  const ReadyRows* ready = nullptr;                     ///< of all examples, where they were extracted to read the data
  std::optional<PrefixPrecision> ready_precision = {};  ///< that was resolved for these
  double l2 = 0;                                        ///< strength of the exact head; 0: chosen by cross-validation
  std::vector<std::size_t> groups = {};  ///< of each position of the data set, a number: all of one are held
                                         ///< out together. Empty: each example stands alone
  bool balanced = false;                 ///< the exact head weighs each class inversely to its frequency
  std::vector<std::string> stages;       ///< of the whole network, the head last
  RunSettings settings;
  bool random_weights =
      false;  ///< the network was never trained: batch normalisations are trained unless the phase says otherwise
};

}  // namespace enxerto
