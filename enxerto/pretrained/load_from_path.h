#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// A backbone that is named by its path: a saved model, an ONNX file, a folder as Hugging Face and timm save them, a
/// weight file whose architecture its tensors tell, or "org/name" of the hub where that was pulled before. nullopt
/// where `name` is none of these. Throws Error{weights} and Error{usage} as `load_backbone`.
std::optional<Backbone> load_from_path(const std::string& name, const LoadOptions& options);

/// What is known of a network that writes before it is read.
struct BackboneWriting {
  std::string_view only_task = "";  ///< for which alone it can be trained; "": that is open
  bool takes_language = false;      ///< `LoadOptions::language`
};

/// Of the network of that name; of one that does not write, and where there is none, nothing.
BackboneWriting backbone_writing(const std::string& name);

}  // namespace enxerto
