#include "enxerto/base/cpu_quota.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr int kNoQuota = std::numeric_limits<int>::max();

int cores(double quota, double period) {
  if (!(quota > 0 && period > 0) || quota / period >= kNoQuota) return kNoQuota;
  return std::max(1, static_cast<int>(std::ceil(quota / period)));
}

/// Version 2: "200000 100000", or "max 100000".
int quota_of_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period ? cores(quota, period) : kNoQuota;
}

/// Version 1: -1 is no quota.
int quota_of_v1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us"), period_file(group / "cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quota_file >> quota && period_file >> period ? cores(quota, period) : kNoQuota;
}

/// The least of a group, "/a/b" below `mounted`, and of those that it lies in. A path of another name space is not
/// there; what is mounted is the process's own group then.
int least_up_to(const fs::path& mounted, const fs::path& group, int (*quota_of)(const fs::path&)) {
  int least = quota_of(mounted);
  fs::path at = mounted;
  for (const fs::path& part : group.relative_path()) least = std::min(least, quota_of(at /= part));
  return least;
}

bool has_cpu(std::string_view controllers) {
  while (!controllers.empty()) {
    const std::size_t end = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, end) == "cpu") return true;
    controllers.remove_prefix(std::min(end + 1, controllers.size()));
  }
  return false;
}

}  // namespace

int cores_of_quota(const ControlGroups& groups) {
  int least = std::min(quota_of_v2(groups.mounted), quota_of_v1(groups.mounted / "cpu"));
  std::ifstream mine(groups.mine);
  for (std::string line; std::getline(mine, line);) {  // "4:cpu,cpuacct:/a/b"; of version 2 "0::/a/b"
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = line.substr(second + 1);
    if (controllers.empty()) least = std::min(least, least_up_to(groups.mounted, group, quota_of_v2));
    if (has_cpu(controllers))
      for (const fs::path& mounted : {groups.mounted / "cpu", groups.mounted / controllers})
        least = std::min(least, least_up_to(mounted, group, quota_of_v1));
  }
  return least;
}

}  // namespace enxerto
