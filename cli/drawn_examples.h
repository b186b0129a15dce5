#pragma once
#include <cstddef>
#include <filesystem>
#include <string_view>

#include "enxerto/data/dataset.h"
#include "enxerto/model/model.h"
#include "enxerto/tasks/task.h"
#include "example_files.h"

namespace enxerto::cli {

/// Pictures with what was found in them, as files of a folder.
class DrawnExamples {
 public:
  /// Throws as `ExampleFiles`. The others must outlive this.
  DrawnExamples(std::filesystem::path folder, const Dataset& dataset, const Task& task);

  /// Throws Error{disk}.
  void draw(const PredictedExample& example);

 private:
  ExampleFiles files_;
  const Dataset& dataset_;
  const Task& task_;
};

/// Draws 16 examples, spread over the data, with their targets. Returns how many there are. Throws Error{usage} naming
/// `option` where targets have no place, and as `ExampleFiles`.
std::size_t draw_some(const Dataset& dataset, const std::filesystem::path& folder, std::string_view option);

}  // namespace enxerto::cli
