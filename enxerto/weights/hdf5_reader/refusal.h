#pragma once
#include <string>
#include <utility>

namespace enxerto {

/// Why a file is not read, in the words of an Error. The program throws it and answers with it.
struct Refusal {
  std::string found, expected = "an HDF5 file as Keras writes it", tip = {};
};

/// A compressed data set that cannot be decompressed, found after the answer has begun.
struct UnpackingFailed {};

}  // namespace enxerto
