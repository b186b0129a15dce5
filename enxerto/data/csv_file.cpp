#include "enxerto/data/csv_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_reader.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/json_lines.h"
#include "enxerto/data/without_header.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

std::string_view text_of(std::string_view text, const std::string& shown) {
  if (is_utf16(text)) require_utf8(text, shown);
  return without_byte_order_mark(text);
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

/// What Excel is told by a first line "sep=;"; 0 where there is none.
char told_separator(std::string_view text) {
  const std::string_view line = first_line(text);
  return line.size() == 5 && lower_case(line.substr(0, 4)) == "sep=" ? line[4] : '\0';
}

/// The first that the header has, in quotes or not.
char separator_of(const std::filesystem::path& path, std::string_view text) {
  if (const std::string ending = lower_case(path.extension().string()); ending == ".tsv" || ending == ".tab")
    return '\t';
  const std::string_view header = first_line(text);
  for (const char separator : {',', ';', '\t', '|'}) {
    if (header.find(separator) != std::string_view::npos) return separator;
  }
  return ',';
}

}  // namespace

bool is_table_name(const std::filesystem::path& path) {
  const std::string ending = lower_case(path.extension().string());
  return ending == ".csv" || ending == ".tsv" || ending == ".tab" || is_json_lines_name(ending);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

CsvFile::CsvFile(const std::filesystem::path& path, const CsvFile* first, const DataFaults& faults)
    : shown_(printable(path.string())),
      file_(read_text(path, kLargestTable)),
      text_(text_of(file_, shown_)),
      separator_(told_separator(text_)),
      json_lines_(is_json_lines_name(path.string())) {
  if (json_lines_) {
    columns_ = json_lines_keys(text_, shown_, faults.keeps());
    if (columns_.empty()) json_lines_keys(text_, shown_);  // says what is wrong with its first line
    if (columns_.empty()) throw data_error(shown_, "an empty file", "an object of JSON in each line");
    return;
  }
  if (separator_ == '\0') {
    separator_ = separator_of(path, text_);
  } else {
    text_.remove_prefix(first_line(text_).size());
    if (text_.starts_with('\r')) text_.remove_prefix(1);
    if (text_.starts_with('\n')) text_.remove_prefix(1);
    first_line_ = 2;
  }
  CsvReader reader(text_, separator_, shown_, first_line_);
  if (!reader.next(columns_)) throw data_error(shown_, "an empty file", "a table whose first line names the columns");
  for (std::string& column : columns_) {
    column = std::string(trimmed(column));
    require_utf8(column, fmt::format("{}:{}", shown_, first_line_));
  }
  std::vector<std::string> names;
  if (first == nullptr)
    names = names_without_header(columns_, reader);
  else if (first->without_header() && columns_.size() == first->columns().size())
    names = first->columns();
  without_header_ = !names.empty();
  if (without_header_) columns_ = std::move(names);
}

std::unique_ptr<TableReader> CsvFile::rows() const {
  if (json_lines_) return std::make_unique<JsonLinesReader>(text_, columns_, shown_);
  auto reader = std::make_unique<CsvReader>(text_, separator_, shown_, first_line_);
  std::vector<std::string> header;
  if (!without_header_) reader->next(header);
  return reader;
}

bool CsvFile::is_blank(const std::vector<std::string>& fields) {
  return std::ranges::all_of(fields, [](const std::string& field) { return trimmed(field).empty(); });
}

Error CsvFile::wrong_width(std::size_t fields, std::size_t line) const {
  return data_error(fmt::format("{}:{}", shown_, line), fmt::format("{} fields", fields),
                    fmt::format("{}, as the first line has", columns_.size()), "quote fields that contain a separator");
}

std::vector<std::string> csv_columns(const std::filesystem::path& path) { return CsvFile(path).columns(); }

}  // namespace enxerto
