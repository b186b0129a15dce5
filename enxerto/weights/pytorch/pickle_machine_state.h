#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/pytorch/pickle_value.h"

namespace enxerto {

/// The stack, marks and memo of pickle's machine, every access checked and every size bounded.
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> bytes, std::string_view where) : cursor_(bytes, where) {}

  ByteCursor& cursor() { return cursor_; }
  [[noreturn]] void fail(std::string_view found) const;

  /// A new value, not yet on the stack.
  PickleValue& make(PickleKind kind);
  void push(PickleValue& value);
  PickleValue& push_new(PickleKind kind);
  PickleValue& push_text(PickleKind kind, std::string_view text);
  void push_integer(std::int64_t number);

  PickleValue& top();
  PickleValue& pop();

  void mark();
  /// What lies above the last mark, taken off the stack together with the mark.
  std::vector<PickleValue*> pop_to_mark();

  void remember(std::uint64_t index);
  void remember_next() { remember(remembered_); }
  void recall(std::uint64_t index);

  /// Adds to a list, set or object (`append`), or to a dict or object (`set_items`: key, value, key, value ..).
  void append(PickleValue& to, std::span<PickleValue* const> values);
  void set_items(PickleValue& to, std::span<PickleValue* const> values);

  /// Ends the run with the value on the top of the stack.
  void stop();
  bool stopped() const { return pickle_.root != nullptr; }
  Pickle take() { return std::move(pickle_); }

 private:
  void count_references(std::size_t count);

  ByteCursor cursor_;
  Pickle pickle_;
  std::vector<PickleValue*> stack_, memo_;
  std::vector<std::size_t> marks_;
  std::size_t remembered_ = 0, references_ = 0;
};

}  // namespace enxerto
