#pragma once
#include <string>

namespace enxerto_onnx {
class ModelProto;
}

namespace enxerto {

/// Writes out each call of a function that the model defines, as deep as they call each other; names inside get the
/// call's name before them. Throws Error{weights} for functions that call themselves, and where writing them out gives
/// more than a million nodes.
void inline_functions(enxerto_onnx::ModelProto& model, const std::string& where);

}  // namespace enxerto
