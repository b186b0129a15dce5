#include "enxerto/training/epoch_table.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/metrics/history.h"

namespace enxerto {
namespace {

constexpr std::string_view kValidationPrefix = "val_", kSeconds = "seconds";

std::string title_of(const std::string& name) { return name == kSeconds ? "time" : name; }

std::size_t width_of(const std::string& name) { return std::max<std::size_t>(title_of(name).size(), 7); }

}  // namespace

std::string EpochTable::head(const Figures& figures) {
  std::string line = fmt::format("{:>7}", "epoch");
  for (const auto& [name, value] : figures) line += fmt::format("  {:>{}}", title_of(name), width_of(name));
  return line;
}

std::string EpochTable::row(std::int64_t epoch, const Figures& figures, bool best) const {
  std::string line = fmt::format("{:>7}", fmt::format("{}/{}", epoch, epochs_));
  for (const auto& [name, value] : figures) line += fmt::format("  {:>{}}", text_of(name, value), width_of(name));
  return line + (best ? "  best" : "");
}

std::string EpochTable::text_of(const std::string& name, double value) const {
  if (is_unjudged(name, value)) return "-";
  if (name == kSeconds) return fmt::format("{:.1f} s", value);
  if (name == "learning_rate") return fmt::format("{:.3g}", value);
  const std::string_view figure =
      std::string_view(name).substr(name.starts_with(kValidationPrefix) ? kValidationPrefix.size() : 0);
  const MetricValue* known = measured_.find(figure);
  return known != nullptr && known->share ? percent(value) : fmt::format("{:.4f}", value);
}

}  // namespace enxerto
