#include "enxerto/data/csv_parts.h"

#include <algorithm>
#include <deque>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/data/box_table.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_builder.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/walk.h"

namespace enxerto {

std::vector<PartTable> tables_of_parts(const std::vector<std::string>& files) {
  std::vector<PartTable> tables;
  for (const std::string& file : files) {
    if (!is_table_name(file)) continue;
    const auto part = part_named(std::filesystem::path(file).stem().string());
    if (part) tables.push_back({*part, file});
  }
  std::ranges::sort(tables, {}, [](const PartTable& table) { return std::pair(table.part, table.file); });
  const bool twice = std::ranges::adjacent_find(tables, {}, &PartTable::part) != tables.end();
  if (tables.empty() || tables.front().part != Part::train || twice) return {};
  return tables;
}

std::string table_at(const std::string& path) {
  if (is_table_name(path)) return path;
  const std::vector<PartTable> tables = tables_of_parts(readable_entries(path).files);
  return tables.empty() ? "" : (std::filesystem::path(path) / tables.front().file).string();
}

DataParts open_csv_parts(const std::string& folder, const std::vector<PartTable>& tables, const TableOptions& options,
                         const DataWatch& watch) {
  const std::filesystem::path root(folder);
  if (is_box_table(root / tables.front().file) && asks_for_boxes(options))
    throw data_error(folder, "a table of boxes for each part", "one table of boxes",
                     "put them together with a column split, or give the others by themselves (data.test)");
  const CsvFile first(root / tables.front().file, nullptr, watch.faults);
  const CsvPlan plan = plan_csv(first, options, watch.faults);
  CsvBuilder builder(first, plan, options.images.empty() ? folder : options.images);
  std::deque<CsvFile> files;  // the builder names them until it is done
  for (const PartTable& table : tables) {
    const CsvFile& file = files.emplace_back(root / table.file, &first, watch.faults);
    if (file.columns() != first.columns())
      throw data_error(file.shown(),
                       fmt::format("the columns {}", printable(fmt::format("{}", fmt::join(file.columns(), ", ")))),
                       fmt::format("{}, as {} has", printable(fmt::format("{}", fmt::join(first.columns(), ", "))),
                                   tables.front().file));
    builder.begin(file, table.part);
    builder.add_rows(file, watch);
  }
  if (builder.is_empty() && watch.faults.keeps()) return {};  // all of them were told
  return std::move(builder).finish(watch.progress);
}

}  // namespace enxerto
