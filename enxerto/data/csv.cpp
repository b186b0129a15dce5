#include "enxerto/data/csv.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/csv_builder.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/squad.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

/// What a model answers with is no wish of the user's: it is the table that lacks the column.
void require_columns(const std::vector<std::string>& columns, const std::vector<std::string>& names,
                     const std::filesystem::path& path) {
  for (const std::string& name : names)
    if (std::ranges::find(columns, name) == columns.end())
      throw data_error(printable(path.string()), fmt::format("no column '{}'{}", name, did_you_mean(name, columns)),
                       "one of " + printable(fmt::format("{}", fmt::join(columns, ", "))),
                       "name the columns as in the first line");
}

}  // namespace

DataParts open_csv(const std::filesystem::path& path, const TableOptions& options, const DataWatch& watch) {
  const CsvFile file(path, nullptr, watch.faults);
  const CsvPlan plan = plan_csv(file, options, watch.faults);
  CsvBuilder builder(file, plan, options.images.empty() ? path.parent_path().string() : options.images);
  builder.add_rows(file, watch);
  if (builder.is_empty() && watch.faults.keeps()) return {};  // all of them were told
  return std::move(builder).finish(watch.progress);
}

TableOptions as_wanted(TableOptions options, const std::filesystem::path& path, const TargetSpec& wanted) {
  if (options.kind == "auto" && can_give(path, wanted.kind)) options.kind = wanted.kind;
  if (!is_table_name(path) || is_questions_file(path.string())) return options;
  const TargetKind& kind = target_kind_named(wanted.kind);
  if (options.kind == "auto") options.kind = kind.name;
  if (!options.targets.empty() || !kind.names_are_columns) return options;
  const std::vector<std::string> columns = csv_columns(path);
  // A label without its column is not known, which is not that no example has it.
  const auto is_there = [&](const std::string& name) { return std::ranges::find(columns, name) != columns.end(); };
  const bool lists =
      std::ranges::any_of(columns, [](const auto& name) { return is_one_of(name, column_names().lists); });
  if (kind.needs_every_name || (!lists && std::ranges::any_of(wanted.names, is_there)))
    require_columns(columns, wanted.names, path);
  if (kind.needs_every_name || !columns_called(columns, wanted.names).empty()) options.targets = wanted.names;
  return options;
}

}  // namespace enxerto
