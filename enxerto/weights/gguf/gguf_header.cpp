#include "enxerto/weights/gguf/gguf_header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kMostEntries = std::uint64_t{1} << 24;  // of a list; tensors and keys are far fewer
constexpr std::uint64_t kMostTensors = 1 << 20, kMostValues = 1 << 16, kLongestName = 65535;
constexpr std::uint32_t kMostDimensions = 4, kDeepest = 4, kUsualAlignment = 32, kLargestAlignment = 1 << 20;
constexpr std::uint32_t kListType = 9;

[[noreturn]] void refuse_gguf(const ByteCursor& cursor, std::string found, std::string expected, std::string tip = {}) {
  throw_weights_error(cursor.where(),
                      {.found = std::move(found), .expected = std::move(expected), .tip = std::move(tip)});
}

/// A count that the rest of the file has room for, each thing being of at least `bytes`.
std::uint64_t count_in(ByteCursor& cursor, std::uint64_t most, std::uint64_t bytes, std::string_view what) {
  const auto count = cursor.number<std::uint64_t>();
  if (count > most || count > cursor.left() / bytes)
    refuse_gguf(cursor, fmt::format("declares {} {} with {} bytes left in the file", count, what, cursor.left()),
                fmt::format("at most {}, and the whole file", most));
  return count;
}

std::string text_in(ByteCursor& cursor, std::string_view what, std::uint64_t longest) {
  const auto length = cursor.number<std::uint64_t>();
  if (length > longest)
    refuse_gguf(cursor, fmt::format("{} has {} bytes", what, length), fmt::format("at most {}", longest));
  return std::string(cursor.text(length));
}

template <typename T>
GgufValue number_in(ByteCursor& cursor) {
  const T value = cursor.number<T>();
  using Kept = std::conditional_t<std::floating_point<T>, double,
                                  std::conditional_t<std::unsigned_integral<T>, std::uint64_t, std::int64_t>>;
  return static_cast<Kept>(value);
}

template <typename T>
GgufValue numbers_in(ByteCursor& cursor, std::uint64_t count) {
  using Kept = std::conditional_t<std::floating_point<T>, double, std::int64_t>;
  std::vector<Kept> values;
  values.reserve(to_size(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const T value = cursor.number<T>();
    if constexpr (std::same_as<T, std::uint64_t>) {
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        refuse_gguf(cursor, fmt::format("has {} in a list", value), "numbers below 2^63");
    }
    values.push_back(static_cast<Kept>(value));
  }
  return values;
}

/// A name, which errors and reports show.
std::string name_in_gguf(ByteCursor& cursor, std::string_view what) {
  std::string name = text_in(cursor, what, kLongestName);
  if (as_utf8(name) != name) refuse_gguf(cursor, fmt::format("{} is {}", what, shown(name)), "UTF-8");
  return name;
}

GgufValue flag_in(ByteCursor& cursor) {
  const auto value = cursor.number<std::uint8_t>();
  if (value > 1) refuse_gguf(cursor, fmt::format("has the boolean value {}", value), "0 or 1");
  return value == 1;
}

/// A type of the metadata, by its number.
struct ValueType {
  std::uint64_t bytes;  ///< at least
  GgufValue (*one)(ByteCursor& cursor);
  GgufValue (*many)(ByteCursor& cursor, std::uint64_t count);
};
template <typename T>
constexpr ValueType number_type() {
  return {sizeof(T), number_in<T>, numbers_in<T>};
}

constexpr std::uint64_t kLongestText = std::uint64_t{64} << 20;

GgufValue string_in(ByteCursor& cursor) { return text_in(cursor, "a text of the metadata", kLongestText); }
GgufValue strings_in(ByteCursor& cursor, std::uint64_t count) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < count; ++i) texts.push_back(text_in(cursor, "a text of the metadata", kLongestText));
  return texts;
}

constexpr std::array<ValueType, 13> kValueTypes{{
    number_type<std::uint8_t>(),
    number_type<std::int8_t>(),
    number_type<std::uint16_t>(),
    number_type<std::int16_t>(),
    number_type<std::uint32_t>(),
    number_type<std::int32_t>(),
    number_type<float>(),
    {1, flag_in, numbers_in<std::uint8_t>},
    {8, string_in, strings_in},
    {12, nullptr, nullptr},  // a list: value_in
    number_type<std::uint64_t>(),
    number_type<std::int64_t>(),
    number_type<double>(),
}};

const ValueType& type_numbered(const ByteCursor& cursor, std::uint32_t type) {
  if (type >= kValueTypes.size())
    refuse_gguf(cursor, fmt::format("has a value of type {} in its metadata", type), "0 to 12, as version 3 has them");
  return kValueTypes[type];
}

GgufValue list_in(ByteCursor& cursor, std::uint32_t depth) {
  if (depth > kDeepest)
    refuse_gguf(cursor, "has lists within lists in its metadata", fmt::format("{} at most", kDeepest));
  const auto type = cursor.number<std::uint32_t>();
  const ValueType& of = type_numbered(cursor, type);
  const std::uint64_t count = count_in(cursor, kMostEntries, of.bytes, "values of a list");
  if (type != kListType) return of.many(cursor, count);
  for (std::uint64_t i = 0; i < count; ++i) (void)list_in(cursor, depth + 1);
  return GgufSkipped{};
}

GgufValue value_in(ByteCursor& cursor, std::uint32_t type, std::uint32_t depth) {
  const ValueType& of = type_numbered(cursor, type);
  return type == kListType ? list_in(cursor, depth) : of.one(cursor);
}

std::uint32_t version_in(ByteCursor& cursor) {
  if (cursor.text(4) != "GGUF") refuse_gguf(cursor, "does not begin as a GGUF file", "GGUF");
  const auto version = cursor.number<std::uint32_t>();
  if (version == 2 || version == 3) return version;
  const bool swapped = (version & 0xFFFFU) == 0;
  refuse_gguf(
      cursor, swapped ? "is a GGUF file of a big-endian machine" : fmt::format("is of version {} of GGUF", version),
      swapped ? "little-endian numbers" : "version 2 or 3",
      swapped ? "convert it with gguf-py's gguf_convert_endian.py" : "convert the network again with a newer program");
}

std::string type_found(std::uint32_t id) {
  const std::string_view name = gguf_type_name(id);
  return name.empty() ? fmt::format("the unknown type {}", id) : fmt::format("type {}", name);
}

/// Bytes of a tensor; the innermost size is that of `shape.back()`.
std::uint64_t bytes_of(const ByteCursor& cursor, const GgufTensor& tensor) {
  std::int64_t count = 1;
  for (const std::int64_t size : tensor.shape) {
    if (size < 1 || __builtin_mul_overflow(count, size, &count) ||
        count > std::numeric_limits<std::int64_t>::max() / 16)
      refuse_gguf(cursor, fmt::format("tensor {} is of shape {}", shown(tensor.name), to_string(tensor.shape)),
                  "sizes of 1 and more that can be stored");
  }
  const GgufBlockType& type = *tensor.type;
  const std::int64_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
  if (to_size(row) % type.numbers != 0)
    refuse_gguf(cursor, fmt::format("tensor {} has rows of {} numbers in type {}", shown(tensor.name), row, type.name),
                fmt::format("a multiple of {}", type.numbers));
  return to_size(count) / type.numbers * type.bytes;
}

/// Name, sizes, type; `begin` counts from the end of the header still.
GgufTensor tensor_in(ByteCursor& cursor) {
  GgufTensor tensor;
  tensor.name = name_in_gguf(cursor, "the name of a tensor");
  const auto dimensions = cursor.number<std::uint32_t>();
  if (dimensions > kMostDimensions)
    refuse_gguf(cursor, fmt::format("tensor {} has {} dimensions", shown(tensor.name), dimensions),
                fmt::format("at most {}", kMostDimensions));
  for (std::uint32_t i = 0; i < dimensions; ++i) tensor.shape.push_back(cursor.number<std::int64_t>());
  std::ranges::reverse(tensor.shape);
  const auto type = cursor.number<std::uint32_t>();
  tensor.type = gguf_block_type(type);
  if (tensor.type == nullptr) {
    std::vector<std::string_view> names;
    for (const GgufBlockType& known : gguf_block_types()) names.push_back(known.name);
    refuse_gguf(
        cursor, fmt::format("tensor {} is of {}, which is not supported", shown(tensor.name), type_found(type)),
        fmt::format("{}", fmt::join(names, ", ")),
        "take another file of this network, Q8_0 for one, or convert it with llama-quantize --allow-requantize");
  }
  tensor.begin = cursor.number<std::uint64_t>();
  tensor.end = bytes_of(cursor, tensor);
  return tensor;
}

std::uint64_t alignment_of(const ByteCursor& cursor, const GgufHeader& header) {
  const auto at = header.values.find("general.alignment");
  if (at == header.values.end()) return kUsualAlignment;
  const auto* const value = std::get_if<std::uint64_t>(&at->second);
  if (value == nullptr || *value < 1 || *value > kLargestAlignment || (*value & (*value - 1)) != 0)
    refuse_gguf(cursor,
                "general.alignment is " + (value == nullptr ? std::string("not a number") : std::to_string(*value)),
                fmt::format("a power of two, at most {}", kLargestAlignment));
  return *value;
}

void refuse_part(const ByteCursor& cursor, const GgufHeader& header) {
  const auto* const parts = header.find<std::uint64_t>("split.count");
  if (parts != nullptr && *parts > 1)
    refuse_gguf(cursor, fmt::format("is one of the {} files of a network", *parts), "a network in one file",
                "join them: llama-gguf-split --merge FIRST-FILE WHOLE.gguf");
}

/// Places the tensors in the file, in the order of their data, none in another.
void place(const ByteCursor& cursor, GgufHeader& header, std::uint64_t file_bytes) {
  const std::uint64_t alignment = alignment_of(cursor, header);
  const std::uint64_t data = (cursor.position() + alignment - 1) / alignment * alignment;
  const std::uint64_t room = data > file_bytes ? 0 : file_bytes - data;
  std::ranges::stable_sort(header.tensors, {}, [](const GgufTensor& tensor) { return tensor.begin; });
  std::uint64_t end = 0;
  std::string_view before;
  for (GgufTensor& tensor : header.tensors) {
    const std::uint64_t size = tensor.end;
    if (tensor.begin % alignment != 0)
      refuse_gguf(cursor, fmt::format("tensor {} begins at byte {} of the numbers", shown(tensor.name), tensor.begin),
                  fmt::format("a multiple of the file's alignment, {}", alignment));
    if (tensor.begin < end)
      refuse_gguf(cursor, fmt::format("tensor {} overlaps with {}", shown(tensor.name), shown(before)),
                  fmt::format("byte {} of the numbers or later", end));
    if (tensor.begin > room || size > room - tensor.begin)
      refuse_gguf(cursor,
                  fmt::format("is truncated: tensor {} takes {} bytes from byte {} of the numbers, which are {} bytes",
                              shown(tensor.name), size, tensor.begin, room),
                  "the whole tensor");
    end = tensor.begin + size;
    before = tensor.name;
    tensor.begin += data;
    tensor.end = data + end;
  }
}

}  // namespace

GgufHeader read_gguf_header(const FileSource& file) {
  ByteCursor cursor(file.bytes, file.where);
  GgufHeader header;
  header.version = version_in(cursor);
  constexpr std::uint64_t kLeastTensor = 24, kLeastValue = 13;
  const std::uint64_t tensors = count_in(cursor, kMostTensors, kLeastTensor, "tensors");
  const std::uint64_t values = count_in(cursor, kMostValues, kLeastValue, "values");
  for (std::uint64_t i = 0; i < values; ++i) {
    std::string key = name_in_gguf(cursor, "a key of the metadata");
    if (header.values.contains(key)) refuse_gguf(cursor, "has the key " + shown(key) + " twice", "unique keys");
    const auto type = cursor.number<std::uint32_t>();
    header.values.emplace(std::move(key), value_in(cursor, type, 1));
  }
  refuse_part(cursor, header);
  std::unordered_set<std::string> names;
  for (std::uint64_t i = 0; i < tensors; ++i) {
    header.tensors.push_back(tensor_in(cursor));
    const std::string& name = header.tensors.back().name;
    if (!names.insert(name).second) refuse_gguf(cursor, "has the tensor " + shown(name) + " twice", "unique names");
  }
  place(cursor, header, file.bytes.size());
  return header;
}

}  // namespace enxerto
