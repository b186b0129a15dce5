#pragma once
#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/spec.h"

namespace enxerto {

/// What the config.json of transformers says of a network of pictures of the zoo; `processor` is the
/// preprocessor_config.json next to it, without a member where there is none. Throws Error{weights} for a network that
/// the zoo does not have.
PretrainedSpec transformers_spec(const HubConfig& config, const HubConfig& processor);

/// The same of timm's.
PretrainedSpec timm_spec(const HubConfig& config);

}  // namespace enxerto
