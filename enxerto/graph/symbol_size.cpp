#include "enxerto/graph/symbol_size.h"

#include <charconv>
#include <cmath>
#include <string_view>

namespace enxerto {
namespace {

constexpr double kLargest = 4611686018427387904.0;  // 2^62

/// What `symbol.cpp` and the shape rules write: sums of products of numbers, names, brackets, ceil(..) and floor(..).
class Expression {
 public:
  Expression(std::string_view text, const SymbolSizes& sizes) : rest_(text), sizes_(sizes) {}

  std::optional<double> value() {
    const std::optional<double> result = sum();
    return rest_.empty() ? result : std::nullopt;
  }

 private:
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<double> sum() {
    std::optional<double> total = product();
    for (;;) {
      const double sign = take('+') ? 1 : take('-') ? -1 : 0;
      if (sign == 0 || !total) return total;
      const std::optional<double> next = product();
      total = next ? std::optional(*total + sign * *next) : std::nullopt;
    }
  }

  std::optional<double> product() {
    std::optional<double> total = factor();
    for (;;) {
      const bool divides = take('/');
      if ((!divides && !take('*')) || !total) return total;
      const std::optional<double> next = factor();
      if (!next || (divides && *next == 0)) return std::nullopt;
      total = divides ? *total / *next : *total * *next;
    }
  }

  std::optional<double> bracket() {
    const std::optional<double> inside = sum();
    return take(')') ? inside : std::nullopt;
  }

  std::optional<double> factor() {
    if (take('(')) return bracket();
    const std::string_view word = rest_.substr(0, rest_.find_first_of("+-*/()"));
    rest_.remove_prefix(word.size());
    if (take('(')) {
      const std::optional<double> inside = bracket();
      if (!inside || (word != "ceil" && word != "floor")) return std::nullopt;
      return word == "ceil" ? std::ceil(*inside) : std::floor(*inside);
    }
    if (const auto known = sizes_.find(word); known != sizes_.end()) return static_cast<double>(known->second);
    double number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return number;
  }

  std::string_view rest_;
  const SymbolSizes& sizes_;
};

}  // namespace

std::optional<std::int64_t> size_at(const Dim& dim, const SymbolSizes& sizes) {
  if (!dim.is_symbolic()) return dim.size;
  if (const auto known = sizes.find(dim.symbol); known != sizes.end()) return known->second;
  const std::optional<double> value = Expression(dim.symbol, sizes).value();
  if (!value || !(*value >= 0 && *value <= kLargest) || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

}  // namespace enxerto
