#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/data_faults.h"
#include "enxerto/data/table_reader.h"

namespace enxerto {

inline constexpr std::size_t kLargestTable = std::size_t{1} << 30;

/// A table of at most 1 GiB in memory, as CSV or as lines of JSON, with the names of its columns.
class CsvFile {
 public:
  /// `first`: another table of the same set, which says whether there is a header. Lines that are no objects of JSON
  /// are passed over where `faults` keeps. Throws Error{data}: missing, empty, UTF-16, which has zero bytes everywhere,
  /// no header, a header that is not UTF-8.
  explicit CsvFile(const std::filesystem::path& path, const CsvFile* first = nullptr,
                   const DataFaults& faults = refused_faults());
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  const std::string& shown() const { return shown_; }  ///< the path for errors
  const std::vector<std::string>& columns() const { return columns_; }
  char separator() const { return separator_; }

  /// The first line is an example: the columns are called text and label.
  bool without_header() const { return without_header_; }

  /// Calls `each(fields, line)` for every row below the header that is not blank; `fields` are as many as columns.
  /// Throws Error{data} naming file:line for a row with more or fewer.
  template <typename Each>
  void for_each_row(Each each) const {
    for_each_row(each, [](const Error& error, std::size_t) { throw Error(error); });
  }

  /// The same, but calls `ragged(error, line)` in place of throwing for such a row.
  template <typename Each, typename Ragged>
  void for_each_row(Each each, Ragged ragged) const {
    const std::unique_ptr<TableReader> reader = rows();
    std::vector<std::string> fields;
    while (reader->next(fields)) {
      if (is_blank(fields)) continue;
      if (fields.size() == columns_.size())
        each(fields, reader->line());
      else
        ragged(wrong_width(fields.size(), reader->line()), reader->line());
    }
  }

  /// The same, but tells `faults` of such a row and of a line that cannot be read, in place of throwing. An `each` that
  /// returns something returns whether it wants more rows.
  template <typename Each>
  void for_each_right_row(Each each, DataFaults& faults) const {
    const std::unique_ptr<TableReader> reader = rows();
    std::vector<std::string> fields;
    while (true) {
      std::optional<bool> more;  // none of a line that cannot be read
      going_on(faults, [&] { more = reader->next(fields); });
      if (more == false) return;
      if (!more || is_blank(fields)) continue;
      if (fields.size() != columns_.size()) {
        faults.add(wrong_width(fields.size(), reader->line()));
        continue;
      }
      if constexpr (std::is_void_v<decltype(each(fields, reader->line()))>) {
        each(fields, reader->line());
      } else if (!each(fields, reader->line())) {
        return;
      }
    }
  }

 private:
  std::unique_ptr<TableReader> rows() const;  ///< below the header
  static bool is_blank(const std::vector<std::string>& fields);
  Error wrong_width(std::size_t fields, std::size_t line) const;

  std::string shown_;
  std::string file_;
  std::string_view text_;       ///< without the byte order mark and Excel's line sep=
  std::size_t first_line_ = 1;  ///< of `text_` in the file
  char separator_ = ',';
  bool json_lines_ = false, without_header_ = false;
  std::vector<std::string> columns_;
};

/// `text` without spaces and tabs at its ends.
std::string_view trimmed(std::string_view text);

}  // namespace enxerto
