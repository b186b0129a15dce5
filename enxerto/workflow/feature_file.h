#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/row_layout.h"
#include "enxerto/base/stored_rows.h"

namespace enxerto {

/// Rows of features as people take them elsewhere. Nothing is copied: names and labels are asked for by row.
struct FeatureTable {
  const StoredRows* rows = nullptr;
  std::vector<std::string> classes = {};  ///< none where there are `targets`
  std::function<std::string(std::size_t row)> name;
  std::function<std::int64_t(std::size_t row)> label;                  ///< -1 where unlabelled
  std::vector<std::string> targets = {};                               ///< names of several labels, or of numbers
  std::function<std::span<const float>(std::size_t row)> target = {};  ///< one a name: 0 or 1, or the number
};

/// Throws Error{usage} unless the ending of `path` is one of .safetensors, .npy, .csv.
void check_feature_file(const std::filesystem::path& path);

/// Throws Error{usage} where a file that would be written is already there and not to be replaced, and where it is
/// `input`, which is never replaced; Error{disk} where nothing can be written there.
void require_free_feature_file(const std::filesystem::path& path, const std::filesystem::path& input, bool replace);

/// Throws Error{usage} where such a file cannot hold these values: all but safetensors are one matrix.
void check_feature_file(const std::filesystem::path& path, const RowLayout& layout);

/// Writes atomically, a row at a time. safetensors: "features" (n, ..) float32, "labels" (n) int64, metadata "names"
/// and "classes" as JSON lists; several values have their own names in place of "features", and one whose length varies
/// is NAME (all elements, one example after another), "NAME.shapes" (n, rank) and "NAME.offsets" (n + 1), int64, of the
/// first element of each example. npy (format 1.0): the rows, and F.csv beside it with name and label. csv: name,
/// label, then the values. Tables of several labels or of numbers have, in place of the label, "targets" (n, names)
/// float32 with their names in the metadata "targets", or a column a name. Throws Error{disk}, Error{usage} as
/// `check_feature_file`.
void write_features(const std::filesystem::path& path, const FeatureTable& table);

}  // namespace enxerto
