#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/evaluate_rules.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/symbol.h"

namespace enxerto {
namespace {

using Result = std::optional<Number>;

bool is_whole(DType dtype) { return dtype == DType::i64 || dtype == DType::i32; }

/// The number as the type holds it; nullopt where it does not fit.
Result rounded(long double value, DType dtype) {
  constexpr long double kLimit = 9223372036854775807.0L;
  if (dtype == DType::f32) return Number{.value = static_cast<float>(value), .symbol = {}};
  if (dtype == DType::f64) return Number{.value = static_cast<double>(value), .symbol = {}};
  if (dtype == DType::boolean) return Number{.value = value != 0 ? 1.0L : 0.0L, .symbol = {}};
  const long double limit = dtype == DType::i32 ? 2147483647.0L : kLimit;
  if (!(std::abs(value) <= limit)) return std::nullopt;
  return Number{.value = std::trunc(value), .symbol = {}};
}

std::string text_of(const Number& number) {
  return number.is_symbolic() ? number.symbol : std::to_string(static_cast<std::int64_t>(number.value));
}

/// What is known of an operation where one side is a symbol, a whole number of at least 1.
Result symbolic(std::string_view op, const Number& a, const Number& b) {
  const std::optional<Dim> left = dim_of(a);
  const std::optional<Dim> right = dim_of(b);
  if (op == "Equal" && (!left || !right || left == Dim(std::int64_t{0}) || right == Dim(std::int64_t{0})))
    return Number{};
  if (op == "Equal" && left == right) return Number{.value = 1, .symbol = {}};
  if (!left || !right) return std::nullopt;
  const auto from = [](const std::optional<Dim>& dim) { return dim ? Result(number_of(*dim)) : std::nullopt; };
  if (op == "Mul") return from(times(*left, *right));
  if (op == "Add") return from(plus(*left, *right));
  if (op == "Sub" && left == right) return Number{};
  if (op == "Sub" && right == Dim(std::int64_t{0})) return a;
  if (op == "Sub") return Number{.value = 0, .symbol = fmt::format("{}-({})", text_of(a), text_of(b))};
  if (op == "Div" && divided(*left, *right)) return from(divided(*left, *right));
  if (op == "Div") return Number{.value = 0, .symbol = fmt::format("({})/({})", text_of(a), text_of(b))};
  return std::nullopt;
}

struct BinaryRow {
  std::string_view op;
  long double (*apply)(long double, long double);
};
long double mod(long double a, long double b) { return a - b * std::floor(a / b); }
constexpr std::array kBinary{
    BinaryRow{"Add", [](long double a, long double b) { return a + b; }},
    BinaryRow{"Sub", [](long double a, long double b) { return a - b; }},
    BinaryRow{"Mul", [](long double a, long double b) { return a * b; }},
    BinaryRow{"Div", [](long double a, long double b) { return a / b; }},
    BinaryRow{"Min", [](long double a, long double b) { return std::min(a, b); }},
    BinaryRow{"Max", [](long double a, long double b) { return std::max(a, b); }},
    BinaryRow{"Mod", mod},
    BinaryRow{"Pow", [](long double a, long double b) { return std::pow(a, b); }},
    BinaryRow{"Equal", [](long double a, long double b) { return static_cast<long double>(a == b); }},
    BinaryRow{"Greater", [](long double a, long double b) { return static_cast<long double>(a > b); }},
    BinaryRow{"Less", [](long double a, long double b) { return static_cast<long double>(a < b); }},
    BinaryRow{"GreaterOrEqual", [](long double a, long double b) { return static_cast<long double>(a >= b); }},
    BinaryRow{"LessOrEqual", [](long double a, long double b) { return static_cast<long double>(a <= b); }},
    BinaryRow{"And", [](long double a, long double b) { return static_cast<long double>(a != 0 && b != 0); }},
    BinaryRow{"Or", [](long double a, long double b) { return static_cast<long double>(a != 0 || b != 0); }},
};
constexpr std::array<std::string_view, 7> kTruths{"Equal",       "Greater", "Less", "GreaterOrEqual",
                                                  "LessOrEqual", "And",     "Or"};

/// The shape that both stretch to; nullopt where there is none.
std::optional<Shape> common_shape(const Shape& a, const Shape& b) {
  Shape shape(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::int64_t left = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t right = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (left != right && left != 1 && right != 1) return std::nullopt;
    shape[shape.size() - 1 - i] = left == 1 ? right : left;
  }
  return shape;
}

const Number& at(const Numbers& numbers, std::span<const std::int64_t> index) {
  const std::vector<std::int64_t> strides = strides_of(numbers.shape);
  const std::size_t offset = index.size() - numbers.shape.size();
  std::int64_t place = 0;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    if (numbers.shape[i] != 1) place += index[offset + i] * strides[i];
  }
  return numbers.values[to_size(place)];
}

std::optional<Numbers> binary(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* a = known_numbers(inputs, 0);
  const Numbers* b = known_numbers(inputs, 1);
  if (inputs.size() != 2 || a == nullptr || b == nullptr || a->dtype != b->dtype) return std::nullopt;
  if (node.op == "Mod" && !is_whole(a->dtype)) return std::nullopt;
  const auto shape = common_shape(a->shape, b->shape);
  if (!shape || element_count(*shape) > kMostNumbers) return std::nullopt;
  const bool truth = std::find(kTruths.begin(), kTruths.end(), node.op) != kTruths.end();
  Numbers result{.dtype = truth ? DType::boolean : a->dtype, .shape = *shape, .values = {}};
  const auto* row = std::find_if(kBinary.begin(), kBinary.end(), [&](const BinaryRow& r) { return r.op == node.op; });
  bool known = true;
  for_each_index(*shape, [&](std::span<const std::int64_t> index) {
    const Number& left = at(*a, index);
    const Number& right = at(*b, index);
    const bool divides = node.op == "Div" || node.op == "Mod";
    Result value;
    if (left.is_symbolic() || right.is_symbolic()) {
      value = symbolic(node.op, left, right);
    } else if (!divides || right.value != 0) {
      value = rounded(row->apply(left.value, right.value), result.dtype);
    }
    known = known && value;
    result.values.push_back(value.value_or(Number{}));
  });
  return known ? std::optional(std::move(result)) : std::nullopt;
}

struct UnaryRow {
  std::string_view op;
  long double (*apply)(long double);
};
constexpr std::array kUnary{
    UnaryRow{"Neg", [](long double x) { return -x; }},
    UnaryRow{"Abs", [](long double x) { return std::abs(x); }},
    UnaryRow{"Floor", [](long double x) { return std::floor(x); }},
    UnaryRow{"Ceil", [](long double x) { return std::ceil(x); }},
    UnaryRow{"Round", [](long double x) { return std::nearbyint(x); }},
    UnaryRow{"Sqrt", [](long double x) { return std::sqrt(x); }},
    UnaryRow{"Not", [](long double x) { return static_cast<long double>(x == 0); }},
};

std::optional<Numbers> unary(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  if (x == nullptr || !x->is_fixed()) return std::nullopt;
  const auto* row = std::find_if(kUnary.begin(), kUnary.end(), [&](const UnaryRow& r) { return r.op == node.op; });
  Numbers result = *x;
  for (Number& number : result.values) {
    const Result value = rounded(row->apply(number.value), x->dtype);
    if (!value) return std::nullopt;
    number = *value;
  }
  return result;
}

std::optional<Numbers> evaluate_cast(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  const std::optional<DType> to = cast_type(node);
  constexpr std::array kHeld{DType::f64, DType::f32, DType::i64, DType::i32, DType::boolean};
  if (x == nullptr || !to || std::find(kHeld.begin(), kHeld.end(), *to) == kHeld.end()) return std::nullopt;
  Numbers result{.dtype = *to, .shape = x->shape, .values = {}};
  for (const Number& number : x->values) {
    const Result value = number.is_symbolic() ? Result(number) : rounded(number.value, *to);
    if (!value || (number.is_symbolic() && *to == DType::boolean)) return std::nullopt;
    result.values.push_back(*value);
  }
  return result;
}

std::optional<Numbers> clip(const Node& /*node*/, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  if (x == nullptr || !x->is_fixed()) return std::nullopt;
  Numbers result = *x;
  for (const std::size_t slot : {std::size_t{1}, std::size_t{2}}) {
    if (!has_input(inputs, slot)) continue;
    const Numbers* bound = known_numbers(inputs, slot);
    if (bound == nullptr || bound->values.size() != 1 || !bound->is_fixed()) return std::nullopt;
    const long double limit = bound->values[0].value;
    for (Number& number : result.values) {
      number.value = slot == 1 ? std::max(number.value, limit) : std::min(number.value, limit);
    }
  }
  return result;
}

std::optional<Numbers> evaluate_where(const Node& /*node*/, std::span<const InferInput> inputs) {
  const Numbers* condition = known_numbers(inputs, 0);
  const Numbers* a = known_numbers(inputs, 1);
  const Numbers* b = known_numbers(inputs, 2);
  if (condition == nullptr || a == nullptr || b == nullptr || a->dtype != b->dtype || !condition->is_fixed()) {
    return std::nullopt;
  }
  auto shape = common_shape(a->shape, b->shape);
  if (shape) shape = common_shape(*shape, condition->shape);
  if (!shape || element_count(*shape) > kMostNumbers) return std::nullopt;
  Numbers result{.dtype = a->dtype, .shape = *shape, .values = {}};
  for_each_index(*shape, [&](std::span<const std::int64_t> index) {
    result.values.push_back(at(*condition, index).value != 0 ? at(*a, index) : at(*b, index));
  });
  return result;
}

constexpr std::array kEvaluateArithmeticRows{
    EvaluateRow{"Add", binary},     EvaluateRow{"Sub", binary},         EvaluateRow{"Mul", binary},
    EvaluateRow{"Div", binary},     EvaluateRow{"Min", binary},         EvaluateRow{"Max", binary},
    EvaluateRow{"Mod", binary},     EvaluateRow{"Pow", binary},         EvaluateRow{"Equal", binary},
    EvaluateRow{"Greater", binary}, EvaluateRow{"Less", binary},        EvaluateRow{"GreaterOrEqual", binary},
    EvaluateRow{"And", binary},     EvaluateRow{"LessOrEqual", binary}, EvaluateRow{"Or", binary},
    EvaluateRow{"Neg", unary},      EvaluateRow{"Abs", unary},          EvaluateRow{"Floor", unary},
    EvaluateRow{"Ceil", unary},     EvaluateRow{"Round", unary},        EvaluateRow{"Sqrt", unary},
    EvaluateRow{"Not", unary},      EvaluateRow{"Cast", evaluate_cast}, EvaluateRow{"Where", evaluate_where},
    EvaluateRow{"Clip", clip},
};

}  // namespace

std::span<const EvaluateRow> evaluate_arithmetic_rules() { return kEvaluateArithmeticRows; }

}  // namespace enxerto
