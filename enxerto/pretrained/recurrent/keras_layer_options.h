#pragma once
#include <string_view>

namespace enxerto {

/// Throws Error{weights} naming `where` for a recurrent layer of a Keras model's configuration (`model_config`) that is
/// not computed here: activations other than tanh and sigmoid, one that goes backwards alone, and directions that are
/// not put side by side. A text that is no configuration says nothing.
void require_usual_layers(std::string_view model_config, std::string_view where);

}  // namespace enxerto
