#pragma once
#include <optional>
#include <string_view>

namespace enxerto {

/// What a data set says of each example.
enum class TargetKind {
  classes,      ///< one of several classes: `Dataset::label`
  multi_label,  ///< any number of several labels: `Dataset::targets` has a 0 or a 1 for each
  values,       ///< numbers that are to be predicted: `Dataset::targets`, one a column
};

/// "classes", "multi_label", "values".
std::string_view name_of(TargetKind kind);

/// The kind of that name; nullopt where there is none.
std::optional<TargetKind> target_kind_named(std::string_view name);

}  // namespace enxerto
