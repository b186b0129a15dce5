#include "enxerto/data/landmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/files/csv_text.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::size_t kFew = 5, kAll = 68;

constexpr double kFarthest = 1'000'000;  // px

/// Places of the file's name and of the numbers among the columns.
struct LandmarkColumns {
  std::size_t file = 0;
  std::vector<std::size_t> numbers = {};
};

std::string number_name(std::size_t i) { return fmt::format("{}{}", i % 2 == 0 ? 'x' : 'y', i / 2 + 1); }

LandmarkColumns landmark_columns(const CsvFile& table) {
  const auto& names = table.columns();
  const auto find = [&](const std::string& wanted) {
    return std::ranges::find_if(names, [&](const std::string& name) { return lower_case(trimmed(name)) == wanted; });
  };
  const auto place = [&](const std::string& wanted) {
    const auto found = find(wanted);
    if (found == names.end())
      throw data_error(table.shown(), fmt::format("no column '{}'", wanted),
                       "the columns file, x1, y1 .. x5, y5, or up to x68, y68");
    return static_cast<std::size_t>(found - names.begin());
  };
  LandmarkColumns columns{.file = place("file")};
  const std::size_t points = find(fmt::format("x{}", kFew + 1)) == names.end() ? kFew : kAll;
  for (std::size_t i = 0; i < 2 * points; ++i) columns.numbers.push_back(place(number_name(i)));
  if (points == kAll && find("width") != names.end() && find("height") != names.end())
    columns.numbers.insert(columns.numbers.end(), {place("width"), place("height")});
  return columns;
}

/// A file's name as a cell of a table: one that is empty, or has blanks at an end, is quoted too.
std::string as_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos && !text.empty() && trimmed(text) == text) return text;
  return csv_quoted(text);
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
        if (!number || !std::isfinite(*number) || std::abs(*number) > kFarthest)
          throw data_error(where(),
                           fmt::format("'{}' in the column {}", printable(cells[column]), table.columns()[column]),
                           "a number, px; all empty where there is no face");
        numbers.push_back(*number);
      }
      found = Tensor::of<double>({static_cast<std::int64_t>(numbers.size() / 2), 2}, std::span<const double>(numbers));
    }
    if (!points.emplace(std::string(trimmed(cells[columns.file])), std::move(found)).second)
      throw data_error(where(), fmt::format("{} a second time", printable(cells[columns.file])), "a row for each file");
  });
  return points;
}

std::string landmarks_table(const std::vector<LandmarkRow>& rows) {
  std::string text = "file,faces,score,width,height";
  for (std::size_t i = 0; i < 2 * kAll; ++i) text += "," + number_name(i);
  text += '\n';
  for (const LandmarkRow& row : rows) {
    const bool has_points = row.points.shape() == Shape{kAll + 1, 2};
    text += fmt::format("{},{},", as_cell(row.file), row.faces);
    const auto number = [&](std::size_t i) { return row.points.as<double>()[i]; };
    text += has_points ? fmt::format("{:.4f},{},{}", row.score, number(2 * kAll), number(2 * kAll + 1)) : ",,";
    for (std::size_t i = 0; i < 2 * kAll; ++i) text += has_points ? fmt::format(",{}", number(i)) : ",";
    text += '\n';
  }
  return text;
}

std::shared_ptr<const LandmarkFiles::Table> LandmarkFiles::table_for(const std::filesystem::path& folder) {
  const std::lock_guard lock(mutex_);
  const auto known = tables_.find(folder.string());
  if (known != tables_.end()) return known->second;
  std::shared_ptr<const Table> table;
  std::filesystem::path above = folder.empty() ? "." : folder;
  for (int up = 0; up <= kLandmarksFoldersUp && table == nullptr; ++up) {
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
