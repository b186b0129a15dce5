#include "enxerto/workflow/safetensors_features.h"

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/json.h"
#include "enxerto/weights/safetensors_header.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestHeader = 100'000'000;

/// A tensor of the file, written a row at a time.
struct NamedRows {
  std::string name;
  DType dtype = DType::i64;
  Shape shape;
  std::function<void(AtomicFile&)> write;
};

void write_number(AtomicFile& file, std::int64_t number) { file.write(std::as_bytes(std::span(&number, 1))); }

NamedRows labels_of(const FeatureTable& table) {
  return {
      .name = "labels", .shape = {static_cast<std::int64_t>(table.rows->size())}, .write = [&table](AtomicFile& file) {
        for (std::size_t row = 0; row < table.rows->size(); ++row) write_number(file, table.label(row));
      }};
}

NamedRows targets_of(const FeatureTable& table) {
  return {.name = "targets",
          .dtype = DType::f32,
          .shape = {static_cast<std::int64_t>(table.rows->size()), static_cast<std::int64_t>(table.targets.size())},
          .write = [&table](AtomicFile& file) {
            for (std::size_t row = 0; row < table.rows->size(); ++row) file.write(std::as_bytes(table.target(row)));
          }};
}

/// All elements of value number `value`, one example after another.
NamedRows elements_of(const FeatureTable& table, std::size_t value, std::string name, Shape shape) {
  return {.name = std::move(name),
          .dtype = table.rows->layout().values[value].dtype,
          .shape = std::move(shape),
          .write = [&table, value](AtomicFile& file) {
            for (std::size_t row = 0; row < table.rows->size(); ++row)
              file.write(table.rows->at(row).tensor(value).bytes());
          }};
}

void add_fixed(const FeatureTable& table, std::size_t value, std::vector<NamedRows>& parts) {
  const RowLayout& layout = table.rows->layout();
  Shape shape = layout.values[value].shape;
  shape.insert(shape.begin(), static_cast<std::int64_t>(table.rows->size()));
  parts.push_back(
      elements_of(table, value, layout.is_matrix() ? "features" : layout.values[value].name, std::move(shape)));
}

void add_varying(const FeatureTable& table, std::size_t value, std::vector<NamedRows>& parts) {
  const InputSpec& spec = table.rows->layout().values[value];
  const auto rows = static_cast<std::int64_t>(table.rows->size());
  std::int64_t elements = 0;
  const auto count = [&table, value](std::size_t row) {
    return static_cast<std::int64_t>(element_count(table.rows->at(row).value(value).shape));
  };
  for (std::size_t row = 0; row < table.rows->size(); ++row) elements += count(row);
  parts.push_back({.name = spec.name + ".shapes",
                   .shape = {rows, static_cast<std::int64_t>(spec.shape.size())},
                   .write = [&table, value](AtomicFile& file) {
                     for (std::size_t row = 0; row < table.rows->size(); ++row)
                       file.write(std::as_bytes(std::span(table.rows->at(row).value(value).shape)));
                   }});
  parts.push_back({.name = spec.name + ".offsets", .shape = {rows + 1}, .write = [&table, count](AtomicFile& file) {
                     std::int64_t offset = 0;
                     write_number(file, offset);
                     for (std::size_t row = 0; row < table.rows->size(); ++row)
                       write_number(file, offset += count(row));
                   }});
  parts.push_back(elements_of(table, value, spec.name, {elements}));
}

std::string header_of(const FeatureTable& table, const std::vector<NamedRows>& parts) {
  const auto lenient = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  Json names = Json::array();
  for (std::size_t row = 0; row < table.rows->size(); ++row) names.push_back(table.name(row));
  Json header{{"__metadata__", {{"names", lenient(names)}}}};
  if (table.targets.empty())
    header["__metadata__"]["classes"] = lenient(table.classes);
  else
    header["__metadata__"]["targets"] = lenient(table.targets);
  std::size_t begin = 0;
  for (const NamedRows& part : parts) {
    const std::size_t end = begin + element_count(part.shape) * size_of(part.dtype);
    header[part.name] = {
        {"dtype", safetensors_name(part.dtype)}, {"shape", part.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = lenient(header);
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

}  // namespace

void write_safetensors_features(const std::filesystem::path& path, const FeatureTable& table) {
  std::vector<NamedRows> parts{table.targets.empty() ? labels_of(table) : targets_of(table)};
  for (std::size_t i = 0; i < table.rows->layout().values.size(); ++i)
    table.rows->layout().values[i].fixed() ? add_fixed(table, i, parts) : add_varying(table, i, parts);
  // Wider types first, so that every tensor is aligned.
  std::ranges::stable_sort(parts, std::ranges::greater(), [](const NamedRows& part) { return size_of(part.dtype); });
  const std::string header = header_of(table, parts);
  if (header.size() > kLargestHeader)
    throw usage_error(path.string(), "too many names for a safetensors header", "", "a .npy file");
  AtomicFile file(path);
  const std::uint64_t length = header.size();
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(header);
  for (const NamedRows& part : parts) part.write(file);
  file.commit();
}

}  // namespace enxerto
