#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// A saved model as the root of the next one: its network up to what the head answers with before any
/// softmax or sigmoid, its preprocessing and its labels. Its
/// weights are its own: `options.weights` must be empty. Throws Error{weights} as `read_bundle`, and Error{usage} for a
/// size that the network does not take.
Backbone bundle_backbone(const std::filesystem::path& path, const LoadOptions& options);

}  // namespace enxerto
