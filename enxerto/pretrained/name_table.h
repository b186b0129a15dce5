#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// How one source names the tensors of a family of networks.
struct NameTable {
  std::string_view name;  ///< "efficientnet_pytorch"

  /// True for a file that is named this way.
  bool (*recognises)(const StateDict& weights);

  /// The tensors under the names of the blueprint. A name that the table does not know is kept, to be reported.
  StateDict (*translate)(const StateDict& weights, const Blueprint& blueprint);

  /// Changes the network where this source computes something otherwise than the zoo does (an epsilon); nullptr:
  /// nowhere.
  void (*adapt)(Blueprint& blueprint) = nullptr;

  /// The side of the pictures that the file was made for, px, where its tensors tell it (a grid of positions); 0, or
  /// nullptr: they do not.
  int (*input_size)(const StateDict& weights) = nullptr;
};

/// All tables; the last ones take the zoo's own names, which are timm's and torchvision's.
std::span<const NameTable> name_tables();

/// The table that recognises these weights; nullptr where none does.
const NameTable* name_table_for(const StateDict& weights);

/// Without what training left behind and no network here needs: `num_batches_tracked`.
StateDict without_counters(const StateDict& weights);

}  // namespace enxerto
