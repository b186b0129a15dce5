#include "enxerto/data/landmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::size_t kNumbersOfPoints = 10;
constexpr int kFoldersUp = 3;

/// Places of the file's name and of the ten numbers among the columns.
struct LandmarkColumns {
  std::size_t file = 0;
  std::array<std::size_t, kNumbersOfPoints> numbers{};
};

LandmarkColumns landmark_columns(const CsvFile& table) {
  const auto place = [&](const std::string& wanted) {
    const auto& names = table.columns();
    const auto found =
        std::ranges::find_if(names, [&](const std::string& name) { return lower_case(trimmed(name)) == wanted; });
    if (found == names.end())
      throw data_error(table.shown(), fmt::format("no column '{}'", wanted), "the columns file, x1, y1 .. x5, y5");
    return static_cast<std::size_t>(found - names.begin());
  };
  LandmarkColumns columns{.file = place("file")};
  for (std::size_t i = 0; i < kNumbersOfPoints; ++i)
    columns.numbers[i] = place(fmt::format("{}{}", i % 2 == 0 ? 'x' : 'y', i / 2 + 1));
  return columns;
}

}  // namespace

std::map<std::string, Tensor, std::less<>> read_landmarks(const std::filesystem::path& path) {
  const CsvFile table(path);
  const LandmarkColumns columns = landmark_columns(table);
  std::map<std::string, Tensor, std::less<>> points;
  table.for_each_row([&](const std::vector<std::string>& cells, std::size_t line) {
    const auto where = [&] { return fmt::format("{}:{}", table.shown(), line); };
    const auto is_empty = [&](std::size_t column) { return trimmed(cells[column]).empty(); };
    Tensor found;
    if (!std::ranges::all_of(columns.numbers, is_empty)) {
      std::vector<double> numbers;
      for (const std::size_t column : columns.numbers) {
        const std::optional<double> number = plain_number(trimmed(cells[column]));
        if (!number)
          throw data_error(where(),
                           fmt::format("'{}' in the column {}", printable(cells[column]), table.columns()[column]),
                           "a number, px; all ten empty where there is no face");
        numbers.push_back(*number);
      }
      found = Tensor::of<double>({kNumbersOfPoints / 2, 2}, std::span<const double>(numbers));
    }
    if (!points.emplace(std::string(trimmed(cells[columns.file])), std::move(found)).second)
      throw data_error(where(), fmt::format("{} a second time", printable(cells[columns.file])), "a row for each file");
  });
  return points;
}

std::shared_ptr<const LandmarkFiles::Table> LandmarkFiles::table_for(const std::filesystem::path& folder) {
  const std::lock_guard lock(mutex_);
  const auto known = tables_.find(folder.string());
  if (known != tables_.end()) return known->second;
  std::shared_ptr<const Table> table;
  std::filesystem::path above = folder.empty() ? "." : folder;
  for (int up = 0; up <= kFoldersUp && table == nullptr; ++up) {
    const std::filesystem::path file = above / kLandmarksFile;
    if (is_file(file.string())) {
      auto points = read_landmarks(file);
      table = std::make_shared<Table>(Table{.folder = above.string(), .points = std::move(points)});
    }
    if (!above.has_parent_path() || above.parent_path() == above) break;
    above = above.parent_path();
  }
  tables_[folder.string()] = table;
  return table;
}

Tensor LandmarkFiles::of(const std::string& path) {
  const std::filesystem::path file = std::filesystem::path(path).lexically_normal();
  const std::shared_ptr<const Table> table = table_for(file.parent_path());
  if (table == nullptr) return {};
  const auto found = table->points.find(file.lexically_relative(table->folder).string());
  return found == table->points.end() ? Tensor() : found->second;
}

}  // namespace enxerto
