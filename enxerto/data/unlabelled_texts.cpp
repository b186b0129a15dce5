#include "enxerto/data/unlabelled_texts.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/json_lines.h"
#include "enxerto/data/text_cells.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/code_points.h"

namespace enxerto {
namespace {

std::vector<std::size_t> text_columns(const std::vector<std::string>& columns, const std::vector<std::string>& learned,
                                      const std::string& where) {
  if (std::vector<std::size_t> known = columns_called(columns, learned); !known.empty()) return known;
  // The only column needs no name that is known, unless it says that it holds something else: an id, an answer.
  const ColumnNames& names = column_names();
  const auto tells = [&](const std::string& column) {
    return is_one_of(column, names.numbering) || is_one_of(column, names.classes) || is_one_of(column, names.lists);
  };
  if (columns.size() == 1 && !tells(columns.front())) return {0};
  const auto any = [](std::size_t) { return true; };
  for (const ColumnPair& pair : column_pairs()) {
    const auto first = find_column(columns, std::span(&pair.first, 1), any);
    const auto second = find_column(columns, std::span(&pair.second, 1), any);
    if (first && second) return {*first, *second};
  }
  if (const auto column = find_column(columns, column_names().texts, any)) return {*column};
  throw data_error(where, "no column of texts among " + printable(fmt::format("{}", fmt::join(columns, ", "))),
                   "one called text, or two called sentence1 and sentence2", "call it text");
}

/// Of an example of two texts, which no network answers from one of them.
Error empty_field(const std::string& where, const std::string& name) {
  return data_error(where, fmt::format("an empty text under '{}'", printable(name)), "a text in each field");
}

/// Adds the chosen cells of each row.
class TextRows {
 public:
  /// `names` are those of all columns.
  TextRows(std::vector<std::size_t> columns, std::vector<std::string> names, const std::string& name)
      : columns_(std::move(columns)), names_(std::move(names)), where_(name), cells_(columns_.size()) {
    cells_.set_source(name);
  }

  void add(const std::vector<std::string>& fields, std::size_t line) {
    std::array<std::string_view, 2> texts;
    for (std::size_t i = 0; i < columns_.size(); ++i) texts.at(i) = fields[columns_[i]];
    if (columns_.size() > 1)
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (is_blank(texts.at(i)))
          return add_bad(empty_field(fmt::format("{}:{}", where_, line), names_[columns_[i]]), line);
    cells_.add(std::span(texts).first(columns_.size()), line);
  }

  void add_bad(const Error& error, std::size_t line) {
    if (error.kind() != ErrorKind::data) throw Error(error);
    if (bad_ == 0) first_bad_ = error.text();
    ++bad_;
    cells_.add_bad(error.text(), line);
  }

  DatasetPtr finish(const std::string& where) && {
    if (cells_.size() == 0) throw data_error(where, "no texts", "one a line");
    if (bad_ == cells_.size()) throw Error(ErrorKind::data, first_bad_);
    return text_dataset(std::move(cells_));
  }

 private:
  std::vector<std::size_t> columns_;
  std::vector<std::string> names_;
  std::string where_;
  TextCells cells_;
  std::size_t bad_ = 0;
  ErrorText first_bad_;
};

/// Throws what is wrong with the first line where no line has any key.
std::vector<std::string> keys_of(std::string_view text, const std::string& name) {
  std::vector<std::string> keys = json_lines_keys(text, name, true);
  return keys.empty() ? json_lines_keys(text, name) : keys;
}

DatasetPtr json_lines(std::string_view text, const std::string& name, const std::vector<std::string>& learned) {
  const std::vector<std::string> keys = keys_of(text, name);
  const std::vector<std::size_t> columns = text_columns(keys, learned, name);
  TextRows rows(columns, keys, std::filesystem::path(name).filename().string());
  JsonLinesReader reader(text, keys, name);
  reader.require_texts(columns);
  std::vector<std::string> fields;
  for (bool more = true; more;) {
    try {
      more = reader.next(fields);
      if (more) rows.add(fields, reader.line());
    } catch (const Error& error) {
      rows.add_bad(error, reader.line());
    }
  }
  return std::move(rows).finish(name);
}

}  // namespace

DatasetPtr text_lines(std::string_view text, const std::string& name, const std::vector<std::string>& learned) {
  constexpr std::string_view kBlank = " \t\r\n";
  text = without_byte_order_mark(text);
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first != std::string_view::npos && text[first] == '{') return json_lines(text, name, learned);
  TextRows rows({0}, {"text"}, name);
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(kBlank) != std::string_view::npos) rows.add({std::string(line)}, number);
  });
  return std::move(rows).finish(name);
}

DatasetPtr text_table(const std::filesystem::path& path, const std::vector<std::string>& learned) {
  if (is_json_lines_name(path.string())) {
    const std::string text = read_text(path, kLargestTable);
    return json_lines(without_byte_order_mark(text), printable(path.string()), learned);
  }
  const CsvFile file(path);
  TextRows rows(text_columns(file.columns(), learned, file.shown()), file.columns(), path.filename().string());
  file.for_each_row([&](const std::vector<std::string>& fields, std::size_t line) { rows.add(fields, line); },
                    [&](const Error& ragged, std::size_t line) { rows.add_bad(ragged, line); });
  return std::move(rows).finish(file.shown());
}

TextLineReader::TextLineReader(std::string name, std::vector<std::string> learned)
    : name_(std::move(name)), learned_(std::move(learned)) {
  begin();
}

void TextLineReader::begin() {
  cells_ = TextCells(std::max<std::size_t>(learned_.size(), 1));
  cells_.set_source(name_);
}

void TextLineReader::add(std::string_view line, std::size_t number) {
  if (number == 1) line = without_byte_order_mark(line);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (is_blank(line)) {
    ++blanks_;
    return;
  }
  ++lines_;
  try {
    add_line(line, fmt::format("{}:{}", name_, number), number);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    cells_.add_bad(error.text(), number);
  }
}

void TextLineReader::add_too_long(std::size_t number, std::size_t longest) {
  ++lines_;
  cells_.add_bad(
      data_error(fmt::format("{}:{}", name_, number), fmt::format("a line of more than {}", format_bytes(longest)),
                 "shorter lines", "cut it into several texts")
          .text(),
      number);
}

void TextLineReader::add_line(std::string_view line, const std::string& where, std::size_t number) {
  const bool braced = line[line.find_first_not_of(" \t\r")] == '{';
  if (form_ == Form::plain) {
    if (braced && Json::accept(line))
      throw data_error(where, "an object of JSON behind lines of plain text", "lines of one kind",
                       "predict them apart");
  } else if (form_ == Form::json || braced) {
    const Json object = parse_json(line, where);
    if (!object.is_object()) throw data_error(where, object.type_name(), "an object of JSON in each line");
    form_ = Form::json;
    return add_object(object, where, number);
  }
  form_ = Form::plain;
  if (learned_.size() > 1)
    throw data_error(where, "a line of plain text",
                     fmt::format("an object of JSON with {}", fmt::join(learned_, ", ")));
  cells_.add({&line, 1}, number);
}

void TextLineReader::add_object(const Json& object, const std::string& where, std::size_t number) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  for (const std::string& key : learned_)
    if (learned_.size() > 1 && keys.size() < learned_.size() && std::ranges::find(keys, key) == keys.end())
      throw empty_field(where, key);
  for (const std::string& key : keys_)
    if (std::ranges::find(keys, key) == keys.end())
      throw data_error(where, fmt::format("no field '{}', which the lines before it have", printable(key)),
                       "the same fields in each line");
  const std::vector<std::size_t> columns = text_columns(keys, keys_.empty() ? learned_ : keys_, where);
  if (columns.size() != cells_.fields())
    throw data_error(where, counted(columns.size(), "text"), counted(cells_.fields(), "text") + " in each line");
  std::vector<std::string> texts;
  for (const std::size_t column : columns) {
    const Json& value = object.at(keys[column]);
    if (!value.is_string() && !value.is_null())
      throw data_error(where, fmt::format("a {} under '{}'", value.type_name(), printable(keys[column])), "a text");
    texts.push_back(value.is_null() ? "" : value.get<std::string>());
    if (columns.size() > 1 && is_blank(texts.back())) throw empty_field(where, keys[column]);
  }
  cells_.add(std::vector<std::string_view>(texts.begin(), texts.end()), number);
  if (keys_.empty())
    for (const std::size_t column : columns) keys_.push_back(keys[column]);
}

DatasetPtr TextLineReader::take() {
  DatasetPtr block = cells_.size() == 0 ? nullptr : text_dataset(std::move(cells_));
  begin();
  return block;
}

}  // namespace enxerto
