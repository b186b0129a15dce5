#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

struct RandomOptions {
  int size = 0;  ///< pixels a side; 0: as published
  std::uint64_t seed = 0;
  VocabularySource vocabulary = {};  ///< of a network of texts
};

/// What `LoadOptions::weights` says for it, and the source of its spec.
inline constexpr std::string_view kRandomWeights = "random";

/// A network to be trained from scratch: any name of the zoo, of its `text_architectures` and
/// `sound_architectures`, or of `pretrained_models`,
/// with the weights of `initial_parameters` (scheme "he") and without its classifier. Pictures come to it as its
/// published weights want them. Throws Error{usage} for an unknown name and a size that is not possible.
Backbone random_backbone(std::string_view name, const RandomOptions& options = {});

}  // namespace enxerto
