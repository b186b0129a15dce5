#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/engine/trainer.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// Throws Error{usage} for the first field that is out of its range or no name that is known (naming the nearest), as
/// "phase 2: learning_rate": `where` is "phase 2". `stages` are the network's, from its input to "head"; an unknown
/// `train_from` lists them, the nearest first. A rate of 0 is a phase that trains nothing.
void check(const Phase& phase, std::span<const std::string> stages, std::string_view where);

/// `check` of each, as "phase 1" .. Throws Error{usage} where there is none.
void check(std::span<const Phase> phases, std::span<const std::string> stages);

/// Throws Error{usage} for a phase that computes a batch in parts, or counts it in tokens, where the loss compares the
/// examples of a batch with each other.
void check_parts(const Phase& phase, std::string_view loss, std::string_view where);

/// A loss by centres says nothing of examples of identities that have none: a phase of steps that would choose by
/// "val_loss" chooses by "val_" and `figure` instead. Returns whether it does so now.
bool settle_monitor(Phase& phase, std::string_view loss, std::string_view figure);

/// Stages that learn in a phase, `train_from` and all behind it; all of them for "all". Throws Error{usage} as `check`.
std::vector<std::string> trained_stages(const Phase& phase, std::span<const std::string> stages,
                                        std::string_view where);

/// Throws Error{usage}: a head that has `obstacle` ("head.dropout = 0.5") cannot be solved exactly.
[[noreturn]] void refuse_exact(std::string_view obstacle, std::string_view where);

/// Decides a batch size that was left open, for a phase that has batches. Throws Error{usage} where one was asked for
/// that is more than the training examples, Error{data} where there are none.
void settle_batch_size(Phase& phase, std::size_t examples, std::string_view where);

/// The optimizer of a phase that is not solved exactly. Throws Error{usage} for another name.
OptimizerOptions optimizer_of(const Phase& phase);

}  // namespace enxerto
