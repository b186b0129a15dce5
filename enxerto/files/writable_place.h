#pragma once
#include <filesystem>

namespace enxerto {

/// Something can be made at `output`: in the nearest folder above it that is there a folder is made and removed again,
/// for what permissions say is not what every file system does. Throws Error{disk} naming `output`.
void require_writable_place(const std::filesystem::path& output);

}  // namespace enxerto
