#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include "enxerto/weights/file_source.h"
#include "enxerto/weights/hdf5/hdf5_tree.h"
#include "enxerto/weights/hdf5/parse_answer.h"

namespace enxerto {

/// What reading an HDF5 file may take. A time that is left out grows with the file: a minute and one second for each
/// 10 MB.
struct Hdf5Limits {
  std::optional<std::chrono::milliseconds> wall = {};  ///< until the answer is complete
  std::optional<std::uint64_t> cpu_seconds = {};       ///< of the helper program
  std::optional<std::uint64_t> unpacked_bytes = {};    ///< of compressed data sets; four times the file and 256 MB
  std::filesystem::path helper = {};                   ///< the program; looked for where it is not given
};

/// Reads `image`, which lies in `source`, as an HDF5 file: the library runs in the program enxerto-hdf5, within limits
/// on memory, time and system calls. Tensors that are stored in one piece as they are needed point into the image.
/// Throws Error{weights}: for a file that the program refuses, a crash of it, a limit, a missing program.
Hdf5Group read_hdf5(const FileSource& source, const SharedBytes& image, const Hdf5Limits& limits = {});

}  // namespace enxerto
