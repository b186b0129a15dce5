#include "enxerto/tasks/task_words.h"

#include <fmt/format.h>

namespace enxerto {

TaskWords task_words(const Task& task, std::size_t width) {
  if (task.targets == kMultiLabelTarget)
    return {.purpose = fmt::format("It says which of {} labels a picture has, any number of them: ", width),
            .use = "labels and their probabilities",
            .details = "Scores by label are in report.html.",
            .limits = "A label is named from a probability of 0.5 on, unless another threshold is asked for."};
  if (task.targets == kRegressionTarget)
    return {.purpose = fmt::format("It predicts numbers for a picture, {}: ", width),
            .use = "the numbers, in the units of the data",
            .details = "Errors of each number, beside those of always predicting the mean, are in report.html.",
            .limits = "It answers with numbers for any picture, also for one that shows nothing of the kind."};
  return {.purpose = fmt::format("It says which of {} classes a picture shows: ", width),
          .use = "label and probability",
          .details = "Scores by class and the confusion matrix are in report.html.",
          .limits = "It always answers with one of its classes, also for a picture that shows none of them."};
}

}  // namespace enxerto
