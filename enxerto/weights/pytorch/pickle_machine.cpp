#include "enxerto/weights/pytorch/pickle_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <utility>

#include "enxerto/weights/pytorch/pickle_machine_state.h"

namespace enxerto {
namespace {

using Machine = PickleMachine;
using Kind = PickleKind;
using Handler = void (*)(Machine&);

constexpr int kHighestProtocol = 5;

void make_object(Machine& machine, const PickleValue& callee, const PickleValue& argument) {
  PickleValue& object = machine.push_new(Kind::object);
  object.callee = &callee;
  object.argument = &argument;
}

void make_global(Machine& machine, std::string_view module, std::string_view name) {
  machine.push_text(Kind::global, name).module = module;
}

void make_sequence(Machine& machine, Kind kind, std::span<PickleValue* const> elements) {
  PickleValue& sequence = machine.make(kind);
  machine.append(sequence, elements);
  machine.push(sequence);
}

template <std::size_t size>
void make_short_tuple(Machine& machine) {
  std::array<PickleValue*, size> elements{};
  for (std::size_t i = size; i-- > 0;) elements[i] = &machine.pop();
  make_sequence(machine, Kind::tuple, elements);
}

template <Kind kind>
void make_marked(Machine& machine) {
  make_sequence(machine, kind, machine.pop_to_mark());
}

template <Kind kind>
void make_empty(Machine& machine) {
  machine.push_new(kind);
}

template <Kind kind, typename Length>
void make_counted(Machine& machine) {
  machine.push_text(kind, machine.cursor().text(machine.cursor().number<Length>()));
}

template <typename T>
void make_integer(Machine& machine) {
  machine.push_integer(machine.cursor().number<T>());
}

template <bool value>
void make_boolean(Machine& machine) {
  machine.push_new(Kind::boolean).integer = value ? 1 : 0;
}

template <typename Length>
void make_long(Machine& machine) {
  const std::string_view bytes = machine.cursor().text(machine.cursor().number<Length>());
  if (bytes.size() > sizeof(std::int64_t)) {
    machine.push_text(Kind::big_integer, bytes);
    return;
  }
  std::uint64_t bits = !bytes.empty() && (bytes.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  std::memcpy(&bits, bytes.data(), bytes.size());
  machine.push_integer(static_cast<std::int64_t>(bits));
}

void make_decimal(Machine& machine) {
  std::string_view digits = machine.cursor().line();
  if (digits == "00" || digits == "01") {
    machine.push_new(Kind::boolean).integer = digits == "01" ? 1 : 0;
    return;
  }
  if (digits.ends_with('L')) digits.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure == std::errc() && end == digits.data() + digits.size()) {
    machine.push_integer(value);
  } else if (failure == std::errc::result_out_of_range) {
    machine.push_text(Kind::big_integer, digits);
  } else {
    machine.fail("an invalid integer");
  }
}

void make_decimal_real(Machine& machine) {
  const std::string_view digits = machine.cursor().line();
  double value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure == std::errc::invalid_argument) machine.fail("an invalid float");
  machine.push_new(Kind::real).real = value;
}

void make_real(Machine& machine) {
  auto bits = machine.cursor().number<std::uint64_t>();
  machine.push_new(Kind::real).real = std::bit_cast<double>(__builtin_bswap64(bits));
}

void make_quoted(Machine& machine) {
  std::string_view text = machine.cursor().line();
  if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front()) {
    machine.fail("a string without quotes");
  }
  machine.push_text(Kind::text, text.substr(1, text.size() - 2));
}

void make_line(Machine& machine) { machine.push_text(Kind::text, machine.cursor().line()); }

void make_persistent_line(Machine& machine) {
  PickleValue& id = machine.make(Kind::text);
  id.text = machine.cursor().line();
  machine.push_new(Kind::persistent).argument = &id;
}

void make_persistent(Machine& machine) {
  const PickleValue& id = machine.pop();
  machine.push_new(Kind::persistent).argument = &id;
}

void make_named_global(Machine& machine) {
  const std::string_view module = machine.cursor().line();
  make_global(machine, module, machine.cursor().line());
}

void make_stack_global(Machine& machine) {
  const PickleValue& name = machine.pop();
  const PickleValue& module = machine.pop();
  if (!name.is(Kind::text) || !module.is(Kind::text)) machine.fail("a name that is not a string");
  make_global(machine, module.text, name.text);
}

void reduce(Machine& machine) {
  const PickleValue& argument = machine.pop();
  make_object(machine, machine.pop(), argument);
}

void reduce_with_keywords(Machine& machine) {
  machine.pop();
  reduce(machine);
}

void instantiate(Machine& machine) {
  const std::string_view module = machine.cursor().line();
  const std::string_view name = machine.cursor().line();
  make_marked<Kind::tuple>(machine);
  const PickleValue& argument = machine.pop();
  make_global(machine, module, name);
  make_object(machine, machine.pop(), argument);
}

void instantiate_marked(Machine& machine) {
  const std::vector<PickleValue*> values = machine.pop_to_mark();
  if (values.empty()) machine.fail("an object without a class");
  PickleValue& argument = machine.make(Kind::tuple);
  machine.append(argument, std::span(values).subspan(1));
  make_object(machine, *values.front(), argument);
}

void build(Machine& machine) {
  const PickleValue& state = machine.pop();
  machine.top().state = &state;
}

void append_one(Machine& machine) {
  PickleValue* const value = &machine.pop();
  machine.append(machine.top(), {&value, 1});
}

void append_marked(Machine& machine) {
  const auto values = machine.pop_to_mark();
  machine.append(machine.top(), values);
}

void set_one(Machine& machine) {
  PickleValue* const value = &machine.pop();
  const std::array<PickleValue*, 2> item{&machine.pop(), value};
  machine.set_items(machine.top(), item);
}

void set_marked(Machine& machine) {
  const auto values = machine.pop_to_mark();
  machine.set_items(machine.top(), values);
}

void make_marked_dict(Machine& machine) {
  const auto values = machine.pop_to_mark();
  PickleValue& dict = machine.make(Kind::dict);
  machine.set_items(dict, values);
  machine.push(dict);
}

template <typename Index>
void recall(Machine& machine) {
  machine.recall(machine.cursor().number<Index>());
}

template <typename Index>
void remember(Machine& machine) {
  machine.remember(machine.cursor().number<Index>());
}

std::uint64_t decimal_index(Machine& machine) {
  const std::string_view digits = machine.cursor().line();
  std::uint64_t index = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (failure != std::errc() || end != digits.data() + digits.size()) machine.fail("an invalid memo index");
  return index;
}

void check_protocol(Machine& machine) {
  const int protocol = machine.cursor().number<std::uint8_t>();
  if (protocol > kHighestProtocol) machine.fail(fmt::format("pickle protocol {}", protocol));
}

void check_frame(Machine& machine) {
  const auto length = machine.cursor().number<std::uint64_t>();
  if (length > machine.cursor().left()) machine.fail(fmt::format("a frame of {} bytes, more than are left,", length));
}

struct Opcode {
  unsigned char code;
  Handler run;
};

constexpr Opcode kOpcodes[] = {
    {'(', [](Machine& machine) { machine.mark(); }},
    {'.', [](Machine& machine) { machine.stop(); }},
    {'0', [](Machine& machine) { machine.pop(); }},
    {'1', [](Machine& machine) { machine.pop_to_mark(); }},
    {'2', [](Machine& machine) { machine.push(machine.top()); }},
    {'F', make_decimal_real},
    {'G', make_real},
    {'I', make_decimal},
    {'L', make_decimal},
    {'J', make_integer<std::int32_t>},
    {'K', make_integer<std::uint8_t>},
    {'M', make_integer<std::uint16_t>},
    {0x8a, make_long<std::uint8_t>},
    {0x8b, make_long<std::uint32_t>},
    {'N', make_empty<Kind::none>},
    {0x88, make_boolean<true>},
    {0x89, make_boolean<false>},
    {'S', make_quoted},
    {'T', make_counted<Kind::text, std::uint32_t>},
    {'U', make_counted<Kind::text, std::uint8_t>},
    {'V', make_line},
    {'X', make_counted<Kind::text, std::uint32_t>},
    {0x8c, make_counted<Kind::text, std::uint8_t>},
    {0x8d, make_counted<Kind::text, std::uint64_t>},
    {'B', make_counted<Kind::bytes, std::uint32_t>},
    {'C', make_counted<Kind::bytes, std::uint8_t>},
    {0x8e, make_counted<Kind::bytes, std::uint64_t>},
    {0x96, make_counted<Kind::bytes, std::uint64_t>},
    {'P', make_persistent_line},
    {'Q', make_persistent},
    {'c', make_named_global},
    {0x93, make_stack_global},
    {'R', reduce},
    {0x81, reduce},
    {0x92, reduce_with_keywords},
    {'i', instantiate},
    {'o', instantiate_marked},
    {'b', build},
    {')', make_empty<Kind::tuple>},
    {'t', make_marked<Kind::tuple>},
    {0x85, make_short_tuple<1>},
    {0x86, make_short_tuple<2>},
    {0x87, make_short_tuple<3>},
    {']', make_empty<Kind::list>},
    {'l', make_marked<Kind::list>},
    {'a', append_one},
    {'e', append_marked},
    {0x8f, make_empty<Kind::set>},
    {0x91, make_marked<Kind::set>},
    {0x90, append_marked},
    {'}', make_empty<Kind::dict>},
    {'d', make_marked_dict},
    {'s', set_one},
    {'u', set_marked},
    {'g', [](Machine& machine) { machine.recall(decimal_index(machine)); }},
    {'h', recall<std::uint8_t>},
    {'j', recall<std::uint32_t>},
    {'p', [](Machine& machine) { machine.remember(decimal_index(machine)); }},
    {'q', remember<std::uint8_t>},
    {'r', remember<std::uint32_t>},
    {0x94, [](Machine& machine) { machine.remember_next(); }},
    {0x80, check_protocol},
    {0x95, check_frame},
};

constexpr std::array<Handler, 256> kHandlers = [] {
  std::array<Handler, 256> handlers{};
  for (const Opcode& opcode : kOpcodes) handlers[opcode.code] = opcode.run;
  return handlers;
}();

}  // namespace

Pickle read_pickle(std::span<const std::byte> bytes, std::string_view where) {
  Machine machine(bytes, where);
  while (!machine.stopped()) {
    const auto code = machine.cursor().number<std::uint8_t>();
    const Handler handler = kHandlers[code];
    if (handler == nullptr) machine.fail(fmt::format("the opcode 0x{:02x}, which torch.save does not write,", code));
    handler(machine);
  }
  return machine.take();
}

}  // namespace enxerto
