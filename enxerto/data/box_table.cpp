#include "enxerto/data/box_table.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/box_faults.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/data/part_names.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

/// Names of the four columns that say where an object is.
struct PlaceColumns {
  std::array<std::string_view, 4> names;
  bool extents = false;  ///< the last two are width and height
};

constexpr std::array<PlaceColumns, 6> kPlaceColumns{{{.names = {"xmin", "ymin", "xmax", "ymax"}},
                                                     {.names = {"x1", "y1", "x2", "y2"}},
                                                     {.names = {"left", "top", "right", "bottom"}},
                                                     {.names = {"left", "top", "width", "height"}, .extents = true},
                                                     {.names = {"x", "y", "width", "height"}, .extents = true},
                                                     {.names = {"x", "y", "w", "h"}, .extents = true}}};

/// Where the columns of a table of boxes are.
struct BoxPlan {
  std::size_t picture = 0, label = 0;
  std::array<std::size_t, 4> box{};
  bool extents = false;
  std::optional<std::size_t> part = {}, width = {}, height = {};
};

std::optional<BoxPlan> plan_of(const std::vector<std::string>& columns) {
  const auto every = [](std::size_t) { return true; };
  const auto called = [&](std::string_view name) { return find_column(columns, std::span(&name, 1), every); };
  const auto picture = find_column(columns, column_names().pictures, every);
  const auto label = find_column(columns, column_names().classes, every);
  if (!picture || !label) return std::nullopt;
  BoxPlan plan{.picture = *picture, .label = *label, .part = find_column(columns, column_names().parts, every)};
  for (const PlaceColumns& row : kPlaceColumns) {
    std::size_t found = 0;
    for (; found < row.names.size(); ++found) {
      const auto column = called(row.names[found]);
      if (!column) break;
      plan.box[found] = *column;
    }
    if (found < row.names.size()) continue;
    plan.extents = row.extents;
    if (!row.extents) plan.width = called("width");
    if (!row.extents) plan.height = called("height");
    return plan;
  }
  return std::nullopt;
}

/// One object of a table.
struct TableBox {
  LabelledBox box;
  std::size_t line = 0;
};

struct TablePicture {
  std::optional<Part> part = {};
  std::size_t line = 0;
  double width = 0, height = 0;
  std::vector<TableBox> boxes = {};
};

/// The rows of a table, by picture.
class BoxTable {
 public:
  BoxTable(const std::string& path, DataFaults& faults) : file_(path) {
    const std::optional<BoxPlan> plan = plan_of(file_.columns());
    if (!plan) throw data_error(path, "no columns of boxes", "xmin, ymin, xmax, ymax, a picture and a class");
    plan_ = *plan;
    file_.for_each_right_row(
        [&](const std::vector<std::string>& fields, std::size_t line) { going_on(faults, [&] { add(fields, line); }); },
        faults);
    if (pictures_.empty()) throw data_error(path, "no rows below the header", "a row for each object");
    if (largest_ == 0) throw data_error(path, "not a single box", "a row for each object");
    places_.resize(classes_.size());
    for (std::int64_t place = 0; const std::int64_t number : std::views::values(classes_))
      places_[static_cast<std::size_t>(number)] = place++;
    check(faults);
  }

  const std::vector<std::string>& order() const { return order_; }
  const TablePicture& picture(const std::string& name) const { return pictures_.at(name); }
  bool fractions() const { return largest_ <= 1; }
  bool has_parts() const { return plan_.part.has_value(); }

  /// Sorted by name.
  std::vector<std::string> classes() const {
    const auto names = std::views::keys(classes_);
    return {names.begin(), names.end()};
  }

  /// With the numbers of their classes in that order.
  std::vector<LabelledBox> boxes(const TablePicture& picture) const {
    std::vector<LabelledBox> boxes;
    for (const TableBox& one : picture.boxes) {
      boxes.push_back(one.box);
      boxes.back().label = places_[static_cast<std::size_t>(one.box.label)];
    }
    return boxes;
  }

 private:
  [[noreturn]] void fail(std::size_t line, std::string found, std::string expected) const {
    throw data_error(fmt::format("{}:{}", file_.shown(), line), std::move(found), std::move(expected));
  }

  void add(const std::vector<std::string>& fields, std::size_t line) {
    const std::string name(trimmed(fields[plan_.picture]));
    if (name.empty()) fail(line, "an empty name of a picture", "the picture of each object");
    const auto [found, is_new] = pictures_.try_emplace(name);
    TablePicture& picture = found->second;
    if (is_new) order_.push_back(name);
    if (plan_.part) add_part(picture, is_new, fields[*plan_.part], line);
    picture.line = is_new ? line : picture.line;
    for (const auto& [column, side] : {std::pair{plan_.width, &picture.width}, {plan_.height, &picture.height}})
      if (column) *side = static_cast<double>(csv_number(fields[*column]).value_or(0));
    const std::string label(trimmed(fields[plan_.label]));
    require_utf8(label, fmt::format("{}:{}", file_.shown(), line));
    const bool bare = std::ranges::all_of(plan_.box, [&](std::size_t c) { return trimmed(fields[c]).empty(); });
    if (bare && label.empty()) return;
    if (label.empty()) fail(line, "a box without a class", "the class of each object");
    picture.boxes.push_back({box_of(fields, label, line), line});
  }

  void add_part(TablePicture& picture, bool is_new, const std::string& cell, std::size_t line) const {
    const std::optional<Part> part = part_named(trimmed(cell));
    if (!part)
      fail(line, fmt::format("'{}' in the column {}", cell, file_.columns()[*plan_.part]), "train, validation or test");
    if (!is_new && picture.part != part)
      fail(line, fmt::format("its picture is of the part {} in line {}", name_of(*picture.part), picture.line),
           "one part for each picture");
    picture.part = part;
  }

  LabelledBox box_of(const std::vector<std::string>& fields, const std::string& label, std::size_t line) {
    std::array<double, 4> at{};
    for (std::size_t i = 0; i < at.size(); ++i) {
      const std::string& cell = fields[plan_.box[i]];
      const std::optional<float> number = csv_number(cell);
      if (!number) fail(line, fmt::format("'{}' in the column {}", cell, file_.columns()[plan_.box[i]]), "a number");
      at[i] = static_cast<double>(*number);
      largest_ = std::max(largest_, at[i]);
    }
    if (plan_.extents) at = {at[0], at[1], at[0] + at[2], at[1] + at[3]};
    const auto known = classes_.emplace(label, static_cast<std::int64_t>(classes_.size())).first;
    return {.left = at[0],
            .top = at[1],
            .right = at[2],
            .bottom = at[3],
            .label = known->second,
            .area = (at[2] - at[0]) * (at[3] - at[1])};
  }

  void check(DataFaults& told) {
    BoxFaults faults(told);
    for (const std::string& name : order_) {
      TablePicture& picture = pictures_.at(name);
      const BoxFrame frame = fractions() ? BoxFrame{.width = 1, .height = 1, .slack = 0.02}
                                         : BoxFrame{.width = picture.width, .height = picture.height, .slack = 2};
      std::erase_if(picture.boxes, [&](TableBox& one) {
        auto& [box, line] = one;
        const std::string given = fmt::format("box [{:g}, {:g}, {:g}, {:g}]", box.left, box.top, box.right, box.bottom);
        std::string fault = box_fault(box, frame, given);
        if (fault.empty()) return false;
        faults.add(fmt::format("{}:{} ({})", file_.shown(), line, name), std::move(fault));
        return true;
      });
    }
    faults.require_none();
  }

  CsvFile file_;
  BoxPlan plan_;
  double largest_ = 0;
  std::vector<std::string> order_;
  std::map<std::string, std::int64_t> classes_;  // with the number that boxes call them by while rows are read
  std::vector<std::int64_t> places_;             // in the order of the names, by that number
  std::map<std::string, TablePicture> pictures_;
};

/// What may be names of columns in the first line: what stands between separators; of a JSON object, its keys.
std::vector<std::string> names_in(std::string_view line) {
  const bool keys = line.starts_with('{');
  std::vector<std::string> names(1);
  for (const char c : line) {
    if (std::string_view(",;\t|").find(c) != std::string_view::npos)
      names.emplace_back();
    else
      names.back() += c;
  }
  if (keys)
    for (std::string& name : names) name.resize(std::min(name.find(':'), name.size()));
  return names;
}

DatasetPtr part_of(const BoxTable& table, std::optional<Part> part, const std::string& root) {
  BoxedPictures pictures(root, table.fractions() ? BoxedPictures::Unit::shares : BoxedPictures::Unit::pixels);
  for (const std::string& name : table.order()) {
    const TablePicture& picture = table.picture(name);
    if (part && picture.part != part) continue;
    pictures.files.add_path(name);
    pictures.add(table.boxes(picture), {picture.width, picture.height});
  }
  return pictures.files.size() == 0 ? nullptr : boxed_dataset(std::move(pictures), table.classes());
}

}  // namespace

bool asks_for_boxes(const TableOptions& options) {
  const TableOptions boxes{.kind = std::string(kBoxTarget), .images = options.images};
  TableOptions asked = options;
  if (asked.kind == "auto") asked.kind = boxes.kind;
  asked.learned.clear();
  asked.measured = false;
  if (asked.fold.value_or(0) < 0) asked.fold.reset();
  if (asked.group == kNoGroups) asked.group.clear();
  if (asked.kind == boxes.kind && !asked.group.empty())
    throw usage_error("data.group", fmt::format("the column '{}' of a table of boxes", asked.group),
                      "a regular expression with one capture group, for the paths of files", R"('patient(\d+)_')");
  return asked == boxes;
}

bool is_box_table(const std::string& path) {
  constexpr std::size_t kLongestHeader = 4096;
  if (!is_table_name(path) || !is_file(path)) return false;
  std::string head(kLongestHeader, '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size()));
  const std::string_view line = without_byte_order_mark(head);
  // Other tables are not opened for it: they may be large. Quotes and brackets are no part of a name.
  return plan_of(names_in(line.substr(0, line.find_first_of(std::string_view("\r\n\0", 3))))).has_value() &&
         plan_of(csv_columns(path)).has_value();
}

DataParts open_box_table(const std::string& path, const std::string& images, const DataWatch& watch) {
  const BoxTable table(path, watch.faults);
  const std::string root = images.empty() ? directory_of(path).string() : images;
  const std::string& first = table.order().front();
  if (!is_file(std::filesystem::path(root) / first))
    throw data_error(fmt::format("{}:{}", path, table.picture(first).line),
                     fmt::format("its picture '{}' is not in {}", first, root), "",
                     "say where the pictures are: data.images, the folder that their names are relative to");
  if (table.fractions())
    watch.progress.notice(fmt::format(
        "{}: no coordinate is above 1: they are read as fractions of the picture's width and height", path));
  DataParts parts{.format = "table of boxes"};
  if (!table.has_parts()) {
    parts.all = part_of(table, std::nullopt, root);
    return parts;
  }
  parts.train = part_of(table, Part::train, root);
  parts.validation = part_of(table, Part::validation, root);
  parts.test = part_of(table, Part::test, root);
  if (!parts.train) throw data_error(path, "no picture of the part train", "pictures to learn from");
  return parts;
}

}  // namespace enxerto
