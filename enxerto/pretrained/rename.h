#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/base/state_dict.h"

namespace enxerto {

/// A part of a tensor's name as a source writes it, and as the zoo does. "^" stands for the beginning of the name.
struct Rename {
  std::string_view theirs, ours;
};

/// `name` with each part that it has replaced once, in the order of the table: a later row sees what an earlier one
/// wrote.
std::string renamed(std::string name, std::span<const Rename> table);

/// All tensors under their new names. One whose new name is taken keeps its own, to be reported as unexpected.
StateDict renamed(const StateDict& weights, std::span<const Rename> table);

}  // namespace enxerto
