#pragma once
#include <span>

#include "enxerto/pretrained/name_table.h"

namespace enxerto {

/// How transformers names the tensors of BERT (RoBERTa, XLM-R), DistilBERT, GPT-2, GPT-NeoX and Llama (Qwen2), brought
/// to the zoo's layout: queries, keys and values of equal size are joined, what GPT-2 has as (in, out) is turned, what
/// GPT-NeoX has head by head is sorted. What no layer computes with (poolers, masks, frequencies) is left out.
std::span<const NameTable> language_model_names();

}  // namespace enxerto
