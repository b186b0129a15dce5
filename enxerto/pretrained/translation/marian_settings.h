#pragma once
#include <map>
#include <string>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/zoo/marian.h"

namespace enxerto {

/// The network that a file of Marian's own is of: "special:model.yml" says how it is built, and the tensors how large.
/// Throws Error{weights} naming `where` and the setting for a network that is built otherwise than `marian` of the zoo.
MarianConfig marian_config(std::string_view settings, const StateDict& tensors, std::string_view where);

}  // namespace enxerto
