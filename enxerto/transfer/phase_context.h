#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/features/extract.h"
#include "enxerto/heads/loss.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/metrics/metric.h"
#include "enxerto/transfer/targets.h"

namespace enxerto {

/// What all phases of a run share.
struct PhaseContext {
  DatasetPtr dataset;
  std::vector<std::size_t> training, validation;  ///< positions in the data set; validation may be empty
  bool validation_chooses = true;  ///< false: it draws the curve only, and the last epoch's weights are kept
  PreprocessorPtr preprocessor;
  ExtractOptions extraction;  ///< threads, cache, bad examples; those at the positions above can be read
  LossSpec loss;
  /// Targets of the examples at these positions, as the loss wants them.
  std::function<Targets(std::span<const std::size_t> positions)> targets;
  std::function<std::vector<std::unique_ptr<Metric>>()> metrics;  ///< of the task
  std::string figure;               ///< of these, that is measured after each epoch beside what a phase monitors
  double l2 = 0;                    ///< penalty of the exact linear head; 0: chosen by cross-validation
  bool balanced = false;            ///< the exact head weighs each class inversely to its frequency
  std::vector<std::string> stages;  ///< of the whole network, the head last
  RunSettings settings;
  bool random_weights = false;  ///< the network was never trained: batch normalisations learn unless told otherwise
};

}  // namespace enxerto
