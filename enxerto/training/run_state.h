#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "enxerto/training/checkpoint.h"

namespace enxerto {

/// The phases of a run as text, without tensors.
std::string to_text(const RunState& run);

/// The opposite of it, with the weights that lie beside it. Throws Error{weights} naming `where`.
RunState run_state_from(std::string_view text, StateDict weights, StateDict best, std::string_view where);

/// True where the best weights are the very tensors with which the next phase begins, so that they need not be kept
/// twice.
bool best_is_last(const RunState& run);

}  // namespace enxerto
