#pragma once
#include <deque>
#include <filesystem>

#include "enxerto/files/mapping.h"

namespace enxerto {

/// Guards what a library that is not ours has mapped of a file (LMDB maps its own), as `Mapping` guards our maps: all
/// maps of it that this process has now, as /proc/self/maps tells; none where there is no such file.
class ForeignMaps {
 public:
  ForeignMaps() = default;
  ForeignMaps(const std::filesystem::path& path, ErrorKind kind);

  /// Before the library unmaps them.
  void release() { guards_.clear(); }

 private:
  std::deque<MapGuard> guards_;  // they do not move
};

}  // namespace enxerto
