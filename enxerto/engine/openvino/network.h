#pragma once
#include <memory>
#include <openvino/runtime/compiled_model.hpp>

#include "enxerto/engine/openvino/module.h"

namespace enxerto {

/// A compiled model behind a pool of `streams` requests. Inputs are read where they lie; outputs of known shape are
/// written where the caller gets them.
std::unique_ptr<Network> make_network(const ov::CompiledModel& model, int streams, const std::string& where);

}  // namespace enxerto
