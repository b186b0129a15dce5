#include "enxerto/pretrained/lone_file.h"

#include <system_error>

#include "enxerto/files/is_file.h"

namespace enxerto {

namespace fs = std::filesystem;

bool is_onnx_file(const fs::path& path) { return path.extension() == ".onnx" && is_file(path); }

std::optional<fs::path> lone_file(const fs::path& path, bool (*is)(const fs::path& file)) {
  std::error_code none;
  if (!fs::is_directory(path, none)) return is(path) ? std::optional(path) : std::nullopt;
  if (is_file(path / "config.json") || is_file(path / "MANIFEST.json")) return std::nullopt;
  std::optional<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, none)) {
    if (!is(entry.path())) continue;
    if (found) return std::nullopt;
    found = entry.path();
  }
  return found;
}

}  // namespace enxerto
