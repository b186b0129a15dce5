#pragma once
#include <map>
#include <string>

#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// Whether the file is a network that reads lines of text in pictures by connectionist temporal classification, as
/// PaddleOCR's are exported: its metadata have "character", what its head writes, one a line.
bool reads_lines(const std::map<std::string, std::string>& metadata);

/// The sizes that such a file leaves open, `OpenSizes`; none of other files.
SymbolicShape line_sizes(const std::map<std::string, std::string>& metadata);

/// Fills in `backbone`: the network from the inputs of `text_line_preprocessor` to "states" (batch, frames, width) and
/// its own head behind them, "logits", whose units write the characters of the metadata and last, as PaddleOCR has it,
/// a space; the first is the blank. Stages end where maps get lower, and what follows where they are one px high is the
/// stage "neck". Throws Error{weights} naming `where` for a network
/// of another form, and for more or fewer characters than its head has units.
void read_line_network(OnnxModel model, const std::string& where, Backbone& backbone);

}  // namespace enxerto
