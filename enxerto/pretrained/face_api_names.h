#pragma once
#include <string>
#include <string_view>

#include "enxerto/base/state_dict.h"

namespace enxerto {

/// One network of face-api (npm: @vladmandic/face-api), known by what its weights are called.
enum class FaceNetwork { none, recognition, landmarks, landmarks_tiny, tiny_detector, ssd_detector };

/// What the tensors of a weights manifest are of.
FaceNetwork face_network_of(const StateDict& weights);

/// What a tensor of the file is called in our network; `all` is the file.
std::string face_api_name(const std::string& theirs, const StateDict& all);

/// The tensors under the names of our networks and in their layout; constants that only its graph had are left out.
/// Throws Error{weights} naming `where` for a convolution's scale that is not as long as its filters are many.
StateDict face_api_parameters(const StateDict& weights, std::string_view where);

}  // namespace enxerto
