#include "enxerto/weights/npz/npz_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kLongestHeader = 65'536, kMostNumpyDimensions = 32;

/// NumPy's words for element types, little-endian.
constexpr std::array<std::pair<std::string_view, DType>, 12> kTypes{{{"<f8", DType::f64},
                                                                     {"<f4", DType::f32},
                                                                     {"<f2", DType::f16},
                                                                     {"<i8", DType::i64},
                                                                     {"<i4", DType::i32},
                                                                     {"<i2", DType::i16},
                                                                     {"i1", DType::i8},
                                                                     {"<u8", DType::u64},
                                                                     {"<u4", DType::u32},
                                                                     {"<u2", DType::u16},
                                                                     {"u1", DType::u8},
                                                                     {"b1", DType::boolean}}};

/// The literal of Python that a header is: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
class HeaderText {
 public:
  HeaderText(std::string_view text, std::string_view where) : text_(text), where_(where) {}

  [[noreturn]] void fail() const {
    throw_weights_error(where_, {.found = "a header that is not NumPy's: " + shown(text_), .expected = "an array"});
  }

  /// What follows a key up to the comma behind it; of a tuple or a text all of it.
  std::string_view value_of(std::string_view key) const {
    const std::string quoted = fmt::format("'{}':", key);
    const std::size_t at = text_.find(quoted);
    if (at == std::string_view::npos) fail();
    std::string_view rest = text_.substr(at + quoted.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.starts_with('(')) return until(rest, ')');
    if (rest.starts_with('\'')) return until(rest, '\'');
    return rest.substr(0, rest.find_first_of(",}"));
  }

  Shape shape() const {
    Shape shape;
    for (std::string_view rest = value_of("shape"); !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      std::string_view word = rest.substr(0, end);
      while (word.starts_with(' ')) word.remove_prefix(1);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (word.empty() && rest.empty()) break;
      std::int64_t size = 0;
      const auto [behind, error] = std::from_chars(word.data(), word.data() + word.size(), size);
      if (error != std::errc() || behind != word.data() + word.size() || size < 0 ||
          shape.size() == kMostNumpyDimensions)
        fail();
      shape.push_back(size);
    }
    return shape;
  }

 private:
  std::string_view until(std::string_view text, char end) const {
    const std::size_t at = text.find(end, 1);
    if (at == std::string_view::npos) fail();
    return text.substr(1, at - 1);
  }

  std::string_view text_, where_;
};

}  // namespace

NpyHeader read_npy_header(std::span<const std::byte> file, std::string_view where) {
  ByteCursor cursor(file, where);
  if (cursor.text(6) != "\x93NUMPY") throw_weights_error(where, {.found = "no array of NumPy", .expected = "one"});
  const auto version = cursor.number<std::uint8_t>();
  cursor.take(1);
  const std::size_t length = version == 1 ? cursor.number<std::uint16_t>() : cursor.number<std::uint32_t>();
  if (version < 1 || version > 3 || length > kLongestHeader)
    throw_weights_error(where, {.found = fmt::format("version {}, a header of {} bytes", version, length),
                                .expected = "version 1 to 3"});
  const HeaderText header(cursor.text(length), where);
  std::string_view word = header.value_of("descr");
  if (word.ends_with('1')) word.remove_prefix(1);  // of a single byte the order says nothing
  const auto* const type = std::ranges::find(kTypes, word, &std::pair<std::string_view, DType>::first);
  if (type == kTypes.end())
    throw_weights_error(where, {.found = "elements of type " + shown(word), .expected = "little-endian numbers"});
  if (header.value_of("fortran_order") != "False")
    throw_weights_error(where, {.found = "an array in Fortran's order",
                                .expected = "row after row",
                                .tip = "save it with numpy.ascontiguousarray"});
  NpyHeader found{.dtype = type->second, .shape = header.shape(), .begin = cursor.position()};
  const std::optional<std::size_t> bytes = byte_count(found.dtype, found.shape);
  if (!bytes || *bytes != cursor.left())
    throw_weights_error(where,
                        {.found = fmt::format("{} bytes for an array of {}", cursor.left(), to_string(found.shape)),
                         .expected = bytes ? fmt::format("{}", *bytes) : std::string("a possible size")});
  return found;
}

}  // namespace enxerto
