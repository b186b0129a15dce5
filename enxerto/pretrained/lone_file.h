#pragma once
#include <filesystem>
#include <optional>

namespace enxerto {

/// ONNX files have no magic number; everybody calls them so.
bool is_onnx_file(const std::filesystem::path& path);

/// `path` where it is a file for which `is` holds, or the only such file of a folder that is neither a saved model nor
/// one of Hugging Face.
std::optional<std::filesystem::path> lone_file(const std::filesystem::path& path,
                                               bool (*is)(const std::filesystem::path& file));

}  // namespace enxerto
