#include "enxerto/data/csv_builder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/csv_cells.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/list_cells.h"
#include "enxerto/data/name_form.h"
#include "enxerto/data/one_hot.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostNames = 65'536;
constexpr std::size_t kLabelsNamed = 5;

/// What is left of a list that is none of those that programs write.
bool is_of_a_list(const std::string& label) {
  return !label.empty() && (std::string_view("[{").find(label.front()) != std::string_view::npos ||
                            std::string_view("]}").find(label.back()) != std::string_view::npos);
}

std::string first_few(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kLabelsNamed);
  return fmt::format("{}{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     shown < names.size() ? ", .." : "");
}

}  // namespace

CsvBuilder::CsvBuilder(const CsvFile& file, const CsvPlan& plan, const std::string& images)
    : file_(&file), first_(file), plan_(plan), listed_(images) {
  contents_.target.kind = plan.kind;
  contents_.files = FileList(images);
  const bool named = plan.kind == kRegressionTarget || (plan.kind == kMultiLabelTarget && !plan.list_separator);
  for (std::size_t i = 0; named && i < plan.targets.size(); ++i)
    contents_.target.names.push_back(printable(file.columns()[plan.targets[i]]));
  if (plan.texts) {
    contents_.texts = TextCells(plan.inputs.size());
    contents_.texts.set_source(std::filesystem::path(file.shown()).filename().string());
    return;
  }
  const std::string& header = file.columns()[plan.inputs.front()];
  if (!is_one_of(header, column_names().pictures) && listed_.find(header))
    fail(1, fmt::format("the first line names a file, '{}', not the columns", printable(header)),
         "a first line such as image,label");
}

void CsvBuilder::begin(const CsvFile& file, Part part) {
  file_ = &file;
  part_ = part;
  if (plan_.texts) contents_.texts.set_source(std::filesystem::path(file.shown()).filename().string());
}

void CsvBuilder::fail(std::size_t line, std::string found, std::string expected) const {
  throw data_error(fmt::format("{}:{}", file_->shown(), line), std::move(found), std::move(expected));
}

void CsvBuilder::add_picture(const std::string& written, std::size_t line) {
  const std::optional<std::string> file = listed_.find(written);
  const std::string& name = file ? *file : written;
  if (!file || name != written) {
    Rows& rows = file ? called_otherwise_ : missing_;
    if (rows.count++ == 0) rows = {.count = 1, .line = line, .written = written, .file = name};
  }
  const std::size_t slash = name.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : slash == 0 ? "/" : name.substr(0, slash);
  auto found = folders_.find(folder);
  if (found == folders_.end()) found = folders_.emplace(folder, contents_.files.add_folder(folder)).first;
  contents_.files.add(found->second, slash == std::string::npos ? name : name.substr(slash + 1), -1);
  lines_.push_back(static_cast<std::uint32_t>(line));
}

void CsvBuilder::add_texts(const std::vector<std::string>& fields, std::size_t line) {
  std::array<std::string_view, 2> texts;
  for (std::size_t i = 0; i < plan_.inputs.size(); ++i) texts.at(i) = fields[plan_.inputs[i]];
  for (const std::string_view text : std::span(texts).first(plan_.inputs.size()))
    if (is_gap(text) && saying_nothing_.count++ == 0)
      saying_nothing_ = {.count = 1, .line = line, .written = std::string(trimmed(text)), .file = ""};
  contents_.texts.add(std::span(texts).first(plan_.inputs.size()), line);
}

std::optional<Part> CsvBuilder::part_of(std::string_view cell) const {
  if (plan_.fold) return trimmed(cell) == trimmed(*plan_.fold) ? Part::test : Part::train;
  if (!plan_.flagged) return part_named(trimmed(cell));
  const Part other = *plan_.flagged == Part::train ? Part::test : Part::train;
  return csv_flag(cell).value_or(false) ? *plan_.flagged : other;
}

/// Nobody is called unknown: such a row stands alone.
void CsvBuilder::add_group(std::string_view written) {
  const bool nobody = is_gap(written) || lower_case(trimmed(written)) == "unknown";
  const std::string_view cell = nobody ? std::string_view() : written;
  const auto next = static_cast<std::uint32_t>(contents_.group_names.size());
  const auto [found, is_new] = group_numbers_.emplace(trimmed(cell), next);
  if (is_new) contents_.group_names.push_back(found->first);
  contents_.groups.push_back(found->second);
}

std::uint32_t CsvBuilder::number_of(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  if (numbers_.size() == kMostNames)
    throw data_error(
        file_->shown(),
        fmt::format("more than 65,536 different entries in column '{}'", file_->columns()[plan_.targets.front()]),
        "a column of classes or labels", "name the target column");
  return numbers_.emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size())).first->second;
}

/// In texts it makes an example that cannot be read; names of files may have any bytes.
void CsvBuilder::require_text(const std::vector<std::string>& fields, std::size_t line) const {
  for (std::size_t c = 0; c < fields.size(); ++c)
    if (fields[c].find('\0') != std::string::npos && std::ranges::find(plan_.inputs, c) == plan_.inputs.end())
      fail(line, fmt::format("a zero byte in column '{}'", printable(file_->columns()[c])), "text in UTF-8");
  const std::string where = fmt::format("{}:{}", file_->shown(), line);
  for (const std::size_t c : plan_.targets) require_utf8(fields[c], where);
  if (plan_.group) require_utf8(fields[*plan_.group], where);
}

/// All of it before anything is taken in.
void CsvBuilder::require_right(const std::vector<std::string>& fields, std::size_t line) const {
  require_text(fields, line);
  if (!part_ && plan_.split && !part_of(fields[*plan_.split]))
    fail(line,
         fmt::format("'{}' in column '{}'", printable(trimmed(fields[*plan_.split])), file_->columns()[*plan_.split]),
         "train, validation or test");
  const std::string& input = fields[plan_.inputs.front()];
  if (!plan_.texts && (trimmed(input).empty() || input.find('\0') != std::string::npos))
    fail(line, "no file name", fmt::format("a file in column '{}'", file_->columns()[plan_.inputs.front()]));
  if (plan_.one_hot && !only_mark(fields, plan_.targets))
    fail(line, fmt::format("not exactly one mark in {}", first_columns(*file_, plan_.targets)),
         "one column of 1 and the others of 0, as classes have");
  for (const std::size_t c : plan_.targets) {
    if (plan_.kind == kClassTarget && trimmed(fields[c]).empty())
      fail(line, fmt::format("an empty cell in column '{}'", file_->columns()[c]), "a class");
    if (!is_right_cell(plan_, fields[c]))
      throw wrong_cell(*file_, plan_, {.column = c, .line = line, .cell = fields[c]});
  }
}

void CsvBuilder::add_rows(const CsvFile& file, const DataWatch& watch) {
  constexpr std::size_t kBetweenLooks = 4096;
  const auto add_row = [&](const std::vector<std::string>& fields, std::size_t line) {
    if (line % kBetweenLooks == 0) throw_if_cancelled(watch.progress);
    add(fields, line, watch.faults);
  };
  file.for_each_right_row(add_row, watch.faults);
}

void CsvBuilder::add(const std::vector<std::string>& fields, std::size_t line, DataFaults& faults) {
  bool right = false;
  going_on(faults, [&] {
    require_right(fields, line);
    right = true;
  });
  if (!right) return;
  if (part_ || plan_.split) {
    const Part part = part_ ? *part_ : part_of(fields[*plan_.split]).value_or(Part::train);
    parts_[static_cast<std::size_t>(part)].push_back(contents_.size());
  }
  if (plan_.texts)
    add_texts(fields, line);
  else
    add_picture(fields[plan_.inputs.front()], line);
  if (plan_.group) add_group(fields[*plan_.group]);
  add_targets(fields);
}

void CsvBuilder::add_targets(const std::vector<std::string>& fields) {
  const std::string& first = fields[plan_.targets.front()];
  if (plan_.kind == kClassTarget) {
    const std::size_t named = plan_.one_hot ? only_mark(fields, plan_.targets).value_or(plan_.targets.front()) : 0;
    contents_.labels.push_back(number_of(plan_.one_hot ? file_->columns()[named] : trimmed(first)));
    return;
  }
  if (plan_.kind == kRegressionTarget) {
    for (const std::size_t c : plan_.targets) contents_.values.push_back(csv_number(fields[c]).value_or(0));
    return;
  }
  last_labels_.clear();
  if (plan_.list_separator != 0)
    for (const std::string& name : entries_of(first, plan_.list_separator)) last_labels_.push_back(number_of(name));
  for (std::size_t i = 0; plan_.list_separator == 0 && i < plan_.targets.size(); ++i) {
    if (csv_flag(fields[plan_.targets[i]]).value_or(false)) last_labels_.push_back(static_cast<std::uint32_t>(i));
  }
  std::sort(last_labels_.begin(), last_labels_.end());
  last_labels_.erase(std::unique(last_labels_.begin(), last_labels_.end()), last_labels_.end());
  contents_.labels.insert(contents_.labels.end(), last_labels_.begin(), last_labels_.end());
  contents_.ends.push_back(contents_.labels.size());
}

/// Numbers of names were given as they came; here they become those of the sorted names.
void CsvBuilder::sort_names() {
  if (!contents_.target.names.empty()) return;
  std::vector<std::uint32_t> sorted(numbers_.size());
  for (const auto& [name, number] : numbers_) {
    sorted[number] = static_cast<std::uint32_t>(contents_.target.names.size());
    contents_.target.names.push_back(printable(name));
  }
  for (std::uint32_t& label : contents_.labels) label = sorted[label];
}

/// Of files: once all of them are known.
const MediumRow& CsvBuilder::medium() const {
  return medium_row(plan_.texts ? Medium::text : contents_.files.medium());
}

/// What to try where a file is missing as all others are.
std::string CsvBuilder::tip_to_missing() {
  const std::string_view nouns = medium().nouns;
  const std::string column = printable(file_->columns()[plan_.inputs.front()]);
  if (missing_.written.find("://") != std::string::npos) return fmt::format("download the {} first", nouns);
  if (missing_.written == listed_.ambiguous())
    return fmt::format("write the folder of each into the table: several {} are called so", nouns);
  if (ListedFiles::is_from_root(missing_.written))
    return fmt::format("write them as they are in the folder with the {}, without the folders of another machine",
                       nouns);
  if (const auto folder = listed_.folder_with(missing_.written))
    return fmt::format("name the folder with the {} (data.images): {} has it", nouns, printable(*folder));
  if (const auto near = listed_.near(missing_.written))
    return fmt::format("write the names as the files are called: there is {}", printable(*near));
  return fmt::format("name the {}folder with the {} (data.images); if '{}' is not their column, call theirs file",
                     plan_.images_asked ? "right " : "", nouns, column);
}

/// A few missing pictures are like others that cannot be read; where all are, it is the folder or the column.
void CsvBuilder::refuse_missing() {
  if (!listed_.collision().empty())
    throw data_error(file_->shown(),
                     fmt::format("names that would be one file here: {}", printable(listed_.collision())),
                     "a file for each", "write them as they are in the folder with the files");
  if (plan_.texts || missing_.count < contents_.files.size()) return;
  const bool address = missing_.written.find("://") != std::string::npos;
  throw data_error(
      fmt::format("{}:{}", file_->shown(), missing_.line),
      fmt::format("missing {} '{}', like all {} in column '{}'", medium().noun, printable(missing_.written),
                  missing_.count, printable(file_->columns()[plan_.inputs.front()])),
      address ? "files on this machine" : "names of files", tip_to_missing());
}

/// A class that is only tested on cannot be learned: the parts are not what they are called.
void CsvBuilder::refuse_unlearned_classes() const {
  if (plan_.measured || plan_.kind != kClassTarget || parts_[0].empty()) return;
  std::vector<bool> learned(contents_.target.names.size());
  for (const std::size_t row : parts_[0]) learned[contents_.labels[row]] = true;
  for (const Part part : {Part::validation, Part::test}) {
    for (const std::size_t row : parts_[static_cast<std::size_t>(part)]) {
      const std::uint32_t label = contents_.labels[row];
      if (learned[label]) continue;
      throw data_error(fmt::format("{}: {}", file_->shown(), contents_.id(row)),
                       fmt::format("the class '{}' in the {} part, of which the training part has none",
                                   contents_.target.names[label], name_of(part)),
                       "classes that the training part has too", "split the rows again, or leave that class out");
    }
  }
}

std::string CsvBuilder::why_missing() {
  if (missing_.written == listed_.ambiguous()) return ", a name that several files fit";
  const auto near = listed_.near(missing_.written);
  return near ? fmt::format("; there is {}", printable(*near)) : "";
}

void CsvBuilder::report_files(Progress& progress) {
  if (missing_.count > 0)
    progress.notice(fmt::format("{}: {} of its {} {} not found (first: line {}, {}{})", file_->shown(), missing_.count,
                                contents_.files.size(), medium().nouns, missing_.line, printable(missing_.written),
                                why_missing()));
  if (called_otherwise_.count > 0)
    progress.notice(fmt::format("{}: {} of its {} {} found under another spelling (first: line {}, '{}' is {})",
                                file_->shown(), called_otherwise_.count, contents_.files.size(), medium().nouns,
                                called_otherwise_.line, printable(called_otherwise_.written),
                                printable(called_otherwise_.file)));
}

void CsvBuilder::report_repeated(Progress& progress) const {
  if (plan_.texts) return;  // by their contents, later
  std::unordered_map<std::uint64_t, std::uint32_t> seen;
  std::size_t twice = 0, first_twice = 0;
  std::uint32_t other_line = 0;
  for (std::size_t i = 0; i < contents_.files.size(); ++i) {
    if (i % 1024 == 0) throw_if_cancelled(progress);
    const auto [before, is_new] = seen.emplace(hash128(contents_.files.id(i)).low, lines_[i]);
    if (!is_new && twice++ == 0) first_twice = i, other_line = before->second;
  }
  if (twice > 0)
    progress.notice(fmt::format("{}: {} {} the {} of an earlier row (first: {}, lines {} and {})", file_->shown(),
                                counted(twice, "row"), twice == 1 ? "repeats" : "repeat", medium().noun,
                                printable(contents_.files.id(first_twice)), other_line, lines_[first_twice]));
}

void CsvBuilder::report_constant_values(Progress& progress) const {
  const std::size_t width = contents_.target.names.size();
  for (std::size_t column = 0; column < width; ++column) {
    bool constant = contents_.values.size() > width;
    for (std::size_t i = column; i < contents_.values.size() && constant; i += width)
      constant = contents_.values[i] == contents_.values[column];
    if (constant)
      progress.notice(fmt::format("{}: every {} has the same {}, so that there is nothing to learn of it",
                                  file_->shown(), medium().noun, contents_.target.names[column]));
  }
}

void CsvBuilder::report_constant_labels(Progress& progress) const {
  if (plan_.kind == kRegressionTarget) return report_constant_values(progress);
  if (plan_.kind != kMultiLabelTarget) return;
  std::vector<std::size_t> counts(contents_.target.names.size());
  for (const std::uint32_t label : contents_.labels) ++counts[label];
  std::vector<std::string> always, never;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == contents_.size()) always.push_back(contents_.target.names[i]);
    if (counts[i] == 0) never.push_back(contents_.target.names[i]);
  }
  if (!always.empty())
    progress.notice(fmt::format("{}: every {} has {}", file_->shown(), medium().noun, first_few(always)));
  if (!never.empty()) progress.notice(fmt::format("{}: no {} has {}", file_->shown(), medium().noun, first_few(never)));
}

/// What programs write where they know nothing is a name like any other here.
void CsvBuilder::report_nothing(Progress& progress) const {
  if (saying_nothing_.count > 0)
    progress.notice(fmt::format("{}: {} read '{}', as where there is none (first: line {}): leave these rows out if so",
                                file_->shown(), counted(saying_nothing_.count, medium().noun), saying_nothing_.written,
                                saying_nothing_.line));
  if (plan_.kind == kRegressionTarget || (plan_.kind == kMultiLabelTarget && plan_.list_separator == 0)) return;
  const std::vector<std::string>& names = contents_.target.names;
  if (const auto odd = std::ranges::find_if(names, is_of_a_list); plan_.list_separator != 0 && odd != names.end())
    progress.notice(fmt::format(R"({}: '{}' is a label as it stands: lists are understood as ['a', 'b'] or ["a", "b"])",
                                file_->shown(), *odd));
  std::vector<std::size_t> counts(names.size());
  for (const std::uint32_t label : contents_.labels) ++counts[label];
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string& name = names[i];
    if (is_gap(name))
      progress.notice(fmt::format("{}: {} of the {} '{}': if that says that it is not known, leave these rows out",
                                  file_->shown(), counted(counts[i], medium().noun),
                                  plan_.kind == kClassTarget ? "class" : "label", name));
  }
}

DataParts CsvBuilder::finish(Progress& progress) && {
  if (contents_.size() == 0) fail(1, "no rows after the column names", "a row for each example");
  if (!plan_.texts) contents_.files.set_medium(medium_of_file(contents_.files.id(0)).value_or(Medium::image));
  sort_names();
  if (contents_.target.names.empty()) fail(1, fmt::format("no {} has a label", medium().noun), "labels");
  refuse_missing();
  if (!plan_.reading.empty()) progress.notice(fmt::format("{}: {}", first_.shown(), plan_.reading));
  report_files(progress);
  report_repeated(progress);
  if (plan_.kind != kRegressionTarget) notice_look_alikes(contents_.target.names, progress);
  report_constant_labels(progress);
  report_nothing(progress);
  refuse_unlearned_classes();
  if (plan_.kind == kClassTarget && !plan_.texts) contents_.files.set_labels(std::exchange(contents_.labels, {}));
  DataParts parts{.format = fmt::format("table of {}", target_kind_named(plan_.kind).contents)};
  if (plan_.texts) {
    for (const std::size_t column : plan_.inputs) parts.texts.push_back(first_.columns()[column]);
  }
  if (plan_.group) parts.group = first_.columns()[*plan_.group];
  const DatasetPtr all = csv_dataset(std::move(contents_));
  if (!plan_.split && !part_) {
    parts.all = all;
    return parts;
  }
  if (parts_[0].empty()) fail(1, "no row of the train split", "rows to train on");
  const auto part = [&](std::size_t i) { return parts_[i].empty() ? nullptr : subset(all, std::move(parts_[i])); };
  parts.train = part(0);
  parts.validation = part(1);
  parts.test = part(2);
  return parts;
}

}  // namespace enxerto
