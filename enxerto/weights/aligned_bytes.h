#pragma once
#include <cstdint>
#include <memory>

#include "enxerto/weights/file_source.h"

namespace enxerto {

/// A part of a weight file in memory that is aligned for elements of `width` bytes.
struct FilePart {
  std::uint64_t begin = 0, size = 0;
  std::uint64_t width = 1;
};

/// The part where it lies if it is aligned there, otherwise a copy. Large copies are read from the file where it has a
/// path, so that they cost what reading the file costs: no page of the map comes into memory for them. The caller has
/// checked that the part is in the file.
std::shared_ptr<const std::byte> aligned_bytes(const FileSource& source, const FilePart& part);

}  // namespace enxerto
