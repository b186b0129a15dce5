#include "enxerto/training/available_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

namespace enxerto {
namespace {

constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

/// The files of one version of control groups.
struct Names {
  const char* limit;
  const char* used;
  const char *inactive_file, *active_file;  // rows of memory.stat
};

constexpr Names kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file"};
constexpr Names kVersion2{"memory.max", "memory.current", "inactive_file", "active_file"};

std::optional<std::uint64_t> number_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::uint64_t value = 0;
  if (file >> value) return value;
  return std::nullopt;
}

/// The number behind a word at the beginning of a line.
std::optional<std::uint64_t> row_of(const std::filesystem::path& path, std::string_view word) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream row(line);
    std::string name;
    std::uint64_t value = 0;
    if (row >> name >> value && name == word) return value;
  }
  return std::nullopt;
}

std::uint64_t left_in(const std::filesystem::path& group, const Names& names) {
  const auto limit = number_in(group / names.limit), used = number_in(group / names.used);
  if (!limit || !used) return kUnknown;
  const std::uint64_t pages = row_of(group / "memory.stat", names.inactive_file).value_or(0) +
                              row_of(group / "memory.stat", names.active_file).value_or(0);
  const std::uint64_t held = *used - std::min(pages, *used);
  return *limit - std::min(held, *limit);
}

/// The least that is left in `root / path` and all groups above it. In a container the path may be one of the host's,
/// which is not there; the root then is the container's own group.
std::uint64_t left_up_from(const std::filesystem::path& root, std::string_view path, const Names& names) {
  std::uint64_t least = left_in(root, names);
  std::filesystem::path group = root;
  for (const auto& part : std::filesystem::path(path).relative_path()) {
    group /= part;
    least = std::min(least, left_in(group, names));
  }
  return least;
}

}  // namespace

std::uint64_t available_memory(const MemoryPlaces& places) {
  std::uint64_t least = kUnknown;
  if (const auto kilobytes = row_of(places.proc / "meminfo", "MemAvailable:")) least = *kilobytes * 1024;
  std::ifstream groups(places.proc / "self" / "cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (controllers == ",,") least = std::min(least, left_up_from(places.cgroup, path, kVersion2));
    if (controllers.find(",memory,") != std::string::npos)
      least = std::min(least, left_up_from(places.cgroup / "memory", path, kVersion1));
  }
  return least;
}

}  // namespace enxerto
