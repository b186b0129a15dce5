#include "enxerto/data/pair_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/grouped_example.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestPairList = std::size_t{256} << 20;
constexpr std::int64_t kMostOfList = 100'000'000;  // folds, or pairs of either kind

/// Names may have spaces where tabs are between them.
std::vector<std::string_view> words_in_line(std::string_view line) {
  return words_between(line, line.find('\t') != std::string_view::npos ? "\t\r" : " \r");
}

std::optional<std::int64_t> whole_number(std::string_view word) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (failed != std::errc() || end != word.data() + word.size() || number < 0) return std::nullopt;
  return number;
}

/// Whose file it is, and which: the pair's side as the list has it.
class FilesOfList {
 public:
  FilesOfList(std::string root, std::string shown) : root_(std::move(root)), shown_(std::move(shown)) {}

  [[noreturn]] void fail(std::size_t line, std::string found, std::string expected, std::string tip = "") const {
    throw data_error(fmt::format("{}:{}", shown_, line), std::move(found), std::move(expected), std::move(tip));
  }

  /// NAME/NAME_0001 with the ending of a medium.
  std::string numbered(std::string_view name, std::string_view number, std::size_t line) const {
    const auto value = whole_number(number);
    if (!value)
      fail(line, fmt::format("'{}' where a number is expected", printable(std::string(number))),
           std::string(kFormOfPairs));
    const std::string stem = fmt::format("{0}/{0}_{1:04}", name, *value);
    for (const MediumRow& row : media())
      for (const std::string_view ending : row.extensions)
        if (std::string file = fmt::format("{}.{}", stem, ending); is_file(root_ + "/" + file)) return file;
    fail(line, fmt::format("no file {}.jpg, nor one of another ending", printable(root_ + "/" + stem)),
         "each file of the list", "name the folder that they are below (images), or leave the pair out");
  }

  std::string path_of(const std::string& name) const { return name.starts_with('/') ? name : root_ + "/" + name; }

  std::string named(const std::string& name, std::size_t line) const {
    const std::string path = path_of(name);
    if (is_file(path)) return name;
    fail(line, fmt::format("no file {}", printable(path)), "each file of the list",
         "name the folder that they are below (images), or leave the pair out");
  }

  const std::string& root() const { return root_; }

 private:
  std::string root_, shown_;
};

struct ListedPair {
  std::string first, second;  // below the root
  bool same = false;
  std::int64_t fold = -1;
  std::size_t line = 0;
};

struct ListedPairs {
  std::vector<ListedPair> pairs;
  std::map<std::string, std::string, std::less<>> identities;  ///< of files, where the list says it
};

/// Half of each fold is of one identity.
void require_whole_folds(const ListedPairs& list, std::int64_t of_fold, const FilesOfList& files) {
  std::int64_t same = 0, seen = 0;
  for (const ListedPair& pair : list.pairs) {
    same += pair.same ? 1 : 0;
    if (++seen % of_fold != 0) continue;
    if (2 * same != of_fold)
      files.fail(pair.line,
                 fmt::format("fold {} has {} of one identity and {} of two", seen / of_fold,
                             counted(static_cast<std::uint64_t>(same), "pair"), of_fold - same),
                 fmt::format("{} of either kind in each fold, as the first line says", of_fold / 2));
    same = 0;
  }
}

ListedPairs read_numbered(const std::string& text, const FilesOfList& files) {
  ListedPairs list;
  std::int64_t folds = 0, each = 0;
  std::size_t last = 0;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    last = number;
    const std::vector<std::string_view> words = words_in_line(line);
    if (words.empty()) return;
    if (words.size() <= 2) {
      const auto first = whole_number(words.front()), second = whole_number(words.back());
      if (!list.pairs.empty() || folds > 0 || !first || !second)
        files.fail(number, "one or two words", std::string(kFormOfPairs));
      folds = words.size() == 2 ? *first : 1;
      each = *second;
      if (folds < 1 || each < 1 || folds > kMostOfList || each > kMostOfList)
        files.fail(number, fmt::format("{} folds of {} pairs", folds, each),
                   fmt::format("how many folds, and pairs of each kind, 1 to {}", kMostOfList));
      return;
    }
    if (words.size() > 4) files.fail(number, counted(words.size(), "word"), std::string(kFormOfPairs));
    const std::string_view other = words.size() == 4 ? words[2] : words[0];
    ListedPair pair;
    pair.first = files.numbered(words[0], words[1], number);
    pair.second = files.numbered(other, words.back(), number);
    pair.same = words.size() == 3;
    pair.line = number;
    if (folds > 1) pair.fold = static_cast<std::int64_t>(list.pairs.size()) / (2 * each);
    list.identities[pair.first] = words[0];
    list.identities[pair.second] = other;
    list.pairs.push_back(std::move(pair));
  });
  if (folds > 0 && static_cast<std::int64_t>(list.pairs.size()) != folds * 2 * each)
    files.fail(last, counted(list.pairs.size(), "pair"),
               fmt::format("{} folds of {} pairs of either kind, as the first line says", folds, each));
  if (folds > 0) require_whole_folds(list, 2 * each, files);
  return list;
}

bool truth_of(const std::string& cell, const FilesOfList& files, std::size_t line) {
  const std::string word = lower_case(trimmed(cell));
  constexpr std::array<std::string_view, 5> kSame{"1", "yes", "true", "same", "y"},
      kOther{"0", "no", "false", "different", "n"};
  if (std::ranges::find(kSame, word) != kSame.end()) return true;
  if (std::ranges::find(kOther, word) != kOther.end()) return false;
  files.fail(line, fmt::format("'{}' in the column same", printable(cell)), "1 or 0, yes or no, same or different");
}

struct PairColumns {
  std::optional<std::size_t> first, second, same, fold;
  bool names_files() const { return first && second; }
  bool complete() const { return names_files() && same; }
};

constexpr std::pair<std::string_view, std::optional<std::size_t> PairColumns::*> kPairColumns[] = {
    {"first", &PairColumns::first},
    {"second", &PairColumns::second},
    {"same", &PairColumns::same},
    {"fold", &PairColumns::fold}};

/// The first that is called so.
PairColumns pair_columns(const std::vector<std::string>& names) {
  PairColumns found;
  for (std::size_t i = 0; i < names.size(); ++i)
    for (const auto& [name, column] : kPairColumns)
      if (!(found.*column) && lower_case(trimmed(names[i])) == name) found.*column = i;
  return found;
}

void refuse_columns_twice(const CsvFile& table) {
  for (const auto& [name, column] : kPairColumns)
    if (std::ranges::count(table.columns(), name, [](const auto& cell) { return lower_case(trimmed(cell)); }) > 1)
      throw data_error(table.shown(), fmt::format("two columns '{}'", name), "one of each name");
}

ListedPairs read_table(const CsvFile& table, const FilesOfList& files) {
  refuse_columns_twice(table);
  const PairColumns columns = pair_columns(table.columns());
  ListedPairs list;
  table.for_each_row([&](const std::vector<std::string>& cells, std::size_t line) {
    ListedPair pair;
    pair.first = files.named(cells[*columns.first], line);
    pair.second = files.named(cells[*columns.second], line);
    pair.same = columns.same && truth_of(cells[*columns.same], files, line);
    if (columns.fold) {
      const auto fold = whole_number(trimmed(cells[*columns.fold]));
      if (!fold) files.fail(line, fmt::format("'{}' in the column fold", printable(cells[*columns.fold])), "a number");
      pair.fold = *fold;
    }
    pair.line = line;
    list.pairs.push_back(std::move(pair));
  });
  return list;
}

FilesOfList files_of_list(const std::filesystem::path& path, const std::string& root) {
  const std::string folder = root.empty() ? path.parent_path().string() : root;
  return {folder.empty() ? "." : folder, printable(path.string())};
}

ListedPairs listed_pairs(const std::filesystem::path& path, const FilesOfList& files) {
  return is_table_name(path)
             ? read_table(CsvFile(path), files)
             : read_numbered(std::string(without_byte_order_mark(read_text(path, kLargestPairList, ErrorKind::data))),
                             files);
}

class FilesInPairs final : public DatasetView {
 public:
  FilesInPairs(DatasetPtr files, std::vector<Tensor> targets, std::vector<std::string> groups)
      : DatasetView(std::move(files)),
        targets_(std::move(targets)),
        groups_(std::move(groups)),
        info_{.inputs = below().info().inputs, .target = {.kind = std::string(kIdentityTarget), .names = {}}} {}

  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return targets_.at(position); }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return in_group(below().get(position), groups_.at(position));
  }

 private:
  std::vector<Tensor> targets_;
  std::vector<std::string> groups_;
  DatasetInfo info_;
};

/// The files of the list, in its order, each once.
DatasetPtr files_in_pairs(const ListedPairs& list, const FilesOfList& root, const std::string& shown) {
  std::map<std::string, std::size_t, std::less<>> numbers;
  std::vector<std::string> names;
  std::vector<std::vector<PairEntry>> entries;
  for (std::size_t pair = 0; pair < list.pairs.size(); ++pair) {
    const ListedPair& named = list.pairs[pair];
    for (const std::string* file : {&named.first, &named.second}) {
      const auto [place, is_new] = numbers.emplace(*file, names.size());
      if (is_new) {
        names.push_back(*file);
        entries.emplace_back();
      }
      entries[place->second].push_back({static_cast<std::int64_t>(pair), named.same, named.fold});
    }
  }
  if (names.empty()) throw data_error(shown, "no pairs", "a line for each pair");
  const std::optional<Medium> medium = medium_of_file(names.front());
  FileList files(root.root(), medium.value_or(Medium::image));
  std::vector<Tensor> targets;
  std::vector<std::string> groups;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (medium_of_file(names[i]) != medium)
      throw data_error(shown, fmt::format("{} beside {}", printable(names[i]), printable(names.front())),
                       "files of one medium");
    files.add_path(names[i]);
    const auto identity = list.identities.find(names[i]);
    const bool known = identity != list.identities.end();
    targets.push_back(identity_target(known ? identity_number(identity->second) : -1, entries[i]));
    groups.push_back(known ? identity->second : "");
  }
  return std::make_shared<FilesInPairs>(file_dataset(std::move(files), {}), std::move(targets), std::move(groups));
}

/// What is measured by a pair of a file with itself, or by one that is listed with both answers, says nothing.
void refuse_idle_pairs(const ListedPairs& list, const FilesOfList& files) {
  std::map<std::pair<std::string_view, std::string_view>, const ListedPair*> seen;
  for (const ListedPair& pair : list.pairs) {
    std::string_view first = pair.first, second = pair.second;
    if (second < first) std::swap(first, second);
    if (first == second)
      files.fail(pair.line, fmt::format("{} with itself", printable(pair.first)), "two files", "leave the pair out");
    const auto [before, is_new] = seen.emplace(std::pair(first, second), &pair);
    if (!is_new && before->second->same != pair.same)
      files.fail(pair.line,
                 fmt::format("{} and {}, of which line {} says the contrary", printable(pair.first),
                             printable(pair.second), before->second->line),
                 "one answer for two files", "leave one of the two lines out");
  }
}

}  // namespace

bool lacks_answers_of_pairs(const std::string& path) {
  if (!is_table_name(path) || !is_file(path) || is_empty_file(path)) return false;
  const PairColumns columns = pair_columns(csv_columns(path));
  return columns.names_files() && !columns.complete();
}

bool is_pair_list(const std::string& path) {
  if (!is_file(path)) return false;
  if (is_table_name(path)) return !is_empty_file(path) && pair_columns(csv_columns(path)).complete();
  if (!path.ends_with(".txt")) return false;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string_view> words = words_in_line(without_byte_order_mark(line));
  const auto is_number = [](std::string_view word) { return whole_number(word).has_value(); };
  return !words.empty() && (words.size() <= 2 ? std::ranges::all_of(words, is_number)
                                              : words.size() <= 4 && is_number(words[1]) && is_number(words.back()));
}

std::vector<NamedPair> asked_pairs(const std::filesystem::path& path, const std::string& root) {
  const FilesOfList files = files_of_list(path, root);
  if (is_table_name(path) && !pair_columns(csv_columns(path)).names_files())
    throw data_error(printable(path.string()), "no columns first and second", "a table that has them, a pair a row");
  std::vector<NamedPair> pairs;
  for (const ListedPair& pair : listed_pairs(path, files).pairs)
    pairs.push_back({.first = files.path_of(pair.first), .second = files.path_of(pair.second), .same = pair.same});
  if (pairs.empty()) throw data_error(printable(path.string()), "no pairs", "a line for each pair");
  return pairs;
}

DataParts open_pair_list(const std::filesystem::path& path, const std::string& root, Progress& progress) {
  const std::string shown = printable(path.string());
  const FilesOfList files = files_of_list(path, root);
  const ListedPairs list = listed_pairs(path, files);
  refuse_idle_pairs(list, files);
  std::size_t same = 0;
  for (const ListedPair& pair : list.pairs) same += pair.same ? 1 : 0;
  progress.notice(fmt::format("{}: {} of one identity, {} of two", shown, counted(same, "pair"),
                              format_count(list.pairs.size() - same)));
  DataParts parts{.format = "list of pairs"};
  parts.all = files_in_pairs(list, files, shown);
  return parts;
}

}  // namespace enxerto
