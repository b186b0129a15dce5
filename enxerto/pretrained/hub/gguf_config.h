#pragma once
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/pretrained/hub/config.h"
#include "enxerto/weights/gguf/gguf_header.h"

namespace enxerto {

/// What config.json would say of the network of a GGUF file: `general.architecture` is its model_type, and
/// `<architecture>.block_count` and the like its sizes. `tensors` are the file's: the table of words tells how many
/// there are, and `rope_freqs.weight` how rotary positions are slowed. Throws Error{weights} naming `where` for another
/// architecture, a size that is missing, and a mixture of experts.
HubConfig gguf_config(const GgufHeader& header, const StateDict& tensors, const std::string& where);

}  // namespace enxerto
