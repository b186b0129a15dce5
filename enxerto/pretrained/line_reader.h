#pragma once
#include <filesystem>
#include <optional>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// The file of a network that reads lines (`reads_lines`): an ONNX file that is one, or the only one in a folder
/// without a config.json, as PaddleOCR's and rapidocr's packages have it beside the one that finds lines. None where
/// there is no such file, or more than one.
std::optional<std::filesystem::path> line_reader_file(const std::filesystem::path& path);
bool is_line_reader(const std::filesystem::path& path);

/// Whether it is a folder of one.
bool is_line_reader_folder(const std::filesystem::path& path);

/// The backbone of its file. Throws as `onnx_backbone`.
Backbone line_reader_backbone(const std::filesystem::path& path, const LoadOptions& options);

}  // namespace enxerto
