#include "enxerto/data/csv.h"

#include "enxerto/data/csv_builder.h"

namespace enxerto {

DataParts open_csv(const std::filesystem::path& path, const CsvOptions& options, Progress& progress) {
  const CsvFile file(path);
  const CsvPlan plan = plan_csv(file, options);
  CsvBuilder builder(file, plan, options.images.empty() ? path.parent_path().string() : options.images);
  file.for_each_row([&](const std::vector<std::string>& fields, std::size_t line) {
    if (line % 4096 == 0) throw_if_cancelled(progress);
    builder.add(fields, line);
  });
  return std::move(builder).finish(progress);
}

}  // namespace enxerto
