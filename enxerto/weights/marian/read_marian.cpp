#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/copy_limit.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/marian/marian_binary.h"
#include "enxerto/weights/marian/marian_text.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kVersion = 1, kMostItems = 100'000, kLongestName = 4096, kMostMarianDimensions = 8;
constexpr std::uint64_t kCharacters = 0x0101, kFloat = 0x0404, kFirstInteger = 0x4101, kBehindIntegers = 0x4200;
constexpr std::string_view kActivationScale = "_QuantMultA", kWordVectors = "Wemb";

struct Item {
  std::uint64_t name_length = 0, type = 0, dimensions = 0, bytes = 0;
  std::string name = {};
  Shape shape = {};
};

/// Whether elements are 8-bit integers with a scale: intgemm's types for any processor.
bool is_quantised(std::uint64_t type) {
  constexpr std::uint64_t kSizeOf = 0xFF;
  return type >= kFirstInteger && type < kBehindIntegers && (type & kSizeOf) == 1;
}

std::vector<Item> read_items(ByteCursor& cursor) {
  const auto version = cursor.number<std::uint64_t>(), count = cursor.number<std::uint64_t>();
  if (version != kVersion || count > kMostItems)
    throw_weights_error(cursor.where(), {.found = fmt::format("version {} with {} tensors", version, count),
                                         .expected = "a binary model of Marian, version 1"});
  std::vector<Item> items;
  for (std::uint64_t i = 0; i < count; ++i) {
    Item item;
    for (std::uint64_t* field : {&item.name_length, &item.type, &item.dimensions, &item.bytes})
      *field = cursor.number<std::uint64_t>();
    if (item.name_length == 0 || item.name_length > kLongestName || item.dimensions > kMostMarianDimensions)
      throw_weights_error(cursor.where(),
                          {.found = fmt::format("a name of {} bytes, {} dimensions", item.name_length, item.dimensions),
                           .expected = "a tensor"});
    items.push_back(std::move(item));
  }
  for (Item& item : items) {
    const std::string_view name = cursor.text(item.name_length);
    item.name = name.substr(0, name.find('\0'));
  }
  for (Item& item : items)
    for (std::uint64_t d = 0; d < item.dimensions; ++d) item.shape.push_back(cursor.number<std::int32_t>());
  cursor.take(cursor.number<std::uint64_t>());
  return items;
}

/// (in, out) of numbers that lie as (out, in), or as they are.
Tensor dequantised(const Item& item, std::span<const std::byte> data, std::string_view where) {
  const std::size_t count = byte_count(DType::i8, item.shape).value();
  float multiplier = 0;
  std::memcpy(&multiplier, data.data() + count, sizeof multiplier);
  if (!std::isfinite(multiplier) || multiplier <= 0)
    throw_weights_error(where, {.found = fmt::format("{} has the multiplier {}", shown(item.name), multiplier),
                                .expected = "a number above 0"});
  const bool turned = item.shape.size() == 2 && !item.name.starts_with(kWordVectors);
  const auto rows = turned ? static_cast<std::size_t>(item.shape[0]) : count;
  const std::size_t columns = rows == 0 ? 0 : count / rows;
  TensorBuffer buffer(DType::f32, item.shape);
  const std::span<float> to = buffer.as<float>();
  const auto at = [&](std::size_t i) { return static_cast<float>(static_cast<std::int8_t>(data[i])) / multiplier; };
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      to[row * columns + column] = at(turned ? column * rows + row : row);
  return std::move(buffer).freeze();
}

void require_bytes(const Item& item, DType dtype, std::uint64_t more, std::string_view where) {
  const std::optional<std::size_t> bytes = byte_count(dtype, item.shape);
  if (bytes && item.bytes >= *bytes && item.bytes - *bytes >= more) return;
  throw_weights_error(
      where, {.found = fmt::format("{} bytes for {} of {}", item.bytes, shown(item.name), to_string(item.shape)),
              .expected = bytes ? fmt::format("{} at least", *bytes + more) : "a possible size"});
}

}  // namespace

bool looks_like_marian(std::span<const std::byte> bytes) {
  std::uint64_t numbers[4] = {};  // version, how many, and of the first item the length of its name and its type
  if (bytes.size() < sizeof numbers) return false;
  std::memcpy(numbers, bytes.data(), sizeof numbers);
  const bool type = numbers[3] == kCharacters || numbers[3] == kFloat || is_quantised(numbers[3]);
  return numbers[0] == kVersion && numbers[1] > 0 && numbers[1] <= kMostItems && numbers[2] <= kLongestName && type;
}

WeightFile read_marian(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                       std::string_view where) {
  ByteCursor cursor(bytes, where);
  WeightFile file;
  file.format = "Marian binary";
  std::size_t quantised = 0;
  std::uint64_t copied = 0;
  for (const Item& item : read_items(cursor)) {
    const std::span<const std::byte> data = cursor.take(item.bytes);
    if (is_marian_text(item.name) && item.type == kCharacters) {
      file.metadata.emplace(item.name, marian_text(data));
    } else if (item.name.ends_with(kActivationScale)) {
      continue;
    } else if (item.type == kFloat) {
      require_bytes(item, DType::f32, 0, where);
      file.tensors.set(item.name,
                       foreign_tensor(DType::f32, item.shape, std::shared_ptr<const std::byte>(owner, data.data())));
    } else if (is_quantised(item.type)) {
      require_bytes(item, DType::i8, sizeof(float), where);
      copied += 4 * item.bytes;
      if (copied > copy_limit(bytes.size()))
        throw_weights_error(where, {.found = "more numbers than the file can have", .expected = "a model"});
      file.tensors.set(item.name, dequantised(item, data, where));
      ++quantised;
    } else {
      throw_weights_error(where, {.found = fmt::format("{} has elements of type {:#x}", shown(item.name), item.type),
                                  .expected = "float32 or 8-bit integers",
                                  .tip = "a model that marian-conv has packed for one processor cannot be unpacked: "
                                         "take the .npz that it was made of"});
    }
  }
  if (quantised > 0)
    file.notes.push_back(fmt::format("{} of 8-bit integers read as float32", counted(quantised, "tensor")));
  return file;
}

}  // namespace enxerto
