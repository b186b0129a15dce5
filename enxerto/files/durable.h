#pragma once
#include <filesystem>
#include <string_view>

#include "enxerto/base/error.h"

namespace enxerto {

/// Throws Error{disk} for `path`: what was being done ("cannot be written"), the reason of `error_number`, what to try;
/// Error{memory} where it is memory that is short.
[[noreturn]] void throw_disk_error(const std::filesystem::path& path, std::string_view what, int error_number);

/// For `path`, of which that could not be done for want of memory or address space.
Error memory_error(const std::filesystem::path& path, std::string_view what);

/// `path` without trailing slash, and behind its symbolic links, so that a rename replaces what they point at.
std::filesystem::path behind_links(const std::filesystem::path& path);

/// The directory that `path` is in; "." for a bare name.
std::filesystem::path directory_of(const std::filesystem::path& path);

/// Puts a directory's entries on the disk. File systems that cannot do that are taken as they are.
void sync_directory(const std::filesystem::path& directory);

}  // namespace enxerto
