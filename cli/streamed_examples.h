#pragma once
#include <functional>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/model/model.h"

namespace enxerto::cli {

/// Hands out the lines of standard input in blocks, as they come, so that a pipe which stays open gets its answers.
/// `learned` are the columns of the model's texts. Throws Error{data} where there is no line, and Error{interrupted}.
void for_each_block_of_standard_input(const std::vector<std::string>& learned, Progress& progress,
                                      const std::function<void(const Dataset&)>& each);

/// Predicts data sets one after the other, those that are null being the lines of standard input, and says of all
/// together how long it took and what was lost.
void predict_parts(const Model& model, const std::vector<DatasetPtr>& parts, const std::vector<std::string>& learned,
                   const ReadingOptions& reading, int threads, const std::function<void(const PredictedExample&)>& each,
                   Progress& progress);

}  // namespace enxerto::cli
