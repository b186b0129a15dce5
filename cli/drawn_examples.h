#pragma once
#include <filesystem>
#include <set>
#include <string>

#include "enxerto/data/dataset.h"
#include "enxerto/model/model.h"
#include "enxerto/tasks/task.h"

namespace enxerto::cli {

/// Pictures with what was found in them, as files of a folder: each is called like the picture's own file, with a
/// number behind where two would be called the same.
class DrawnExamples {
 public:
  /// Makes the folder. Throws Error{disk}, also for one that is not empty. The others must outlive this.
  DrawnExamples(std::filesystem::path folder, const Dataset& dataset, const Task& task);

  /// Throws Error{disk}.
  void draw(const PredictedExample& example);

 private:
  std::filesystem::path folder_;
  const Dataset& dataset_;
  const Task& task_;
  std::set<std::string> names_;
};

}  // namespace enxerto::cli
