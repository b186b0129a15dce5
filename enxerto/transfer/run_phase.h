#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/graph/graph.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/training/loop_state.h"
#include "enxerto/training/training_loop.h"
#include "enxerto/transfer/phase.h"
#include "enxerto/transfer/phase_context.h"
#include "enxerto/transfer/prefix_precision.h"

namespace enxerto {

/// One phase as the run sees it.
struct PhaseRun {
  std::string name = {};          ///< "2 (layer4)"
  bool new_head = false;          ///< nothing has been learned of the head, or is kept of another
  std::uint64_t first_epoch = 0;  ///< epochs of earlier phases
  std::int64_t stop_after = 0;    ///< epochs, of `Phase::epochs`; 0: all
  std::optional<std::vector<std::int64_t>> average_of =
      {};                                   ///< epochs whose weights are averaged, whatever it comes to
  std::optional<LoopSnapshot> resume = {};  ///< where it was stopped
  std::function<void(const LoopSnapshot&)> save = {};
  double save_seconds = 60;
  std::function<void(const PhaseHistory&)> epoch_ended = {};
  std::optional<double> known_rate = {};  ///< that the finder chose before it was stopped
  std::function<void(double rate)> rate_found = {};
  std::function<void(Phase& phase, double epoch_seconds)> fit_into_time = {};  ///< shortens the phase, where set
};

/// What a phase came to.
struct PhaseResult {
  Graph network;  ///< the whole one, with what was learned
  PhaseOutcome outcome;
  std::optional<ExactHead> solved;  ///< of a phase that is solved exactly
  std::string_view solver;          ///< what it was solved by: "ridge regression"
  std::string how;                  ///< how the frozen side was had
  PrefixPrecision prefix_precision;
  Precision precision = Precision::fp32;  ///< that was trained in
  double learning_rate = 0;
  std::int64_t accumulation_steps = 1;  ///< that each batch was computed in
  std::size_t learned_values = 0;       ///< numbers that may change
  StateDict adapters = {};              ///< of LoRA, as `with_lora` calls them; they are merged into `network`
  std::size_t computed = 0, cached = 0, repaired = 0;
};

/// The story of a phase: the network is cut, what is before the cut is frozen and runs once, its values are cached,
/// what is behind it is trained (or solved), and it is audited that nothing else has changed. Throws as its parts do;
/// DivergedError carries the best weights, to be put into a network by `with_parameters`.
PhaseResult run_phase(const Graph& network, const Phase& phase, const PhaseContext& context, const PhaseRun& run,
                      Progress& progress = no_progress());

/// Whether batch normalisations of what learns are trained in the phase.
bool trains_norms(const Phase& phase, bool random_weights);

/// The network with these of its parameters replaced; unknown names are ignored.
Graph with_parameters(Graph network, const StateDict& parameters);

}  // namespace enxerto
