#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/report/run_report.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// The examples whose answers were furthest from their targets, and, of those that say where things are, the nearest.
class WorstMistakes {
 public:
  struct Row {
    std::size_t position = 0;
    Judged judged;
  };

  void offer(std::size_t position, const Judged& judged);
  /// What was written for that example stands before what was said of it, and what was to be written, where that is
  /// told, in place of the truth.
  void add_written(std::size_t position, const std::string& text, const std::string& expected = {});
  const std::vector<Row>& rows() const { return rows_; }  ///< the worst first, 24 at most
  const std::vector<Row>& best() const { return best_; }  ///< the best first, 6 at most

 private:
  std::vector<Row> rows_, best_;
};

/// What is shown of which examples.
struct PreviewRequest {
  const Dataset& dataset;
  const Preprocessor& preprocessor;
  const WorstMistakes& mistakes;
  const Task& task;
  std::span<const std::size_t> training;  ///< positions
  std::span<const Phase> phases;          ///< whose random changes are shown
  std::uint64_t seed = 0;                 ///< of these
};

/// Renderings of 96 px, of what the task draws 280 px, 1 MB of text in all at most; what cannot be read is left out.
/// Where the preprocessor has none, mistakes have the words that the network reads, as far as it reads words.
Previews make_previews(const PreviewRequest& request);

}  // namespace enxerto
