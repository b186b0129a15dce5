#include "enxerto/data/tables_beside.h"

#include <algorithm>
#include <cstddef>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/landmarks.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

/// Names of files, with and without what they end in.
std::unordered_set<std::string> names_of_files(const Dataset& examples) {
  std::unordered_set<std::string> names;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const std::string id = examples.get(i)->id();
    const std::string name = id.substr(id.rfind('/') + 1);
    names.insert(id);
    names.insert(name.substr(0, name.rfind('.')));
    names.insert(name);
  }
  return names;
}

/// Whether most of its first rows name one of them. A table that cannot be read names none.
bool names_some(const std::string& path, const std::unordered_set<std::string>& names) {
  constexpr std::size_t kLookedAt = 50;
  std::size_t rows = 0, naming = 0;
  try {
    KeptFaults faults;
    const CsvFile file(path, nullptr, faults);
    file.for_each_right_row(
        [&](const std::vector<std::string>& fields, std::size_t /*line*/) {
          naming += std::ranges::any_of(
              fields, [&](const std::string& field) { return names.contains(std::string(trimmed(field))); });
          return ++rows < kLookedAt;
        },
        faults);
  } catch (const Error&) {
    return false;
  }
  return 2 * naming > rows;
}

}  // namespace

void notice_tables_beside(const std::string& root, std::span<const std::string> files, const Dataset& examples,
                          Progress& progress) {
  std::unordered_set<std::string> names;
  for (const std::string& file : files) {
    if (!is_table_name(file) || file == kLandmarksFile) continue;
    if (names.empty()) names = names_of_files(examples);
    const std::string path = root + "/" + file;
    if (names_some(path, names))
      progress.notice(
          fmt::format("{} names these {} and is not read: the folders are taken as their classes; where the table says "
                      "better, give it in place of the folder",
                      printable(path), nouns_of(examples.info().inputs)));
  }
}

}  // namespace enxerto
