#include "translated_lines.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/text_lines.h"
#include "enxerto/data/text_pairs.h"
#include "enxerto/files/json.h"
#include "enxerto/files/line_stream.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto::cli {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 30, kLongestSourceLine = std::size_t{16} << 20U,
                      kLinesAtOnce = 256;

SourceLine read_line(std::string text, std::size_t number, const std::string& where) {
  const std::size_t bad = first_bad_byte(text);
  if (bad == text.size()) return {.text = std::move(text), .number = number};
  return {
      .text = "",
      .number = number,
      .bad = fmt::format("{}:{}: the byte 0x{:02X} at byte {} of the line, which is {}", where, number,
                         static_cast<unsigned char>(text[bad]), bad + 1, text[bad] == '\0' ? "no text" : "not UTF-8")};
}

void hand_out(std::span<const SourceLine> lines, const std::function<void(std::span<const SourceLine>)>& each) {
  for (std::size_t begin = 0; begin < lines.size(); begin += kLinesAtOnce)
    each(lines.subspan(begin, std::min(kLinesAtOnce, lines.size() - begin)));
}

/// Without the mark that editors of Windows put first, and its ends of lines.
std::string bare(std::string text, std::size_t number) {
  if (number == 1) text = std::string(without_byte_order_mark(text));
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

/// The texts of a table or of lines of JSON, which has translations beside them.
std::vector<SourceLine> sources_of_pairs(const std::string& file, Progress& progress) {
  TextPairs pairs = read_text_pairs({.source = file, .target = {}, .columns = {}}, progress);
  progress.notice(fmt::format("{}: the sources of {} are translated; 'evaluate' compares with their translations",
                              printable(file), counted(pairs.sources.size(), "pair")));
  std::vector<SourceLine> lines;
  for (std::size_t i = 0; i < pairs.sources.size(); ++i)
    lines.push_back({.text = std::move(pairs.sources[i]), .number = pairs.lines[i]});
  return lines;
}

void refuse_json(std::string_view first, const std::string& where) {
  if (first.starts_with('{') && Json::parse(first, nullptr, false).is_object())
    throw data_error(where, "an object of JSON in the first line", "a text in each line",
                     "name a file that ends in .jsonl");
}

}  // namespace

void for_each_lines(const std::string& file, Progress& progress,
                    const std::function<void(std::span<const SourceLine>)>& each) {
  std::vector<SourceLine> lines;
  if (is_table_name(file)) return hand_out(sources_of_pairs(file, progress), each);
  if (file != "-") {
    for (std::string& text : all_text_lines_of(read_text(file, kLargestFile, ErrorKind::data)))
      lines.push_back(read_line(std::move(text), lines.size() + 1, printable(file)));
    return hand_out(lines, each);
  }
  const std::string where = "standard input";
  LineStream stream(STDIN_FILENO, kLongestSourceLine);
  for (std::vector<LineStream::Line> some = stream.next(progress); !some.empty(); some = stream.next(progress)) {
    if (some.front().number == 1) refuse_json(some.front().text, where);
    lines.clear();
    for (LineStream::Line& line : some)
      lines.push_back(line.too_long
                          ? SourceLine{.text = "",
                                       .number = line.number,
                                       .bad = fmt::format("{}:{}: a line of more than 16 MiB", where, line.number)}
                          : read_line(bare(std::move(line.text), line.number), line.number, where));
    hand_out(lines, each);
  }
}

}  // namespace enxerto::cli
