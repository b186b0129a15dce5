#include "enxerto/workflow/feature_file.h"

#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestSafetensorsHeader = 100'000'000;

Shape whole_shape(const FeatureTable& table) {
  Shape shape{static_cast<std::int64_t>(table.rows->size())};
  shape.insert(shape.end(), table.row_shape.begin(), table.row_shape.end());
  return shape;
}

void write_rows(AtomicFile& file, const FeatureTable& table) {
  for (const float* row : table.rows->row) file.write(std::as_bytes(std::span(row, table.rows->width)));
}

/// RFC 4180: quoted where needed, quotes doubled.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string name_and_class(const FeatureTable& table, std::size_t row) {
  const std::int64_t label = table.label(row);
  return csv_field(table.name(row)) + "," +
         (label < 0 ? "" : csv_field(table.classes.at(static_cast<std::size_t>(label))));
}

void write_csv(const std::filesystem::path& path, const FeatureTable& table, bool with_values) {
  AtomicFile file(path);
  std::string line = "name,label";
  for (std::size_t i = 0; with_values && i < table.rows->width; ++i) line += fmt::format(",f{}", i);
  file.write(line + "\n");
  for (std::size_t row = 0; row < table.rows->size(); ++row) {
    line = name_and_class(table, row);
    if (with_values) {
      for (const float value : std::span(table.rows->row[row], table.rows->width))
        fmt::format_to(std::back_inserter(line), ",{}", value);
    }
    file.write(line + "\n");
  }
  file.commit();
}

void write_whole_csv(const std::filesystem::path& path, const FeatureTable& table) { write_csv(path, table, true); }

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
  write_rows(file, table);
  write_csv(std::filesystem::path(path).replace_extension(".csv"), table, false);
  file.commit();
}

void write_safetensors_rows(const std::filesystem::path& path, const FeatureTable& table) {
  Json names = Json::array();
  for (std::size_t row = 0; row < table.rows->size(); ++row) names.push_back(table.name(row));
  const std::size_t label_bytes = table.rows->size() * sizeof(std::int64_t);
  const std::size_t row_bytes = table.rows->size() * table.rows->width * sizeof(float);
  const auto lenient = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  const Json header{
      {"__metadata__", {{"names", lenient(names)}, {"classes", lenient(table.classes)}}},
      {"labels", {{"dtype", "I64"}, {"shape", {table.rows->size()}}, {"data_offsets", {0, label_bytes}}}},
      {"features",
       {{"dtype", "F32"}, {"shape", whole_shape(table)}, {"data_offsets", {label_bytes, label_bytes + row_bytes}}}}};
  std::string text = lenient(header);
  text.append((8 - text.size() % 8) % 8, ' ');
  if (text.size() > kLargestSafetensorsHeader) {
    throw Error(ErrorKind::usage, {.where = path.string(),
                                   .found = "too many names for a safetensors header",
                                   .expected = "",
                                   .tip = "a .npy file"});
  }
  AtomicFile file(path);
  const std::uint64_t length = text.size();
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(text);
  for (std::size_t row = 0; row < table.rows->size(); ++row) {
    const std::int64_t label = table.label(row);
    file.write(std::as_bytes(std::span(&label, 1)));
  }
  write_rows(file, table);
  file.commit();
}

struct Format {
  std::string_view ending;
  void (*write)(const std::filesystem::path&, const FeatureTable&);
};

constexpr std::array kFormats{Format{".safetensors", write_safetensors_rows}, Format{".npy", write_npy},
                              Format{".csv", write_whole_csv}};

const Format& format_of(const std::filesystem::path& path) {
  std::vector<std::string> endings;
  for (const Format& format : kFormats) {
    if (path.extension() == format.ending) return format;
    endings.emplace_back(format.ending);
  }
  throw Error(ErrorKind::usage, {.where = path.string(),
                                 .found = fmt::format("unknown ending '{}'{}", path.extension().string(),
                                                      did_you_mean(path.extension().string(), endings)),
                                 .expected = fmt::format("{}", fmt::join(endings, ", ")),
                                 .tip = ""});
}

}  // namespace

void check_feature_file(const std::filesystem::path& path) { format_of(path); }

void write_features(const std::filesystem::path& path, const FeatureTable& table) {
  format_of(path).write(path, table);
}

}  // namespace enxerto
