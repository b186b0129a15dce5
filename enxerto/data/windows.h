#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// The examples of a data set as rows of a network that divides long ones into windows (`Preprocessor::divides`): an
/// example is what is split, counted and judged, a row what is computed, cached and learned from. A row is an example
/// like any other, with the fields of the whole, of which `Field::window` says what is looked at, and with the target
/// that `TargetKind::placed` puts into the window.
class ExampleWindows {
 public:
  ExampleWindows() = default;

  /// Counts the windows of each example; one that cannot be read has one. Where nothing is divided the rows are the
  /// examples, and nothing is read. Throws Error{interrupted}.
  ExampleWindows(DatasetPtr examples, PreprocessorPtr preprocessor, int threads, Progress& progress = no_progress());

  const DatasetPtr& rows() const { return rows_; }
  bool divides() const { return !ends_.empty(); }

  /// The rows of one example are one after the other.
  std::size_t first_row(std::size_t example) const { return example == 0 || !divides() ? example : ends_[example - 1]; }
  std::size_t windows_of(std::size_t example) const { return first_row(example + 1) - first_row(example); }

  /// Of these examples, in their order.
  std::vector<std::size_t> rows_of(std::span<const std::size_t> examples) const;

 private:
  DatasetPtr rows_;
  std::vector<std::size_t> ends_;  // of each example's rows; empty where nothing is divided
};

/// The fields of an example of which window number `window` is looked at.
std::vector<Field> windowed(std::vector<Field> fields, std::size_t window);

/// Where the places of an example went: `Alignment::map`.
Tensor map_of(const Preprocessor& preprocessor, std::span<const Field> fields, std::string_view where);

}  // namespace enxerto
