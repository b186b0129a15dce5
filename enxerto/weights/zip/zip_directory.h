#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/weights/zip/zip_archive.h"

namespace enxerto {

/// The entries of a zip archive in the order of its central directory, each checked to lie inside the file, in front of
/// the directory and apart from the others. Throws Error{weights}.
std::vector<ZipEntry> read_zip_directory(std::span<const std::byte> bytes, std::string_view where);

}  // namespace enxerto
