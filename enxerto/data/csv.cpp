#include "enxerto/data/csv.h"

#include "enxerto/data/column_names.h"
#include "enxerto/data/csv_builder.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {

DataParts open_csv(const std::filesystem::path& path, const TableOptions& options, Progress& progress) {
  const CsvFile file(path);
  const CsvPlan plan = plan_csv(file, options);
  CsvBuilder builder(file, plan, options.images.empty() ? path.parent_path().string() : options.images);
  file.for_each_row([&](const std::vector<std::string>& fields, std::size_t line) {
    if (line % 4096 == 0) throw_if_cancelled(progress);
    builder.add(fields, line);
  });
  return std::move(builder).finish(progress);
}

TableOptions as_wanted(TableOptions options, const std::filesystem::path& path, const TargetSpec& wanted) {
  if (!is_table_name(path)) return options;
  const TargetKind& kind = target_kind_named(wanted.kind);
  if (options.kind == "auto") options.kind = kind.name;
  if (!options.targets.empty() || !kind.names_are_columns) return options;
  if (kind.needs_every_name || !columns_called(csv_columns(path), wanted.names).empty()) options.targets = wanted.names;
  return options;
}

}  // namespace enxerto
