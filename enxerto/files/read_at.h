#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "enxerto/base/error.h"

namespace enxerto {

/// Fills `to` from a file's bytes at `offset`. Cheaper than a copy out of a memory map, whose pages would come into
/// memory too. Throws Error{kind} where the file cannot be read or ends before.
void read_at(const std::filesystem::path& path, std::uint64_t offset, std::span<std::byte> to, ErrorKind kind);

}  // namespace enxerto
