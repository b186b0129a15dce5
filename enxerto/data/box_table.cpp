#include "enxerto/data/box_table.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/box_faults.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/part_names.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/is_file.h"

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

struct TablePicture {
  std::optional<Part> part = {};
  std::size_t line = 0;
  double width = 0, height = 0;
  std::vector<std::pair<LabelledBox, std::size_t>> boxes = {};  ///< with their lines; labels by first appearance
};

/// The rows of a table, by picture.
class BoxTable {
 public:
  explicit BoxTable(const std::string& path) : file_(path) {
    const std::optional<BoxPlan> plan = plan_of(file_.columns());
    if (!plan) throw data_error(path, "no columns of boxes", "xmin, ymin, xmax, ymax, a picture and a class");
    plan_ = *plan;
    file_.for_each_row([&](const std::vector<std::string>& fields, std::size_t line) { add(fields, line); });
    if (pictures_.empty()) throw data_error(path, "no rows below the header", "a row for each object");
    if (largest_ == 0) throw data_error(path, "not a single box", "a row for each object");
    check();
  }

  const std::vector<std::string>& order() const { return order_; }
  const TablePicture& picture(const std::string& name) const { return pictures_.at(name); }
  bool fractions() const { return largest_ <= 1; }
  bool has_parts() const { return plan_.part.has_value(); }
  std::vector<std::string> classes() const { return {names_.begin(), names_.end()}; }

  std::vector<LabelledBox> boxes(const TablePicture& picture) const {
    std::vector<LabelledBox> boxes;
    for (const auto& [box, line] : picture.boxes) boxes.push_back(box);
    for (LabelledBox& box : boxes)
      box.label = std::distance(names_.begin(), names_.find(seen_[static_cast<std::size_t>(box.label)]));
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
    const bool bare = std::ranges::all_of(plan_.box, [&](std::size_t c) { return trimmed(fields[c]).empty(); });
    if (bare && label.empty()) return;
    if (label.empty()) fail(line, "a box without a class", "the class of each object");
    picture.boxes.emplace_back(box_of(fields, label, line), line);
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
    names_.insert(label);
    auto known = std::ranges::find(seen_, label);
    if (known == seen_.end()) known = seen_.insert(known, label);
    return {.left = at[0],
            .top = at[1],
            .right = at[2],
            .bottom = at[3],
            .label = known - seen_.begin(),
            .area = (at[2] - at[0]) * (at[3] - at[1])};
  }

  void check() {
    BoxFaults faults;
    for (const std::string& name : order_) {
      TablePicture& picture = pictures_.at(name);
      const BoxFrame frame = fractions() ? BoxFrame{.width = 1, .height = 1, .slack = 0.02}
                                         : BoxFrame{.width = picture.width, .height = picture.height, .slack = 2};
      for (auto& [box, line] : picture.boxes) {
        const std::string given = fmt::format("box [{:g}, {:g}, {:g}, {:g}]", box.left, box.top, box.right, box.bottom);
        if (std::string fault = box_fault(box, frame, given); !fault.empty())
          faults.add(fmt::format("{}:{} ({})", file_.shown(), line, name), std::move(fault));
      }
    }
    faults.require_none();
  }

  CsvFile file_;
  BoxPlan plan_;
  double largest_ = 0;
  std::vector<std::string> order_, seen_;
  std::set<std::string> names_;
  std::map<std::string, TablePicture> pictures_;
};

DatasetPtr part_of(const BoxTable& table, std::optional<Part> part, const std::string& root) {
  BoxedPictures pictures(root, table.fractions() ? BoxedPictures::Unit::shares : BoxedPictures::Unit::pixels);
  for (const std::string& name : table.order()) {
    const TablePicture& picture = table.picture(name);
    if (part && picture.part != part) continue;
    const std::filesystem::path file(name);
    pictures.files.add(pictures.files.add_folder(file.parent_path().string()), file.filename().string(), -1);
    pictures.add(table.boxes(picture));
  }
  return pictures.files.size() == 0 ? nullptr : boxed_dataset(std::move(pictures), table.classes());
}

}  // namespace

bool is_box_table(const std::string& path) {
  constexpr std::size_t kLongestHeader = 4096;
  if (!is_table_name(path) || !is_file(path)) return false;
  std::string head(kLongestHeader, '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(std::min(head.find_first_of(std::string_view("\n\0", 2)), head.size()));
  std::ranges::transform(head, head.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  // Only where the first line looks like it, the whole table is opened for the names of its columns.
  const bool likely = std::ranges::any_of(std::array{"min", "x1", "left", "x"},
                                          [&](const char* word) { return head.find(word) != std::string::npos; });
  return likely && plan_of(csv_columns(path)).has_value();
}

DataParts open_box_table(const std::string& path, const std::string& images, Progress& progress) {
  const BoxTable table(path);
  const std::string root = images.empty() ? directory_of(path).string() : images;
  const std::string& first = table.order().front();
  if (!is_file(std::filesystem::path(root) / first))
    throw data_error(fmt::format("{}:{}", path, table.picture(first).line),
                     fmt::format("its picture '{}' is not in {}", first, root), "",
                     "say where the pictures are: data.images, the folder that their names are relative to");
  if (table.fractions())
    progress.notice(fmt::format(
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
