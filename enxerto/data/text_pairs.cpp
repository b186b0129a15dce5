#include "enxerto/data/text_pairs.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_reader.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/json_lines.h"
#include "enxerto/data/pair_paths.h"
#include "enxerto/data/text_lines.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/guessed_language.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestPairFile = std::size_t{1} << 30, kShownBytes = 60;
constexpr double kManyCopies = 0.05;

bool is_empty_text(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::string beginning_of(std::string_view text) {
  return printable(std::string(text.substr(0, kShownBytes))) + (text.size() > kShownBytes ? " .." : "");
}

/// What the two sides are called: the endings of files, columns or keys.
using SideNames = std::array<std::string, 2>;

/// Collects pairs, and counts what is wrong with them.
class PairCollector {
 public:
  PairCollector(std::string where, SideNames sides) : where_(std::move(where)), sides_(std::move(sides)) {}

  void add(std::string source, std::string target, std::size_t line) {
    for (const std::string& text : {source, target})
      if (as_utf8(text) != text)
        throw data_error(fmt::format("{}:{}", where_, line), "bytes that are no UTF-8", "text in UTF-8",
                         "convert the file: iconv -f LATIN1 -t UTF-8");
    if (is_empty_text(source) || is_empty_text(target)) {
      if (pairs_.blank++ == 0) first_blank_ = line;
      return;
    }
    pairs_.same += source == target ? 1 : 0;
    pairs_.sources.push_back(std::move(source));
    pairs_.targets.push_back(std::move(target));
    pairs_.lines.push_back(line);
  }

  TextPairs finish(Progress& progress) && {
    if (pairs_.sources.empty())
      throw data_error(where_, pairs_.blank == 0 ? "no pairs of texts" : "nothing but pairs with a blank side",
                       "a text and its translation in each line");
    if (pairs_.blank > 0)
      progress.notice(fmt::format("{}: left out {} of which one side or both are blank, the first in line {}", where_,
                                  counted(pairs_.blank, "pair"), first_blank_));
    const double share = static_cast<double>(pairs_.same) / static_cast<double>(pairs_.sources.size());
    tell_languages(share, progress);
    if (share > kManyCopies)
      progress.notice(fmt::format("{}: both sides are the same in {:.0f} % of the pairs: are they translations?",
                                  where_, 100 * share));
    return std::move(pairs_);
  }

 private:
  /// What both sides look like, and whether they are called otherwise.
  void tell_languages(double copies, Progress& progress) const {
    const std::optional<GuessedLanguage> source = guessed_language(pairs_.sources),
                                         target = guessed_language(pairs_.targets);
    if (!source || !target) return;
    progress.result(fmt::format("{}: {} to {}, by their words; {:.1f} % of {} are copies", where_, source->name,
                                target->name, 100 * copies, counted(pairs_.sources.size(), "pair")));
    const std::string_view first = language_code(sides_[0]), second = language_code(sides_[1]);
    if (source->name == target->name)
      progress.notice(fmt::format("{}: both sides look like {}: are they translations?", where_, source->name));
    else if (!first.empty() && !second.empty() && source->code == second && target->code == first)
      progress.notice(fmt::format("{}: '{}' looks like {}, and '{}' like {}: are source and target swapped?", where_,
                                  sides_[0], source->name, sides_[1], target->name));
  }

  std::string where_;
  SideNames sides_;
  TextPairs pairs_;
  std::size_t first_blank_ = 0;
};

std::vector<std::string> lines_of_file(const std::filesystem::path& path) {
  return all_text_lines_of(read_text(path, kLargestPairFile, ErrorKind::data));
}

/// Says where two files have come apart, as far as that can be seen.
[[noreturn]] void refuse_unequal(const TextPairFiles& files, const std::vector<std::string>& source,
                                 const std::vector<std::string>& target) {
  const std::size_t common = std::min(source.size(), target.size());
  const auto& longer = source.size() > target.size() ? source : target;
  const std::string longer_name = (source.size() > target.size() ? files.source : files.target).filename().string();
  std::string found =
      fmt::format("{} lines in {}, {} in {}; the first without a partner is line {} of {}: {}", source.size(),
                  files.source.filename().string(), target.size(), files.target.filename().string(), common + 1,
                  longer_name, beginning_of(longer[common]));
  for (std::size_t i = 0; i < common; ++i) {
    if (is_empty_text(source[i]) == is_empty_text(target[i])) continue;
    found += fmt::format("; line {} is blank in {} alone", i + 1,
                         (is_empty_text(source[i]) ? files.source : files.target).filename().string());
    break;
  }
  throw data_error(printable(files.source.string()), std::move(found),
                   "as many lines in both, each with its translation");
}

/// "en" of "train.en".
std::string side_name(const std::filesystem::path& path) {
  const std::string ending = path.extension().string();
  return printable(ending.empty() ? ending : ending.substr(1));
}

TextPairs aligned_files(const TextPairFiles& files, Progress& progress) {
  std::vector<std::string> source = lines_of_file(files.source), target = lines_of_file(files.target);
  if (source.size() != target.size()) refuse_unequal(files, source, target);
  PairCollector pairs(printable(files.source.string()), {side_name(files.source), side_name(files.target)});
  for (std::size_t i = 0; i < source.size(); ++i) pairs.add(std::move(source[i]), std::move(target[i]), i + 1);
  return std::move(pairs).finish(progress);
}

/// The two columns that are meant. Nothing where they cannot be told.
std::optional<std::array<std::size_t, 2>> pair_columns(const std::vector<std::string>& names,
                                                       const std::vector<std::string>& asked,
                                                       const std::string& where) {
  std::array<std::size_t, 2> columns{};
  const std::vector<std::string> wanted = asked.empty() ? std::vector<std::string>{"source", "target"} : asked;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto found = std::ranges::find(names, wanted.at(i));
    if (found == names.end() && asked.empty())
      return names.size() == 2 ? std::optional(std::array<std::size_t, 2>{0, 1}) : std::nullopt;
    if (found == names.end())
      throw usage_error(where, fmt::format("no column '{}'{}", wanted[i], did_you_mean(wanted[i], names)),
                        fmt::format("one of {}", printable(fmt::format("{}", fmt::join(names, ", ")))));
    columns.at(i) = static_cast<std::size_t>(found - names.begin());
  }
  return columns;
}

[[noreturn]] void ask_for_columns(const std::string& where, const std::vector<std::string>& names) {
  throw usage_error(where, "the columns " + printable(fmt::format("{}", fmt::join(names, ", "))),
                    "the columns of the source and of the target", R"(name them: data.texts = ["SOURCE", "TARGET"])");
}

TextPairs table_pairs(const TextPairFiles& files, char separator, Progress& progress) {
  const std::string where = printable(files.source.string());
  const std::string text = read_text(files.source, kLargestPairFile, ErrorKind::data);
  CsvReader reader(without_byte_order_mark(text), separator, where);
  std::vector<std::string> row;
  if (!reader.next(row)) throw data_error(where, "an empty file", "a text and its translation in each line");
  const bool plain = separator == '\t' && files.columns.empty() &&
                     (std::ranges::find(row, "source") == row.end() || std::ranges::find(row, "target") == row.end());
  std::optional<std::array<std::size_t, 2>> columns =
      plain ? std::array<std::size_t, 2>{0, 1} : pair_columns(row, files.columns, where);
  if (!columns) ask_for_columns(where, row);
  const std::size_t width = row.size();
  PairCollector pairs(where,
                      plain ? SideNames{} : SideNames{printable(row[(*columns)[0]]), printable(row[(*columns)[1]])});
  bool first = plain;
  while (first || reader.next(row)) {
    first = false;
    if (row.size() <= std::max((*columns)[0], (*columns)[1]) || (!plain && row.size() != width))
      throw data_error(fmt::format("{}:{}", where, reader.line()), counted(row.size(), "column"),
                       fmt::format("{}, as in the first line", width));
    pairs.add(row[(*columns)[0]], row[(*columns)[1]], reader.line());
  }
  return std::move(pairs).finish(progress);
}

/// The object of a line that has the texts: below "translation", where that is one.
const Json& texts_in(const Json& object) {
  const auto inside = object.find("translation");
  return inside != object.end() && inside->is_object() ? *inside : object;
}

TextPairs json_pairs(const TextPairFiles& files, Progress& progress) {
  const std::string where = printable(files.source.string());
  const std::string text = read_text(files.source, kLargestPairFile, ErrorKind::data);
  std::optional<PairCollector> pairs;
  std::optional<SideNames> keys;
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    if (is_empty_text(line)) return;
    const std::string here = fmt::format("{}:{}", where, number);
    const Json object = parse_json(line, here);
    if (!object.is_object()) throw data_error(here, object.type_name(), "an object of JSON in each line");
    const Json& texts = texts_in(object);
    if (!keys) {
      std::vector<std::string> names;
      for (const auto& [key, value] : texts.items()) names.push_back(key);
      const auto columns = pair_columns(names, files.columns, here);
      if (!columns) ask_for_columns(here, names);
      keys = {names[(*columns)[0]], names[(*columns)[1]]};
      pairs.emplace(where, *keys);
    }
    std::array<std::string, 2> found;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto value = texts.find(keys->at(i));
      if (value == texts.end() || !value->is_string())
        throw data_error(here, fmt::format("no text under '{}'", keys->at(i)),
                         "a text and its translation in each line");
      found.at(i) = value->get<std::string>();
    }
    pairs->add(std::move(found[0]), std::move(found[1]), number);
  });
  if (!pairs) pairs.emplace(where, SideNames{});
  return std::move(*pairs).finish(progress);
}

}  // namespace

TextPairs read_text_pairs(const TextPairFiles& files, Progress& progress) {
  if (const std::optional<PairPath> two = files.target.empty() ? pair_path(files.source.string()) : std::nullopt)
    return read_text_pairs({.source = two->source, .target = two->target, .columns = files.columns}, progress);
  if (!files.columns.empty() && files.columns.size() != 2)
    throw usage_error("columns of texts", counted(files.columns.size(), "column"), "two: of the source, of the target");
  const std::string ending = files.source.extension().string();
  if (!files.target.empty() && is_table_name(files.source))
    throw usage_error(printable(files.source.string()), "a table, and a second file beside it",
                      "a table that has the translations too, or two files of lines", "leave one of them out");
  if (!files.target.empty()) {
    if (!files.columns.empty())
      throw usage_error("columns of texts", "no effect on two files of lines", "", "leave them out");
    return aligned_files(files, progress);
  }
  if (is_json_lines_name(files.source.string()) || ending == ".json") return json_pairs(files, progress);
  if (ending == ".tsv" || ending == ".tab") return table_pairs(files, '\t', progress);
  if (ending == ".csv") return table_pairs(files, ',', progress);
  throw usage_error(printable(files.source.string()), "one file of lines, without their translations",
                    "a second file of lines, .tsv, .csv or .jsonl",
                    "train.{en,de} names both; of 'evaluate', --reference FILE the other one");
}

}  // namespace enxerto
