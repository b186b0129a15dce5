#include "enxerto/weights/safetensors_header.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::array<std::pair<std::string_view, DType>, 13> kTypes{{
    {"F64", DType::f64},
    {"F32", DType::f32},
    {"F16", DType::f16},
    {"BF16", DType::bf16},
    {"I64", DType::i64},
    {"I32", DType::i32},
    {"I16", DType::i16},
    {"I8", DType::i8},
    {"U64", DType::u64},
    {"U32", DType::u32},
    {"U16", DType::u16},
    {"U8", DType::u8},
    {"BOOL", DType::boolean},
}};

/// Takes nlohmann's events; where in the header we are is `place_`.
class HeaderBuilder {
 public:
  explicit HeaderBuilder(std::string_view where) : where_(where) {}

  bool null() { return refuse("null"); }
  bool boolean(bool) { return refuse("a boolean"); }
  bool number_integer(std::int64_t) { return refuse("a negative number"); }
  bool number_float(double, const std::string&) { return refuse("a fraction"); }
  bool binary(nlohmann::json::binary_t&) { return refuse("binary data"); }

  bool number_unsigned(std::uint64_t value) {
    if (place_ == Place::shape && value <= static_cast<std::uint64_t>(INT64_MAX)) {
      entry().shape.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    if (place_ == Place::offsets && offsets_ < 2) {
      (offsets_++ == 0 ? entry().begin : entry().end) = value;
      return true;
    }
    return refuse("an unexpected number");
  }

  bool string(std::string& value) {
    if (place_ == Place::metadata && key_.pending) {
      header_.metadata.emplace(std::move(key_.name), std::move(value));
      key_.pending = false;
      return true;
    }
    if (place_ != Place::entry || key_.name != "dtype") return refuse("an unexpected string");
    for (const auto& [name, dtype] : kTypes) {
      if (name != value) continue;
      entry().dtype = dtype;
      return true;
    }
    fail(fmt::format("tensor {} has elements of type {}", shown(entry().name), shown(value)),
         "F64, F32, F16, BF16, I64 to I8, U64 to U8 or BOOL", "convert it to float16 or float32 at its source");
  }

  bool start_object(std::size_t) {
    if (place_ == Place::start) {
      place_ = Place::root;
    } else if (place_ == Place::root && key_.name == "__metadata__") {
      place_ = Place::metadata;
    } else if (place_ == Place::root) {
      place_ = Place::entry;
      header_.entries.push_back({.name = std::move(key_.name), .dtype = DType::f32, .shape = {}, .begin = 0, .end = 0});
    } else {
      return refuse("an unexpected object");
    }
    return true;
  }

  bool key(std::string& name) {
    auto& seen = place_ == Place::root ? names_ : members_;
    if (!seen.insert(name).second) {
      fail(fmt::format("the header has the key {} twice", shown(name)), "unique names", "");
    }
    key_ = {std::move(name), true};
    return true;
  }

  bool end_object() {
    if (place_ == Place::entry && members_.size() != 3) {
      fail(fmt::format("tensor {} has {} members", shown(entry().name), members_.size()),
           "dtype, shape and data_offsets", "");
    }
    place_ = place_ == Place::root ? Place::end : Place::root;
    members_.clear();
    return true;
  }

  bool start_array(std::size_t) {
    if (place_ == Place::entry && key_.name == "shape") {
      place_ = Place::shape;
    } else if (place_ == Place::entry && key_.name == "data_offsets") {
      place_ = Place::offsets;
      offsets_ = 0;
    } else {
      return refuse("an unexpected list");
    }
    return true;
  }

  bool end_array() {
    if (place_ == Place::offsets && offsets_ != 2) return refuse("data_offsets of fewer than two numbers");
    place_ = Place::entry;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    fail(fmt::format("the header is not valid JSON at byte {}", position), "a JSON object in UTF-8", "");
  }

  SafetensorsHeader take() { return std::move(header_); }

 private:
  enum class Place { start, root, metadata, entry, shape, offsets, end };
  struct Key {
    std::string name;
    bool pending = false;
  };

  SafetensorsEntry& entry() { return header_.entries.back(); }

  [[noreturn]] void fail(std::string found, std::string expected, std::string tip) const {
    throw_weights_error(where_, {.found = std::move(found), .expected = std::move(expected), .tip = std::move(tip)});
  }

  bool refuse(std::string_view what) const {
    const bool inside = place_ == Place::entry || place_ == Place::shape || place_ == Place::offsets;
    fail(fmt::format("the header has {} at {}", what,
                     inside ? "tensor " + shown(header_.entries.back().name) : "key " + shown(key_.name)),
         "the members dtype, shape and data_offsets for each tensor, strings in __metadata__", "");
  }

  std::string_view where_;
  Place place_ = Place::start;
  SafetensorsHeader header_;
  Key key_;
  int offsets_ = 0;
  std::unordered_set<std::string> names_, members_;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view text, std::string_view where) {
  // nlohmann's lexer takes a zero byte as the end of the text, which would let anything stand behind it.
  if (text.empty() || text.front() != '{' || text.find('\0') != std::string_view::npos) {
    throw_weights_error(where, {.found = "the header is not a JSON object", .expected = "a text that begins with '{'"});
  }
  HeaderBuilder builder(where);
  nlohmann::json::sax_parse(text, &builder);
  return builder.take();
}

std::string_view safetensors_name(DType dtype) {
  for (const auto& [name, type] : kTypes) {
    if (type == dtype) return name;
  }
  return {};
}

}  // namespace enxerto
