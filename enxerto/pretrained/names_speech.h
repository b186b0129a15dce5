#pragma once
#include <span>

#include "enxerto/pretrained/name_table.h"

namespace enxerto {

/// How transformers names the tensors of wav2vec 2.0 and HuBERT: queries, keys and values are joined, and the weight of
/// the convolution that tells places, which is kept as a direction and a length (Salimans, Kingma 2016,
/// arXiv:1602.07868), "weight_g" and "weight_v" or "parametrizations.weight.original0" and ".original1", becomes one.
/// The vector that stands for masked frames in pretraining is left out.
std::span<const NameTable> speech_names();

}  // namespace enxerto
