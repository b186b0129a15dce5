#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace enxerto {

/// Writes a file so that a full disk, a kill or a power cut leaves the old file or the new one, whole: a temporary file
/// in the same directory, fsync, rename, fsync of the directory. Nothing is visible before `commit`; the destructor
/// removes what was not committed. A symbolic link stays and what it points at is replaced; permissions are kept. All
/// throw Error{disk} naming the file.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);

  /// `may_be_lost`: for what can be made again and has a checksum; after a power cut the file may hold anything.
  enum class Durability { kept, may_be_lost };
  void commit(Durability durability = Durability::kept);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole of a small file at once.
void write_atomically(const std::filesystem::path& path, std::string_view text);
void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// A directory that appears whole or not at all: filled under a temporary name next to `path`, then renamed to it. A
/// directory that is already at `path` is replaced only where `replace` is true (swapped by renameat2, the old one
/// removed afterwards); otherwise the constructor throws Error{usage}. Missing parent directories are made. All else
/// throws Error{disk}.
class AtomicDirectory {
 public:
  AtomicDirectory(const std::filesystem::path& path, bool replace);
  ~AtomicDirectory();
  AtomicDirectory(const AtomicDirectory&) = delete;
  AtomicDirectory& operator=(const AtomicDirectory&) = delete;

  const std::filesystem::path& temporary() const;  ///< write the files here
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace enxerto
