#pragma once
#include <span>

#include "enxerto/pretrained/name_table.h"

namespace enxerto {

/// Names of GGUF files (gguf-py, gguf/constants.py), of networks of Llama's kind. Those of the architecture "llama"
/// have the rows of queries and keys in pairs that rotary positions turn together, and not in halves as transformers
/// and the zoo have them (llama.cpp, convert_hf_to_gguf.py, `LlamaModel.permute`).
std::span<const NameTable> gguf_names();

}  // namespace enxerto
