#include <sys/stat.h>

#include "enxerto/base/error.h"
#include "enxerto/features/space.h"
#include "enxerto/features/table_file.h"
#include "enxerto/files/file_lock.h"
#include "enxerto/files/json.h"

namespace enxerto {

SpaceStatus space_status(const std::filesystem::path& folder) {
  SpaceStatus status{.id = folder.filename().string(), .description = "", .rows = 0, .bytes = 0, .last_used = 0};
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    struct stat info{};
    if (stat(entry.path().c_str(), &info) != 0) continue;
    status.bytes += static_cast<std::uint64_t>(info.st_size);
    if (entry.path().filename() == "in_use") status.last_used = info.st_mtim.tv_sec;
  }
  try {
    status.description = member<std::string>(read_json(folder / "space.json", 1 << 16), "description", "space.json");
    if (!std::filesystem::exists(folder / "index.lmdb", ignored)) return status;
    const auto index = TableFile::open(folder / "index.lmdb", {.tables = {"rows"}});
    status.rows = TableFile::Reader(index).entries(0);
  } catch (const Error& error) {
    status.description += status.description.empty() ? "damaged" : " (damaged)";
  }
  return status;
}

bool delete_space(const std::filesystem::path& folder) {
  const std::optional<FileLock> lock = FileLock::try_alone(folder / "in_use");
  if (!lock) return false;
  std::error_code error;
  // Renamed first: whoever opens the space from now on makes a new one, and a kill leaves nothing half deleted in use.
  const std::filesystem::path away = folder.parent_path() / ("deleted-" + folder.filename().string());
  std::filesystem::remove_all(away, error);
  std::filesystem::rename(folder, away, error);
  if (error) return false;
  std::filesystem::remove_all(away, error);
  return true;
}

}  // namespace enxerto
