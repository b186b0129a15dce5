#include "enxerto/data/csv_cells.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/data/csv_number.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

constexpr std::size_t kColumnsNamed = 6;
constexpr std::size_t kShownOfCell = 80;

std::string expected_of(const CsvPlan& plan, const std::string& cell) {
  if (plan.kind == kMultiLabelTarget && plan.list_separator != 0) return "a list, as the other cells have: ['a', 'b']";
  if (plan.kind == kMultiLabelTarget) return plan.signs ? "1 or -1, or 1 or 0" : "0 or 1";
  return is_not_finite(cell) ? "a finite number" : "a number with a decimal point";
}

std::string tip_for(const CsvFile& file, const CsvPlan& plan, const TargetCell& target) {
  const std::string& cell = target.cell;
  if (plan.kind == kMultiLabelTarget && plan.list_separator != 0)
    return "write it as the others are, or leave the row out";
  if (is_not_finite(cell) && plan.kind != kMultiLabelTarget) return "fill it in, or leave the row out";
  if (plan.kind == kMultiLabelTarget && (trimmed(cell).empty() || says_nothing(cell)))
    return "write 1 where an example has the label and 0 where not, or leave the row out";
  if (has_decimal_comma(cell)) return "write decimals with a point, 1.5, and thousands without a comma, 1500";
  if (is_number_with_unit(cell))
    return "leave the number alone in the cell: 1500 or 1500.90, not R$ 1.500, 1.500,90 or 1500 g";
  if (says_nothing(cell) && !plan.targets_asked && !plan.kind_asked)
    return "fill it in, leave the row out, or, where these are classes, say so (data.kind = \"classes\")";
  if (trimmed(cell).empty() || says_nothing(cell))
    return "fill it in, leave the row out, or name other target columns (data.targets)";
  if (!plan.targets_asked) {
    std::vector<std::size_t> others = plan.targets;
    std::erase(others, target.column);
    return fmt::format("name the target columns (data.targets): {}",
                       first_columns(file, others.empty() ? plan.targets : others));
  }
  if (plan.targets.size() > 1) return "name columns of numbers alone, or one column of classes";
  return "name other target columns";
}

}  // namespace

bool is_right_cell(const CsvPlan& plan, const std::string& cell) {
  if (plan.kind == kRegressionTarget) return csv_number(cell).has_value();
  if (plan.kind != kMultiLabelTarget || plan.list_separator != 0) return true;
  return csv_flag(cell).has_value() || (plan.signs && csv_number(cell) == -1.0F);
}

Error wrong_cell(const CsvFile& file, const CsvPlan& plan, const TargetCell& target) {
  return data_error(fmt::format("{}:{}", file.shown(), target.line),
                    fmt::format("'{}' in column '{}'", printable(target.cell.substr(0, kShownOfCell)),
                                printable(file.columns()[target.column])),
                    expected_of(plan, target.cell), tip_for(file, plan, target));
}

std::string first_columns(const CsvFile& file, const std::vector<std::size_t>& columns) {
  std::vector<std::string> names;
  for (const std::size_t c : columns) {
    if (names.size() < kColumnsNamed) names.push_back(printable(file.columns()[c]));
  }
  return fmt::format("{}{}", fmt::join(names, ", "), columns.size() > kColumnsNamed ? ", .." : "");
}

}  // namespace enxerto
