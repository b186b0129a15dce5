#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "enxerto/base/progress.h"

namespace enxerto {

/// Which file on the server the first part came from, so that one that has changed since is noticed.
struct PartOrigin {
  std::string address;
  std::string etag;           ///< a strong one, quotes included; "" where the server gives none
  std::string last_modified;  ///< "" where the server gives none
  std::uint64_t size = 0;     ///< of the whole, bytes; 0 where it is not known

  /// Whether the server can be asked for the rest of exactly this file.
  bool can_resume() const { return !etag.empty() || !last_modified.empty(); }
};

/// A download that is not finished: TARGET.part, with its origin next to it in TARGET.part.json. It stays when a
/// download stops, and is continued by the next one. Locked (flock) from opening to the end, by one process or thread
/// at a time; all throw Error{disk} naming the file.
class PartialFile {
 public:
  /// Waits while another one has it; then `progress` gets a notice, once. Throws Error{interrupted} when cancelled.
  PartialFile(std::filesystem::path target, Progress& progress);
  ~PartialFile();  ///< an empty part is removed
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  std::uint64_t size() const { return size_; }

  /// What `set_origin` wrote for this part; nullopt where nothing or nonsense is there.
  std::optional<PartOrigin> origin() const;
  void set_origin(const PartOrigin& origin);

  void append(std::span<const std::byte> bytes);

  /// Empty again, without an origin.
  void restart();

  /// Gives every byte so far to `take`, in order.
  void read(const std::function<void(std::span<const std::byte>)>& take) const;

  /// At most `count` of the first bytes.
  std::string start(std::size_t count) const;

  /// On the disk, then renamed to the target in one step.
  void finish();

 private:
  bool open_and_lock();
  std::filesystem::path origin_file() const;

  std::filesystem::path target_, part_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  bool finished_ = false;
};

}  // namespace enxerto
