#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/tensor.h"

namespace enxerto {

class Mapping;

/// A read-only memory map of a whole regular file; empty files are an empty span. Throws Error{kind} where it is
/// missing, a directory or unreadable, naming the file and what to try. What is read of it counts once
/// `throw_if_a_file_shrank` (files/mapping.h) has passed.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path, ErrorKind kind = ErrorKind::data);

  std::span<const std::byte> bytes() const;

  /// Bytes from `offset` on, keeping the map alive. The caller has checked the range.
  std::shared_ptr<const std::byte> share(std::size_t offset) const;

 private:
  std::shared_ptr<const Mapping> map_;
};

/// Reads a whole regular file of at most `limit` bytes into memory. Throws Error{kind}.
Tensor read_file(const std::filesystem::path& path, std::size_t limit, ErrorKind kind = ErrorKind::data);

/// The same as text.
std::string read_text(const std::filesystem::path& path, std::size_t limit, ErrorKind kind = ErrorKind::data);

/// What shows that a file has not changed: path, size, modification time, inode.
struct FileIdentity {
  std::string path;  ///< absolute
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  bool operator==(const FileIdentity&) const = default;
};

/// nullopt where there is no such file.
std::optional<FileIdentity> identity_of(const std::filesystem::path& path);

}  // namespace enxerto
