#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/weights/hdf5_reader/handle.h"

namespace enxerto {

/// Maps `size` bytes from `offset` on of an open file, read-only; empty where that fails.
std::span<std::byte> map_image(int file, std::uint64_t offset, std::uint64_t size);

/// Starts the HDF5 library without plug-ins and without anything on standard error. False where it fails.
bool start_hdf5();

/// Opens an HDF5 file that lies in memory, without a copy and without any call to the file system. Throws Refusal with
/// the library's own reason.
Handle open_image(std::span<std::byte> image);

}  // namespace enxerto
