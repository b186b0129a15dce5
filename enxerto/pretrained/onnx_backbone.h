#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// An image classifier or an encoder of texts in an ONNX file as a backbone, whoever exported it.
///
/// One that takes "input_ids" (batch, tokens) is an encoder of texts: "states" (batch, tokens, width) come out, stages
/// are embeddings, block0 .. by the names of its nodes, and its tokenizer is the one in the same folder
/// (`text_record`).
///
/// One whose metadata say which characters it writes reads lines of text (`read_line_network`).
///
/// Of any other the input becomes "input" (batch, 3, size,
/// size) in float32, also where the file wants (batch, size, size, 3) or one example only; a Softmax or Sigmoid at the
/// end goes, so that "logits" comes out. Stages are the modules that its names tell, cut where one value separates the
/// network, else stage0 .. by the size of the map; the last one, "head", is the classifier and the pooling before it.
/// A network without a classifier gives its pooled features. Preprocessing and labels are those that `export_onnx`
/// writes, else ImageNet's usual ones, which `notes` says. `options.size` sets the size where the file leaves it open.
///
/// Throws Error{weights} as `read_onnx`, where the network does not take one picture or gives no row an example,
/// and where an encoder has no tokenizer next to it, or one with more ids than it has word vectors;
/// Error{usage} for a size that the network does not work at, and one that is missing.
Backbone onnx_backbone(const std::filesystem::path& file, const LoadOptions& options);

}  // namespace enxerto
