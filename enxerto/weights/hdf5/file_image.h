#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/weights/file_source.h"
#include "enxerto/weights/hdf5/descriptor.h"

namespace enxerto {

/// An HDF5 file for another program to read: so many bytes from an offset of an open file.
struct FileImage {
  Descriptor file;
  std::uint64_t offset = 0, size = 0;
};

/// Opens the file of `source` for `part` of its bytes; bytes that are in no file are put into an anonymous one. Throws
/// Error{weights}, where the file on the disk has another size by now too.
FileImage open_image(const FileSource& source, std::span<const std::byte> part);

}  // namespace enxerto
