#pragma once
#include <span>

#include "enxerto/pretrained/name_table.h"

namespace enxerto {

/// How timm, torchvision, DINOv2's own code and transformers name the tensors of a vision transformer; the zoo's names
/// are timm's. Queries, keys and values that lie apart are joined; position embeddings are brought to the size of the
/// network, each as its source does it; what only pretraining uses (the mask token, transformers' pooler) is left out.
std::span<const NameTable> vision_transformer_names();

}  // namespace enxerto
