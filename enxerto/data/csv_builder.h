#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/csv_dataset.h"
#include "enxerto/data/csv_plan.h"
#include "enxerto/data/data_watch.h"
#include "enxerto/data/listed_files.h"

namespace enxerto {

/// Gathers the rows of a table into a data set.
class CsvBuilder {
 public:
  /// `images`: the folder that names of pictures are relative to.
  CsvBuilder(const CsvFile& file, const CsvPlan& plan, const std::string& images);

  /// The rows to come are those of `file`, which has the same columns, and all of one part. `file` must live as long.
  void begin(const CsvFile& file, Part part);

  /// Takes a row in. Tells `faults` of an empty name, label or part, of an unknown part and of a target that is no
  /// number or no mark, naming file:line.
  void add(const std::vector<std::string>& fields, std::size_t line, DataFaults& faults);

  /// All rows of a table that are right; the others are told to `watch.faults`. Throws Error{interrupted}.
  void add_rows(const CsvFile& file, const DataWatch& watch);

  /// No row was taken in.
  bool is_empty() const { return contents_.size() == 0; }

  /// What was gathered, names sorted; says in notices how the columns are read and what looks wrong (files that are
  /// called otherwise, missing or listed twice, labels that all pictures have or none). Throws Error{data}: no rows,
  /// all pictures missing.
  DataParts finish(Progress& progress) &&;

 private:
  [[noreturn]] void fail(std::size_t line, std::string found, std::string expected) const;
  void add_picture(const std::string& written, std::size_t line);
  void add_texts(const std::vector<std::string>& fields, std::size_t line);
  std::optional<Part> part_of(std::string_view cell) const;
  void add_group(std::string_view written);
  std::uint32_t number_of(std::string_view name);
  void sort_names();
  const MediumRow& medium() const;
  void refuse_missing();
  std::string tip_to_missing();
  std::string why_missing();
  void refuse_unlearned_classes() const;
  void require_text(const std::vector<std::string>& fields, std::size_t line) const;
  void require_right(const std::vector<std::string>& fields, std::size_t line) const;
  void add_targets(const std::vector<std::string>& fields);
  void report_files(Progress& progress);
  void report_repeated(Progress& progress) const;
  void report_constant_labels(Progress& progress) const;
  void report_constant_values(Progress& progress) const;
  void report_nothing(Progress& progress) const;

  /// Rows of a kind: how many, and the first.
  struct Rows {
    std::size_t count = 0, line = 0;
    std::string written, file;
  };

  const CsvFile* file_;
  const CsvFile& first_;      ///< of several tables the one that notices name
  std::optional<Part> part_;  ///< of all rows that come now
  const CsvPlan& plan_;
  CsvContents contents_;
  ListedFiles listed_;
  Rows missing_, called_otherwise_, saying_nothing_;
  std::unordered_map<std::string, std::uint32_t> folders_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;  ///< of classes and labels by name
  std::unordered_map<std::string, std::uint32_t> group_numbers_;
  std::vector<std::uint32_t> lines_;
  std::vector<std::uint32_t> last_labels_;
  std::array<std::vector<std::size_t>, 3> parts_;  ///< positions of train, validation, test
};

}  // namespace enxerto
