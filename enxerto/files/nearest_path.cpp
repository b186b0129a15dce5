#include "enxerto/files/nearest_path.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "enxerto/base/nearest.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/durable.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostNames = 10'000;

}  // namespace

std::string did_you_mean_path(const std::filesystem::path& path) {
  std::filesystem::path plain = path;
  if (!plain.has_filename()) plain = plain.parent_path();
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(directory_of(plain), error);
       !error && entry != std::filesystem::directory_iterator() && names.size() < kMostNames; entry.increment(error))
    names.push_back(entry->path().filename().string());
  const std::optional<std::string> near = nearest(plain.filename().string(), names);
  if (!near) return "";
  const std::filesystem::path meant = plain.parent_path() / *near;
  return fmt::format("; did you mean '{}'?", as_utf8(meant.string()));
}

}  // namespace enxerto
