#include "enxerto/workflow/feature_file.h"

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/csv_text.h"
#include "enxerto/files/writable_place.h"
#include "enxerto/workflow/safetensors_features.h"

namespace enxerto {
namespace {

Shape whole_shape(const FeatureTable& table) {
  const Shape& row = table.rows->layout().values.at(0).shape;
  Shape shape{static_cast<std::int64_t>(table.rows->size())};
  shape.insert(shape.end(), row.begin(), row.end());
  return shape;
}

/// Calls `each` with the floats of every row of a matrix.
template <typename Each>
void for_each_row(const FeatureTable& table, Each each) {
  std::vector<float> row(table.rows->width());
  for (std::size_t i = 0; i < table.rows->size(); ++i) {
    table.rows->copy(i, row);
    each(i, std::span<const float>(row));
  }
}

/// "name,label", or "name" and the targets.
std::string head_of(const FeatureTable& table) {
  if (table.targets.empty()) return "name,label";
  std::string line = "name";
  for (const std::string& target : table.targets) line += "," + csv_field(target);
  return line;
}

std::string name_and_target(const FeatureTable& table, std::size_t row) {
  std::string line = csv_field(table.name(row));
  if (table.targets.empty()) {
    const std::int64_t label = table.label(row);
    return line + "," + (label < 0 ? "" : csv_field(table.classes.at(static_cast<std::size_t>(label))));
  }
  for (const float value : table.target(row)) line += fmt::format(",{}", value);
  return line;
}

/// Name and target of each row, without its values.
void write_names(const std::filesystem::path& path, const FeatureTable& table) {
  AtomicFile file(path);
  file.write(head_of(table) + "\n");
  for (std::size_t row = 0; row < table.rows->size(); ++row) file.write(name_and_target(table, row) + "\n");
  file.commit();
}

void write_csv(const std::filesystem::path& path, const FeatureTable& table) {
  AtomicFile file(path);
  std::string line = head_of(table);
  for (std::size_t i = 0; i < table.rows->width(); ++i) line += fmt::format(",f{}", i);
  file.write(line + "\n");
  for_each_row(table, [&](std::size_t row, std::span<const float> values) {
    line = name_and_target(table, row);
    for (const float value : values) line += fmt::format(",{}", value);
    file.write(line + "\n");
  });
  file.commit();
}

std::filesystem::path names_file(std::filesystem::path path) { return path.replace_extension(".csv"); }

/// NumPy's format 1.0 (numpy.lib.format): a header padded to 64 bytes, then the values in C order.
void write_npy(const std::filesystem::path& path, const FeatureTable& table) {
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({},), }}", fmt::join(whole_shape(table), ", "));
  constexpr std::size_t kPreamble = 10;
  constexpr std::size_t kAlignment = 64;
  while ((kPreamble + header.size() + 1) % kAlignment != 0) header += ' ';
  header += '\n';
  AtomicFile file(path);
  file.write(std::string_view("\x93NUMPY\x01\x00", 8));
  const std::array<char, 2> length{static_cast<char>(header.size() & 0xffU), static_cast<char>(header.size() >> 8U)};
  file.write(std::string_view(length.data(), length.size()));
  file.write(header);
  for_each_row(table, [&](std::size_t, std::span<const float> row) { file.write(std::as_bytes(row)); });
  write_names(names_file(path), table);
  file.commit();
}

struct Format {
  std::string_view ending;
  void (*write)(const std::filesystem::path&, const FeatureTable&);
  bool takes_all;  ///< several values, and varying ones
};

constexpr std::array kFormats{Format{".safetensors", write_safetensors_features, true},
                              Format{".npy", write_npy, false}, Format{".csv", write_csv, false}};

const Format& format_of(const std::filesystem::path& path) {
  std::vector<std::string> endings;
  for (const Format& format : kFormats) {
    if (path.extension() == format.ending) return format;
    endings.emplace_back(format.ending);
  }
  throw usage_error(
      path.string(),
      fmt::format("unknown ending '{}'{}", path.extension().string(), did_you_mean(path.extension().string(), endings)),
      fmt::format("{}", fmt::join(endings, ", ")));
}

}  // namespace

void check_feature_file(const std::filesystem::path& path) { format_of(path); }

void require_free_feature_file(const std::filesystem::path& path, const std::filesystem::path& input, bool replace) {
  std::vector<std::filesystem::path> written{path};
  if (path.extension() == ".npy") written.push_back(names_file(path));
  for (const std::filesystem::path& file : written) {
    require_writable_place(file);
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) continue;
    if (std::filesystem::equivalent(file, input, ignored))
      throw usage_error(file.string(), "it is what is read", "another name for the features");
    if (!replace)
      throw usage_error(file.string(), "a file of this name already exists", "an unused name", "replace it");
  }
}

void check_feature_file(const std::filesystem::path& path, const RowLayout& layout) {
  if (format_of(path).takes_all || layout.is_matrix()) return;
  throw usage_error(path.string(), "features of several values, or whose length varies: " + to_string(layout.values),
                    "one value of float32 with a fixed shape", "a .safetensors file");
}

void write_features(const std::filesystem::path& path, const FeatureTable& table) {
  check_feature_file(path, table.rows->layout());
  format_of(path).write(path, table);
}

}  // namespace enxerto
