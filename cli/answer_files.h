#pragma once
#include <filesystem>

#include "enxerto/model/model.h"
#include "enxerto/tasks/task.h"
#include "example_files.h"

namespace enxerto::cli {

/// Answers that are files of their own, as files of a folder, beside them classes.txt: the number in the files and the
/// name of each class.
class AnswerFiles {
 public:
  /// Throws as `ExampleFiles`. `task` must outlive this.
  AnswerFiles(std::filesystem::path folder, const Task& task);

  /// Throws Error{disk}.
  void write(const PredictedExample& example);

 private:
  ExampleFiles files_;
  const Task& task_;
};

}  // namespace enxerto::cli
