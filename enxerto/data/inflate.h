#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace enxerto {

/// Bytes in mapped memory, kept alive by `data`.
struct MappedBytes {
  std::shared_ptr<const std::byte> data;
  std::size_t size = 0;
};

/// The bytes of a file, plain or gzip (recognised by content), as a memory map. What is inflated goes to a temporary
/// file without a name, not into memory. `expected_size` gets the first `header` bytes and tells how long the whole
/// must be: nothing beyond it is ever written. Throws Error{data} for a file that is shorter, longer or damaged.
MappedBytes map_plain_or_gzip(const std::filesystem::path& path, std::size_t header,
                              const std::function<std::uint64_t(std::span<const std::byte>)>& expected_size);

}  // namespace enxerto
