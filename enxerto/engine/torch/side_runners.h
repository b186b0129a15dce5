#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "enxerto/engine/torch/graph_runner.h"

namespace enxerto {

/// Runners of one graph on the same parameters: what they compute side by side, each on a thread of its own, needs no
/// thread to wait for another after each operation, as the parts of one operation do.
class SideRunners {
 public:
  /// `count` runners, `first` among them, whose parameters they all have. As GraphRunner otherwise.
  SideRunners(const Graph& graph, const RunnerOptions& options, GraphRunner& first, std::size_t count);

  std::size_t count() const { return 1 + others_.size(); }

  using Work = std::function<void(GraphRunner& runner, std::size_t number)>;

  /// Calls `work` for the numbers from 0, at most `count()` of them, each with a runner of its own; one alone in the
  /// caller's thread, with all threads. Gradients are recorded as there. Of what is thrown the first by number is
  /// thrown here, when all have ended.
  void run(std::size_t many, const Work& work);

 private:
  GraphRunner& first_;
  std::vector<std::unique_ptr<GraphRunner>> others_;
};

}  // namespace enxerto
