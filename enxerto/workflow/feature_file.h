#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "enxerto/base/rows.h"
#include "enxerto/base/shape.h"

namespace enxerto {

/// Rows of features as people take them elsewhere. Nothing is copied: names and labels are asked for by row.
struct FeatureTable {
  const Rows* rows = nullptr;
  Shape row_shape;
  std::vector<std::string> classes;
  std::function<std::string(std::size_t row)> name;
  std::function<std::int64_t(std::size_t row)> label;  ///< -1 where unlabelled
};

/// Throws Error{usage} unless the ending of `path` is one of .safetensors, .npy, .csv.
void check_feature_file(const std::filesystem::path& path);

/// Writes atomically, a row at a time. safetensors: "features" (n, ..) float32, "labels" (n) int64, metadata "names"
/// and "classes" as JSON lists. npy (format 1.0): the rows, and F.csv beside it with name and label. csv: name, label,
/// then the values. Throws Error{disk}.
void write_features(const std::filesystem::path& path, const FeatureTable& table);

}  // namespace enxerto
