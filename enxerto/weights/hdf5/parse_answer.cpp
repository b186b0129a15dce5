#include "enxerto/weights/hdf5/parse_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/hdf5/answer_format.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

[[noreturn]] void fail_answer(std::string_view where, std::string found) {
  throw_weights_error(where, {.found = "the answer of enxerto-hdf5 about it " + std::move(found),
                              .expected = "an answer as the program of this version of Enxerto writes it",
                              .tip = "get the file again from its source; if it is sound, install Enxerto again"});
}

std::uint64_t rounded_up(std::uint64_t bytes) {
  return (bytes + kAnswerAlignment - 1) / kAnswerAlignment * kAnswerAlignment;
}

std::string_view text(ByteCursor& cursor) { return cursor.text(cursor.number<std::uint32_t>()); }

/// Texts out of an answer may hold anything.
std::string harmless(std::string_view words) {
  constexpr std::size_t kLongest = 600;
  std::string result;
  for (const char letter : words.substr(0, kLongest)) {
    const auto code = static_cast<unsigned char>(letter);
    if (code < 0x20 || code == 0x7f) {
      result += fmt::format("\\x{:02x}", code);
    } else {
      result += letter;
    }
  }
  return result;
}

[[noreturn]] void refuse(ByteCursor& cursor, std::string_view where) {
  const std::string found = harmless(text(cursor)), expected = harmless(text(cursor)), tip = harmless(text(cursor));
  throw_weights_error(where, {.found = found, .expected = expected, .tip = tip});
}

class Parser {
 public:
  Parser(const SharedBytes& file, const SharedBytes& data, std::string_view where)
      : file_(file), data_(data), where_(where) {}

  void group(ByteCursor& cursor, Hdf5Group& to, std::uint32_t depth) const {
    if (depth > kAnswerDepthLimit) fail_answer(where_, "has endlessly nested groups");
    attributes(cursor, to);
    const auto children = cursor.number<std::uint32_t>();
    std::string_view before;
    for (std::uint32_t i = 0; i < children; ++i) {
      const auto kind = cursor.number<std::uint8_t>();
      const std::string_view name = text(cursor);
      const bool odd =
          name.empty() || name == "." || name.find_first_of(std::string_view("/\0", 2)) != std::string_view::npos;
      if (odd || (i > 0 && name <= before)) fail_answer(where_, "has the name " + shown(name) + " where it cannot be");
      child(cursor, {kind, name}, to, depth);
      before = name;
    }
  }

 private:
  struct Child {
    std::uint8_t kind;
    std::string_view name;
  };

  void attributes(ByteCursor& cursor, Hdf5Group& to) const {
    const auto count = cursor.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string name(text(cursor));
      const auto texts = cursor.number<std::uint32_t>();
      if (texts > cursor.left() / sizeof(std::uint32_t))
        fail_answer(where_, "has a list of strings longer than itself");
      std::vector<std::string> list;
      list.reserve(texts);
      for (std::uint32_t j = 0; j < texts; ++j) list.emplace_back(text(cursor));
      if (!to.attributes.emplace(name, std::move(list)).second)
        fail_answer(where_, "has an attribute twice: " + shown(name));
    }
  }

  void child(ByteCursor& cursor, const Child& child, Hdf5Group& to, std::uint32_t depth) const {
    switch (static_cast<ItemKind>(child.kind)) {
      case ItemKind::group:
        to.groups.emplace_back().name = child.name;
        return group(cursor, to.groups.back(), depth + 1);
      case ItemKind::tensor:
        to.tensors.push_back({.name = std::string(child.name), .tensor = tensor(cursor, child.name)});
        return;
      case ItemKind::other:
        to.others.emplace_back(child.name);
        return;
    }
    fail_answer(where_, fmt::format("has an item of kind {}", child.kind));
  }

  Tensor tensor(ByteCursor& cursor, std::string_view name) const {
    const auto dtype = cursor.number<std::uint8_t>(), rank = cursor.number<std::uint8_t>();
    if (dtype > static_cast<std::uint8_t>(DType::boolean) || rank > kAnswerRankLimit)
      fail_answer(where_, "has an unknown type of numbers in " + shown(name));
    Shape shape;
    for (std::uint8_t i = 0; i < rank; ++i) shape.push_back(cursor.number<std::int64_t>());
    const auto place = cursor.number<std::uint8_t>();
    const auto offset = cursor.number<std::uint64_t>();
    if (place != static_cast<std::uint8_t>(TensorPlace::file) &&
        place != static_cast<std::uint8_t>(TensorPlace::answer))
      fail_answer(where_, fmt::format("has {} at position {}", shown(name), place));
    const SharedBytes& from = place == static_cast<std::uint8_t>(TensorPlace::file) ? file_ : data_;
    const auto bytes = byte_count(static_cast<DType>(dtype), shape);
    if (!bytes)
      throw_weights_error(where_, {.found = fmt::format("has {} of the shape {}", shown(name), to_string(shape)),
                                   .expected = "a size that can be stored"});
    if (offset > from.bytes.size() || *bytes > from.bytes.size() - offset)
      fail_answer(where_, fmt::format("has {} outside of its {} bytes", shown(name), from.bytes.size()));
    return foreign_tensor(static_cast<DType>(dtype), std::move(shape), {from.owner, from.bytes.data() + offset});
  }

  const SharedBytes& file_;
  const SharedBytes& data_;
  std::string_view where_;
};

}  // namespace

std::uint64_t AnswerHeader::total_bytes() const { return rounded_up(kAnswerHeaderBytes + index_bytes) + data_bytes; }

AnswerHeader parse_answer_header(std::span<const std::byte> bytes, std::uint64_t data_limit, std::string_view where) {
  ByteCursor cursor(bytes, where);
  if (cursor.text(kAnswerMagic.size()) != kAnswerMagic) fail_answer(where, "does not begin as one");
  const auto kind = cursor.number<std::uint64_t>();
  AnswerHeader header{.index_bytes = cursor.number<std::uint64_t>(), .data_bytes = cursor.number<std::uint64_t>()};
  header.refused = kind == static_cast<std::uint64_t>(AnswerKind::refusal);
  if (!header.refused && kind != static_cast<std::uint64_t>(AnswerKind::tree))
    fail_answer(where, fmt::format("is of kind {}", kind));
  if (header.index_bytes > kAnswerIndexLimit + kAnswerAlignment || header.data_bytes > data_limit ||
      (header.refused && header.data_bytes > 0))
    fail_answer(where, fmt::format("announces {} bytes and {} bytes", header.index_bytes, header.data_bytes));
  return header;
}

Hdf5Group parse_answer(const SharedBytes& answer, const SharedBytes& file, std::string_view where) {
  const AnswerHeader header = parse_answer_header(answer.bytes, answer.bytes.size(), where);
  if (header.total_bytes() != answer.bytes.size()) fail_answer(where, "has another length than it announces");
  const std::string name = std::string(where) + " (answer of enxerto-hdf5)";
  ByteCursor cursor(answer.bytes.subspan(kAnswerHeaderBytes, to_size(header.index_bytes)), name);
  if (header.refused) refuse(cursor, where);
  const SharedBytes data{.bytes = answer.bytes.last(to_size(header.data_bytes)), .owner = answer.owner};
  Hdf5Group root;
  Parser(file, data, where).group(cursor, root, 0);
  if (cursor.left() > 0) fail_answer(where, fmt::format("has {} bytes after its end", cursor.left()));
  return root;
}

}  // namespace enxerto
