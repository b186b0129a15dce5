#pragma once
#include <filesystem>
#include <optional>

#include "enxerto/bundle/bundle.h"

namespace enxerto {

/// A network of somebody else's whose own head says what it is for, as a model that can be run: one of transformers
/// that writes what is said (`is_ctc_folder`), or one that reads lines (`line_reader_file`). None where the path is
/// no such network. Throws as `load_backbone`, and Error{weights} for another ONNX file, or a damaged one.
std::optional<Bundle> ready_model(const std::filesystem::path& path);

}  // namespace enxerto
