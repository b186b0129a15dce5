#include "enxerto/data/csv_reader.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostFields = 65'536;
constexpr std::size_t kLongestField = std::size_t{1} << 20;

}  // namespace

void CsvReader::fail_to_end(std::string found, std::string expected) {
  at_ = text_.size();
  fail(std::move(found), std::move(expected));
}

void CsvReader::fail(std::string found, std::string expected) {
  while (at_ < text_.size() && !at_line_end()) ++at_;
  throw data_error(fmt::format("{}:{}", where_, row_line_), std::move(found), std::move(expected),
                   "save the table again as CSV in UTF-8");
}

void CsvReader::pass_line_end() {
  const bool pair = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
  at_ += pair ? 2 : 1;
  ++line_;
}

void CsvReader::skip_empty_lines() {
  while (at_line_end()) pass_line_end();
}

/// Text corpora separated by tabs are mostly written without quoting, so that a quote there is one that somebody wrote.
bool CsvReader::is_quoted() const {
  if (at_ == text_.size() || text_[at_] != '"') return false;
  if (separator_ != '\t') return true;
  bool lines = false, tabs = false;
  for (std::size_t at = at_ + 1; at < text_.size() && at - at_ <= kLongestField; ++at) {
    lines = lines || text_[at] == '\n' || text_[at] == '\r';
    tabs = tabs || text_[at] == '\t';
    if (lines && tabs) return false;
    if (text_[at] != '"') continue;
    const char next = at + 1 == text_.size() ? '\n' : text_[at + 1];
    if (next != '"') return next == '\t' || next == '\n' || next == '\r';
    ++at;
  }
  return false;
}

void CsvReader::read_quoted(std::string& field) {
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
      ++at_;
    }
    if (c == '\n' || (c == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n'))) ++line_;
    field += c;
    if (field.size() > kLongestField) fail_to_end("a field of more than 1 MiB, perhaps an unclosed quote", "less");
  }
  if (at_ == text_.size()) fail_to_end("an unclosed quote", "a closing quote");
  ++at_;
  if (at_ < text_.size() && text_[at_] != separator_ && !at_line_end())
    fail("text after a closing quote", "a separator or the end of the line; quotes inside quotes are doubled");
}

void CsvReader::read_plain(std::string& field) {
  const std::size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != separator_ && !at_line_end()) ++at_;
  if (at_ - begin > kLongestField) fail_to_end("a field of more than 1 MiB", "less");
  field.assign(text_.substr(begin, at_ - begin));
}

bool CsvReader::next(std::vector<std::string>& fields) {
  skip_empty_lines();
  if (at_ == text_.size()) return false;
  row_line_ = line_;
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    if (count == kMostFields) fail("more than 65,536 columns", "fewer");
    if (count == fields.size()) fields.emplace_back();
    std::string& field = fields[count];
    field.clear();
    if (is_quoted())
      read_quoted(field);
    else
      read_plain(field);
    more = at_ < text_.size() && text_[at_] == separator_;
    if (more) ++at_;
  }
  fields.resize(count);
  if (at_ < text_.size()) pass_line_end();
  return true;
}

}  // namespace enxerto
