#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether the bytes begin as those of a binary model of Marian (marian-dev, `binary.cpp`, version 1).
bool looks_like_marian(std::span<const std::byte> bytes);

/// The tensors of such a file under Marian's names, matrices as (in, out). 8-bit integers (intgemm, which stores
/// matrices turned but not the word vectors) become float32: the number over the multiplier behind them. Scales of
/// activations ("_QuantMultA") are left out; "special:" texts are metadata. Throws Error{weights}.
WeightFile read_marian(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                       std::string_view where);

}  // namespace enxerto
