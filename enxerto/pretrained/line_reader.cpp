#include "enxerto/pretrained/line_reader.h"

#include <system_error>

#include "enxerto/base/error.h"
#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/lone_file.h"
#include "enxerto/pretrained/onnx/line_network.h"
#include "enxerto/pretrained/onnx_backbone.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

bool reads_lines_there(const fs::path& file) {
  if (!is_onnx_file(file)) return false;
  try {
    return reads_lines(onnx_metadata(file));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::weights) throw;
    return false;  // whoever opens it says what is wrong
  }
}

}  // namespace

std::optional<fs::path> line_reader_file(const fs::path& path) { return lone_file(path, reads_lines_there); }

bool is_line_reader(const fs::path& path) { return line_reader_file(path).has_value(); }

bool is_line_reader_folder(const fs::path& path) {
  std::error_code none;
  return fs::is_directory(path, none) && is_line_reader(path);
}

Backbone line_reader_backbone(const fs::path& path, const LoadOptions& options) {
  return onnx_backbone(line_reader_file(path).value_or(path), options);
}

}  // namespace enxerto
