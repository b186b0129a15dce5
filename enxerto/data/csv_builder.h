#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/csv_dataset.h"
#include "enxerto/data/csv_plan.h"

namespace enxerto {

/// Gathers the rows of a table into a data set.
class CsvBuilder {
 public:
  /// `images`: the folder that names of pictures are relative to.
  CsvBuilder(const CsvFile& file, const CsvPlan& plan, const std::string& images);

  /// Takes a row in. Throws Error{data} naming file:line for an empty name, label or part and for an unknown part.
  void add(const std::vector<std::string>& fields, std::size_t line);

  /// What was gathered, names sorted; says in notices what looks wrong (pictures that are listed twice, labels that all
  /// pictures have or none). Throws Error{data}: no rows, missing pictures, one class only.
  DataParts finish(Progress& progress) &&;

 private:
  [[noreturn]] void fail(std::size_t line, std::string found, std::string expected) const;
  void add_picture(const std::string& name, std::size_t line);
  void add_part(std::string_view cell, std::size_t line);
  void add_group(std::string_view cell);
  void add_list(std::string_view cell);
  std::uint32_t number_of(std::string_view name);
  void sort_names();
  void check_pictures(Progress& progress) const;
  void report_constant_labels(Progress& progress) const;

  const CsvFile& file_;
  const CsvPlan& plan_;
  CsvContents contents_;
  std::unordered_map<std::string, std::uint32_t> folders_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;  ///< of classes and labels by name
  std::unordered_map<std::string, std::uint32_t> group_numbers_;
  std::vector<std::uint32_t> lines_;
  std::vector<std::uint32_t> last_labels_;
  std::array<std::vector<std::size_t>, 3> parts_;  ///< positions of train, validation, test
};

}  // namespace enxerto
