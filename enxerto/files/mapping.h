#pragma once
#include <cstddef>
#include <filesystem>
#include <span>

#include "enxerto/base/error.h"

namespace enxerto {

/// The error of a file that became shorter while it was mapped. A run that it ended may end otherwise with the file as
/// it was.
class ShrunkFile : public Error {
 public:
  using Error::Error;
};

/// A read-only map of the first bytes of a file. Where the file becomes shorter while it is mapped, or its disk fails,
/// the system sends SIGBUS to whoever reads the missing bytes, which would end the process without a word, on whatever
/// thread of whatever engine that happens. So the first of these installs a handler that puts a page of zeros under the
/// address, if it lies in a map of ours, and notes the file; faults elsewhere go where they went before. Nothing may
/// leave the library that was made of such zeros: `throw_if_a_file_shrank` stands where weights have been read, where
/// an engine has answered, and where a file is committed. (Jumping out of the handler would skip the destructors of
/// code that is not ours; copying all files into memory would cost those of which a part is used, such as checkpoints
/// with the state of an optimizer.)
class Mapping {
 public:
  /// Of an open file. Throws Error{memory}; other failures leave `failure` set and `data` null.
  Mapping(int file, std::size_t size, const std::filesystem::path& path, ErrorKind kind);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  int failure() const { return failure_; }  ///< the number of the error; 0: none

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  int failure_ = 0;
};

/// A map that is not a `Mapping`, guarded in the same way as long as this lives. It has to go before the map does.
class MapGuard {
 public:
  enum class Access { read, write };
  MapGuard(std::span<const std::byte> map, const std::filesystem::path& path, ErrorKind kind, Access access);
  ~MapGuard();
  MapGuard(const MapGuard&) = delete;
  MapGuard& operator=(const MapGuard&) = delete;

 private:
  const std::byte* data_;
};

/// Throws ShrunkFile of the kind that its map has, naming it, where a file has become shorter since it was mapped and
/// the missing bytes were read: as long as it is mapped, and, where nobody was told meanwhile, once afterwards. A
/// single load where there is none.
void throw_if_a_file_shrank();

/// What `read` returns, unless a file shrank meanwhile, which is then the error: others follow from it.
template <typename Read>
auto unless_it_shrank(Read read) {
  try {
    auto result = read();
    throw_if_a_file_shrank();
    return result;
  } catch (const Error&) {
    throw_if_a_file_shrank();
    throw;
  }
}

/// Reads a byte of every page: what a system call was given and could not read is noted as if it had been read here.
void touch(std::span<const std::byte> bytes);

}  // namespace enxerto
