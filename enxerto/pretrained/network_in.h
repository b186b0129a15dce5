#pragma once
#include <string>
#include <vector>

#include "enxerto/base/state_dict.h"

namespace enxerto {

/// The tensors of the one network that a file holds.
struct NetworkTensors {
  StateDict tensors;                    ///< under the names that their source gives them
  std::vector<std::string> others;      ///< names of what is not in the network: losses, metrics, heads beside it
  std::vector<std::string> notes = {};  ///< the prefix that was taken off, what was left out
};

/// Takes off what a program of the user's put before the names of a network: "model." of a Lightning module, "module.",
/// "encoder._orig_mod.", "backbone.": the shortest prefix under which a source's names stand; tensors outside of it are
/// others. Where no source's names do, the modules may lie in a Sequential by their order, "0.weight", "1.bias",
/// "4.0.conv1.weight", as fastai puts them and nn.Sequential(*network.children()), or may lack the "features." before
/// them: taken where an architecture fits. Otherwise the tensors as they are.
NetworkTensors network_in(const StateDict& weights);

}  // namespace enxerto
