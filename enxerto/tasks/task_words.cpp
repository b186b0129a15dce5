#include "enxerto/tasks/task_words.h"

#include <fmt/format.h>

namespace enxerto {

TaskWords task_words(const Task& task, std::size_t width) {
  if (task.targets == kMultiLabelTarget)
    return {.purpose = fmt::format("It says which of {} labels a picture has, any number of them: ", width),
            .use = "labels and their probabilities",
            .details = "Scores by label are in report.html.",
            .limits = "A label is assigned from a probability of 0.5, unless another threshold is requested."};
  if (task.targets == kRegressionTarget)
    return {.purpose = fmt::format("It predicts numbers for a picture, {}: ", width),
            .use = "the numbers, in the units of the data",
            .details = "Errors of each number, next to those of always predicting the mean, are in report.html.",
            .limits = "It predicts numbers for any picture, even for one that shows nothing of the kind."};
  return {.purpose = fmt::format("It says which of {} classes a picture shows: ", width),
          .use = "label and probability",
          .details = "Scores by class and the confusion matrix are in report.html.",
          .limits = "It always predicts one of its classes, even for a picture that shows none of them."};
}

}  // namespace enxerto
