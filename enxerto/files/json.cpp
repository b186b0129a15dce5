#include "enxerto/files/json.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "enxerto/base/utf8.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {
namespace {

constexpr std::size_t kDepthLimit = 64;

/// Where that is what is wrong. Files of weights are damaged rather than written by hand.
void refuse_encoding(std::string_view text, std::string_view where, ErrorKind kind) {
  std::optional<ErrorText> wrong = wrong_encoding(text, where);
  if (!wrong) return;
  wrong->found.insert(0, "is not valid JSON: ");
  wrong->expected = "strict JSON in UTF-8";
  if (kind != ErrorKind::data) wrong->tip = "get a fresh copy";
  throw Error(kind, *std::move(wrong));
}

/// Builds the tree from nlohmann's events and refuses what its own builder lets pass: duplicate keys and deep nesting.
class StrictBuilder {
 public:
  StrictBuilder(std::string_view text, std::string_view where, ErrorKind kind)
      : text_(text), where_(where), kind_(kind) {}

  bool null() { return place(nullptr) != nullptr; }
  bool boolean(bool value) { return place(value) != nullptr; }
  bool number_integer(Json::number_integer_t value) { return place(value) != nullptr; }
  bool number_unsigned(Json::number_unsigned_t value) { return place(value) != nullptr; }
  bool number_float(Json::number_float_t value, const std::string&) { return place(value) != nullptr; }
  bool string(std::string& value) { return place(std::move(value)) != nullptr; }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (!levels_.back().keys.insert(name).second) fail(fmt::format("key '{}' appears twice", name), "unique keys");
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) {
    if (first_bad_byte(text_) < position) refuse_encoding(text_, where_, kind_);
    // The message is "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..".
    const std::string_view text = error.what();
    const std::size_t behind_name = text.find("] ");
    fail(fmt::format("is not valid JSON at byte {}: {}", position,
                     as_utf8(behind_name == std::string_view::npos ? text : text.substr(behind_name + 2))),
         "strict JSON in UTF-8");
  }

  Json take() { return std::move(root_); }

 private:
  struct Level {
    Json* value;
    std::unordered_set<std::string> keys;
  };

  [[noreturn]] void fail(std::string found, std::string expected) const {
    throw Error(kind_, {.where = std::string(where_),
                        .found = std::move(found),
                        .expected = std::move(expected),
                        .tip = "write the file again, or get a fresh copy"});
  }

  Json* place(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *levels_.back().value;
    if (parent.is_array()) {
      auto& elements = parent.get_ref<Json::array_t&>();
      return &elements.emplace_back(std::move(value));
    }
    // Past ordered_map's own emplace: it searches the whole object for the key, which `keys` has already done.
    using Members = Json::object_t::Container;
    auto& members = static_cast<Members&>(parent.get_ref<Json::object_t&>());
    return &members.emplace_back(std::move(key_), std::move(value)).second;
  }

  bool open(Json empty) {
    if (levels_.size() == kDepthLimit) {
      fail("is nested too deeply", fmt::format("at most {} levels", kDepthLimit));
    }
    levels_.push_back({place(std::move(empty)), {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  std::string_view text_, where_;
  ErrorKind kind_;
  Json root_;
  std::string key_;
  std::vector<Level> levels_;
};

}  // namespace

Json parse_json(std::string_view text, std::string_view where, ErrorKind kind) {
  // nlohmann's lexer takes a zero byte as the end of the text, which would let anything stand behind it.
  if (is_utf16(text)) refuse_encoding(text, where, kind);
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    throw Error(kind, {.where = std::string(where),
                       .found = fmt::format("has a zero byte at offset {}", zero),
                       .expected = "strict JSON in UTF-8",
                       .tip = "get a fresh copy"});
  }
  StrictBuilder builder(text, where, kind);
  Json::sax_parse(text, &builder);
  return builder.take();
}

Json read_json(const std::filesystem::path& path, std::size_t limit, ErrorKind kind) {
  return parse_json(read_text(path, limit, kind), path.string(), kind);
}

}  // namespace enxerto
