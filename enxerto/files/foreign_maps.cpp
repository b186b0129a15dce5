#include "enxerto/files/foreign_maps.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

namespace enxerto {

ForeignMaps::ForeignMaps(const std::filesystem::path& path, ErrorKind kind) {
  struct stat file{};
  if (::stat(path.c_str(), &file) != 0) return;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0, end = 0;
    std::uint64_t inode = 0;
    unsigned major = 0, minor = 0;
    char access[5] = "";
    // As proc(5) has it: address, permissions, offset, device, inode, path.
    if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %*x %x:%x %" SCNu64, &begin, &end, access, &major,
                    &minor, &inode) != 6)
      continue;
    // Some file systems (btrfs, overlays) show another device here than to stat.
    const bool same_device = makedev(major, minor) == file.st_dev || line.ends_with(path.filename().string());
    if (inode != file.st_ino || !same_device) continue;
    guards_.emplace_back(std::span(reinterpret_cast<const std::byte*>(begin), end - begin), path, kind,
                         access[1] == 'w' ? MapGuard::Access::write : MapGuard::Access::read);
  }
}

}  // namespace enxerto
