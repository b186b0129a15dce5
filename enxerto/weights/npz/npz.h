#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether the bytes begin as a zip archive whose first file is an array of NumPy.
bool looks_like_npz(std::span<const std::byte> bytes);

/// The arrays of a .npz file (numpy.savez, and Marian) under their names, without ".npy"; arrays of bytes whose names
/// begin with "special:" are texts, as Marian writes its settings, and become metadata. Throws Error{weights} for what
/// is no such file, for objects, and for arrays in Fortran's order.
WeightFile read_npz(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner, std::string_view where);

}  // namespace enxerto
