#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/target_kind.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto {

/// What a network is for: pictures (batch, 3, size, size) in, "probabilities" (batch, width) out, from the stage
/// "head".
struct Task {
  std::string_view name;         ///< as a bundle records it
  std::string_view title;        ///< "image classification"
  std::string_view targets;      ///< the kind of target that its data have
  std::string_view head_output;  ///< `HeadSpec::output` unless another is asked for
  std::string_view loss;         ///< `LossSpec::kind` unless another is asked for
  std::string_view monitor;      ///< the figure that tells the best epoch; the higher the better, see `monitored`
};

/// image_classification, image_multi_label, image_regression.
std::span<const Task> tasks();

/// Throws Error{weights} for a name that this version does not know: it comes from a saved model.
const Task& task_named(std::string_view name);

/// The task of data of that kind.
const Task& task_for(std::string_view targets);

/// How an output is put into words.
struct ReadingOptions {
  std::size_t top_k = 1;   ///< classification: so many of the most probable classes
  double threshold = 0.5;  ///< multi-label: labels of at least this probability
};

/// What `output`, one row of a network's answer, says: the most probable classes, best first; all labels from the
/// threshold on, best first (there may be none); every number, in the order of the columns. Throws Error{data} where
/// there are more or fewer numbers than labels.
std::vector<Prediction> read_output(const Task& task, std::span<const float> output,
                                    std::span<const std::string> labels, const ReadingOptions& options = {});

}  // namespace enxerto
