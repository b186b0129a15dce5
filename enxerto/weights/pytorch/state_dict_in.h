#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/weights/pytorch/pickle_value.h"
#include "enxerto/weights/pytorch/rebuild_tensor.h"

namespace enxerto {

/// Reads the state dict that a pickle holds: a dict of tensors, or a whole torch.nn.Module, whose parameters and
/// buffers are taken without running its code. It is the root, or the first of these members that holds one with more
/// tensors than lie next to it: "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network",
/// "weights", "params", "backbone", "encoder", then averaged weights ("state_dict_ema", "model_ema", "ema_state_dict",
/// "params_ema", "ema"), "teacher", "student". What was taken and what was left is added to `notes`. Throws
/// Error{weights} where there are no tensors.
StateDict state_dict_in(const PickleValue& root, TensorRebuilder& rebuilder, std::string_view where,
                        std::vector<std::string>& notes);

/// Removes the prefixes "module." (DataParallel) and "_orig_mod." (torch.compile) that all names begin with.
StateDict without_wrapper_prefixes(StateDict tensors, std::vector<std::string>& notes);

}  // namespace enxerto
