#pragma once
#include <memory>
#include <openvino/core/model.hpp>
#include <openvino/runtime/compiled_model.hpp>
#include <span>
#include <string>

#include "enxerto/engine/openvino/module.h"

namespace enxerto {

/// Makes variables of the model of what is kept: instead of the inputs their values are read, of the examples that the
/// new last input "from" (examples, int32) numbers; instead of the outputs they are assigned.
void keep_states(ov::Model& model, std::span<const KeptState> kept);

/// A compiled model of that kind.
std::unique_ptr<StatefulNetwork> make_stateful_network(const ov::CompiledModel& model, const std::string& where);

}  // namespace enxerto
