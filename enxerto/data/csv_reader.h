#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/table_reader.h"

namespace enxerto {

/// Goes through the rows of a table (RFC 4180) without holding it: fields in quotes may hold separators, line ends and
/// doubled quotes, where tabs separate only if they are closed before a tab or the end of a line; a quote inside a
/// field that does not begin with one is a character like others; lines end in LF, CRLF or CR; empty lines are ignored.
class CsvReader final : public TableReader {
 public:
  /// `text` outlives the reader, has no byte order mark and begins at `line` of the file that `where` names in errors.
  CsvReader(std::string_view text, char separator, std::string where, std::size_t line = 1)
      : text_(text), separator_(separator), where_(std::move(where)), line_(line), row_line_(line) {}

  /// The next row into `fields`; false at the end. Throws Error{data} naming file:line for a quote that is never
  /// closed, text behind a closing quote, more than 65,536 fields and a field of more than 1 MiB; the next call goes on
  /// behind that line, or ends where it is not known what belongs to the field.
  bool next(std::vector<std::string>& fields) override;

  std::size_t line() const override { return row_line_; }

 private:
  void skip_empty_lines();
  bool is_quoted() const;
  bool at_line_end() const { return at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r'); }
  void pass_line_end();
  void read_quoted(std::string& field);
  void read_plain(std::string& field);
  [[noreturn]] void fail(std::string found, std::string expected);
  [[noreturn]] void fail_to_end(std::string found, std::string expected);

  std::string_view text_;
  char separator_;
  std::string where_;
  std::size_t at_ = 0, line_, row_line_;
};

}  // namespace enxerto
