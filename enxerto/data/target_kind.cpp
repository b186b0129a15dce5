#include "enxerto/data/target_kind.h"

#include <array>
#include <utility>

namespace enxerto {
namespace {

constexpr std::array<std::pair<TargetKind, std::string_view>, 3> kNames{
    {{TargetKind::classes, "classes"}, {TargetKind::multi_label, "multi_label"}, {TargetKind::values, "values"}}};

}  // namespace

std::string_view name_of(TargetKind kind) {
  for (const auto& [one, name] : kNames) {
    if (one == kind) return name;
  }
  return "";
}

std::optional<TargetKind> target_kind_named(std::string_view name) {
  for (const auto& [kind, one] : kNames) {
    if (one == name) return kind;
  }
  return std::nullopt;
}

}  // namespace enxerto
