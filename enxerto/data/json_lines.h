#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/data/table_reader.h"

namespace enxerto {

/// Whether the name ends in .jsonl or .ndjson.
bool is_json_lines_name(std::string_view name);

/// The keys of all lines, in the order in which they come. Throws as `JsonLinesReader::next`; with `pass_bad` lines
/// that are no objects of JSON are passed over.
std::vector<std::string> json_lines_keys(std::string_view text, const std::string& where, bool pass_bad = false);

/// Lines of JSON objects (jsonlines.org) as rows of cells: a text as it is, a number or a truth value as it is written,
/// nothing for null and for a key that is missing, the entries of a list with | between them. Empty lines are ignored.
class JsonLinesReader final : public TableReader {
 public:
  /// `text` outlives the reader and has no byte order mark.
  JsonLinesReader(std::string_view text, std::vector<std::string> columns, std::string where)
      : text_(text), columns_(std::move(columns)), where_(std::move(where)) {}

  /// From now on numbers, lists and such in these columns are refused.
  void require_texts(std::vector<std::size_t> columns) { texts_ = std::move(columns); }

  /// Throws Error{data} naming file:line for a line that is no object of JSON, or longer than 16 MiB; the next call
  /// goes on behind it.
  bool next(std::vector<std::string>& fields) override;
  std::size_t line() const override { return line_; }

 private:
  std::string_view text_;
  std::vector<std::string> columns_;
  std::string where_;
  std::vector<std::size_t> texts_;
  std::size_t line_ = 0;
};

}  // namespace enxerto
