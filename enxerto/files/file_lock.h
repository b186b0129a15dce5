#pragma once
#include <filesystem>
#include <optional>

namespace enxerto {

/// An advisory lock on a file (flock), held until destruction; between threads of one process too.
class FileLock {
 public:
  /// Creates the file where it is missing and waits for a shared lock. Throws Error{disk}.
  static FileLock shared(const std::filesystem::path& path);

  /// The only lock on the file, made where it is missing; nullopt where somebody holds one or it cannot be opened.
  static std::optional<FileLock> try_alone(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  int descriptor() const { return descriptor_; }

  /// True while the locked file is still the one that `path` names.
  bool is(const std::filesystem::path& path) const;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace enxerto
