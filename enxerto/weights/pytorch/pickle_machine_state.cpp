#include "enxerto/weights/pytorch/pickle_machine_state.h"

#include <fmt/format.h>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

// A value takes some 150 bytes, so these bound the memory of a hostile pickle to a few hundred megabytes. A state dict
// of 5,000 tensors has 100,000 values.
constexpr std::size_t kValueLimit = 2'000'000;
constexpr std::size_t kReferenceLimit = 16'000'000;
constexpr std::size_t kStackLimit = 1'000'000;
constexpr std::size_t kMemoLimit = 4'000'000;

}  // namespace

void PickleMachine::fail(std::string_view found) const {
  throw_weights_error(cursor_.where(), {.found = fmt::format("{} at byte {} of the pickle", found, cursor_.position()),
                                        .expected = "a pickle as torch.save writes it"});
}

PickleValue& PickleMachine::make(PickleKind kind) {
  if (pickle_.values.size() == kValueLimit) fail(fmt::format("more than {} values", kValueLimit));
  PickleValue& value = pickle_.values.emplace_back();
  value.kind = kind;
  return value;
}

void PickleMachine::push(PickleValue& value) {
  if (stack_.size() == kStackLimit) fail(fmt::format("more than {} values on the stack", kStackLimit));
  stack_.push_back(&value);
}

PickleValue& PickleMachine::push_new(PickleKind kind) {
  PickleValue& value = make(kind);
  push(value);
  return value;
}

PickleValue& PickleMachine::push_text(PickleKind kind, std::string_view text) {
  PickleValue& value = push_new(kind);
  value.text = text;
  return value;
}

void PickleMachine::push_integer(std::int64_t number) { push_new(PickleKind::integer).integer = number; }

PickleValue& PickleMachine::top() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("a pop from an empty stack");
  return *stack_.back();
}

PickleValue& PickleMachine::pop() {
  PickleValue& value = top();
  stack_.pop_back();
  return value;
}

void PickleMachine::mark() {
  if (marks_.size() == kStackLimit) fail(fmt::format("more than {} marks", kStackLimit));
  marks_.push_back(stack_.size());
}

std::vector<PickleValue*> PickleMachine::pop_to_mark() {
  if (marks_.empty()) fail("a mark is missing");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<PickleValue*> values(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return values;
}

void PickleMachine::remember(std::uint64_t index) {
  if (index >= kMemoLimit) fail(fmt::format("the memo index {}", index));
  if (index >= memo_.size()) memo_.resize(to_size(index) + 1, nullptr);
  if (memo_[index] == nullptr) ++remembered_;
  memo_[index] = &top();
}

void PickleMachine::recall(std::uint64_t index) {
  if (index >= memo_.size() || memo_[index] == nullptr) fail(fmt::format("the memo has nothing at {},", index));
  push(*memo_[index]);
}

void PickleMachine::append(PickleValue& to, std::span<PickleValue* const> values) {
  const bool takes =
      to.is(PickleKind::tuple) || to.is(PickleKind::list) || to.is(PickleKind::set) || to.is(PickleKind::object);
  if (!takes) fail("an append to something other than a list");
  count_references(values.size());
  to.elements.insert(to.elements.end(), values.begin(), values.end());
}

void PickleMachine::set_items(PickleValue& to, std::span<PickleValue* const> values) {
  if (!to.is(PickleKind::dict) && !to.is(PickleKind::object)) fail("an item set in something other than a dict");
  if (values.size() % 2 != 0) fail("a key without a value");
  count_references(values.size());
  for (std::size_t i = 0; i < values.size(); i += 2) to.items.emplace_back(values[i], values[i + 1]);
}

void PickleMachine::stop() {
  pickle_.root = &pop();
  pickle_.bytes = cursor_.position();
}

void PickleMachine::count_references(std::size_t count) {
  references_ += count;
  if (references_ > kReferenceLimit) fail(fmt::format("more than {} members", kReferenceLimit));
}

}  // namespace enxerto
