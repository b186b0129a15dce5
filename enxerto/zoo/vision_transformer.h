#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// The vision transformer (Dosovitskiy et al. 2020, arXiv:2010.11929) as timm builds it; with `layer_scale` that of
/// DINOv2 (Oquab et al. 2023, arXiv:2304.07193).
struct VisionTransformerConfig {
  /// What of the normalised tokens the classifier sees.
  enum class Pool {
    class_token,           ///< the class token
    class_token_and_mean,  ///< the class token, then the mean of the patches: DINOv2's linear classifiers
  };
  std::string name = "vit_b16";
  std::int64_t size = 224;  ///< at least two patches a side; pixels beyond the last whole patch are not seen
  std::int64_t patch = 16;  ///< pixels a side
  std::int64_t width = 768;
  std::int64_t depth = 12;
  std::int64_t heads = 12;
  bool layer_scale = false;  ///< each branch is scaled by a vector before it is added
  Pool pool = Pool::class_token;
  std::int64_t classes = 1000;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in timm:
/// "pos_embed" (1, 1 + patches, width) has as many rows as the size wants, `pretrained` makes them from a file's.
/// Stages: embeddings, block0 .. (the last one with the normalisation and the pooling behind it), head (the dense
/// layer). Throws Error{usage} for a size below two patches, heads that do not divide the width, or a number below one.
Blueprint vision_transformer(const VisionTransformerConfig& config);

}  // namespace enxerto
