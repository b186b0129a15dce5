#pragma once
#include <filesystem>

namespace enxerto {

/// Where Linux tells control groups.
struct ControlGroups {
  std::filesystem::path mounted =
      "/sys/fs/cgroup";  ///< the hierarchy of version 2, or those of version 1 by controller
  std::filesystem::path mine = "/proc/self/cgroup";  ///< which groups this process is in
};

/// Processors that the quotas of this process's control groups allow, rounded up, at least 1; the largest int where
/// there is no quota. A group is bound by those that it lies in: the least counts (cgroups(7); cpu.max of version 2,
/// cpu.cfs_quota_us of version 1).
int cores_of_quota(const ControlGroups& groups = {});

}  // namespace enxerto
