#pragma once
#include <cstddef>
#include <string>

#include "enxerto/tasks/task.h"

namespace enxerto {

/// What a model card says of a model of a task.
struct TaskWords {
  std::string purpose;  ///< "It says which of 3 classes a picture shows: ", before their names
  std::string use;      ///< what the command `predict` prints: "label and probability"
  std::string details;  ///< a sentence on what report.html has beside the figures
  std::string limits;   ///< a sentence on what it is not for
};

/// `width`: classes, labels or values.
TaskWords task_words(const Task& task, std::size_t width);

}  // namespace enxerto
