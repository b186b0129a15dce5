#pragma once
#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

namespace enxerto {

enum class PickleKind : std::uint8_t {
  none,
  boolean,
  integer,
  big_integer,  ///< does not fit 64 bits: `text` has its bytes
  real,
  text,
  bytes,
  tuple,
  list,
  set,
  dict,
  global,      ///< a name in a Python module, not looked up: `module` and `text`
  object,      ///< what calling `callee` with `argument` would have made; nothing was called
  persistent,  ///< a reference to something outside of the pickle: `argument` says what
};

/// One Python value as data. An object also keeps what the pickle would have done to it: appended elements, set items
/// and its state. Values refer to each other by address and belong to one `Pickle`; cycles are possible.
struct PickleValue {
  PickleKind kind = PickleKind::none;
  std::int64_t integer = 0;  ///< booleans too
  double real = 0;
  std::string_view text;  ///< points into the file
  std::string_view module;
  const PickleValue* callee = nullptr;
  const PickleValue* argument = nullptr;
  const PickleValue* state = nullptr;
  std::vector<const PickleValue*> elements;
  std::vector<std::pair<const PickleValue*, const PickleValue*>> items;

  bool is(PickleKind wanted) const { return kind == wanted; }
  bool is_global(std::string_view in_module, std::string_view name) const {
    return kind == PickleKind::global && module == in_module && text == name;
  }
};

/// The values of one pickle.
struct Pickle {
  std::deque<PickleValue> values;  ///< all of them, also those that the root does not reach
  const PickleValue* root = nullptr;
  std::size_t bytes = 0;  ///< length of the pickle, up to its STOP
};

}  // namespace enxerto
