#include "enxerto/graph/symbol.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace enxerto {
namespace {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): has no __extension__
constexpr Wide kLargestCoefficient = Wide{1} << 62;

/// coefficient * factor * factor ..; a factor is a name, or an expression in brackets.
struct Monomial {
  Wide coefficient = 1;
  std::vector<std::string> factors;
};

/// Where the parts of a product begin and end: at the stars that stand in no brackets. A sum or a quotient is one part.
std::vector<std::string_view> parts_of(std::string_view symbol) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < symbol.size(); ++i) {
    if (symbol[i] == '(') ++depth;
    if (symbol[i] == ')') --depth;
    if (depth > 0) continue;
    if (symbol[i] == '+' || symbol[i] == '-' || symbol[i] == '/') return {symbol};
    if (symbol[i] != '*') continue;
    parts.push_back(symbol.substr(begin, i - begin));
    begin = i + 1;
  }
  parts.push_back(symbol.substr(begin));
  return parts;
}

Monomial monomial_of(const Dim& dim) {
  if (!dim.is_symbolic()) return {.coefficient = dim.size, .factors = {}};
  Monomial result;
  for (const std::string_view part : parts_of(dim.symbol)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error == std::errc{} && end == part.data() + part.size() &&
        result.coefficient * number <= kLargestCoefficient) {
      result.coefficient *= number;
    } else {
      result.factors.emplace_back(part);
    }
  }
  return result;
}

bool is_sum(std::string_view factor) { return factor.find_first_of("+-/") != std::string_view::npos; }

std::string bracketed(const std::string& factor) {
  return is_sum(factor) && !factor.ends_with(')') ? fmt::format("({})", factor) : factor;
}

std::optional<Dim> dim_of(const Monomial& monomial) {
  if (monomial.coefficient < 0 || monomial.coefficient > kLargestCoefficient) return std::nullopt;
  const auto coefficient = static_cast<std::int64_t>(monomial.coefficient);
  if (monomial.factors.empty() || coefficient == 0) return Dim(coefficient);
  if (monomial.factors.size() == 1 && coefficient == 1) return Dim(monomial.factors.front());
  std::string text;
  for (const std::string& factor : monomial.factors) text += (text.empty() ? "" : "*") + bracketed(factor);
  return Dim(coefficient == 1 ? text : fmt::format("{}*{}", text, coefficient));
}

std::string text_of(const Dim& dim) { return dim.is_symbolic() ? dim.symbol : std::to_string(dim.size); }

}  // namespace

std::optional<Dim> times(const Dim& a, const Dim& b) {
  Monomial left = monomial_of(a);
  const Monomial right = monomial_of(b);
  left.coefficient *= right.coefficient;
  left.factors.insert(left.factors.end(), right.factors.begin(), right.factors.end());
  return dim_of(left);
}

std::optional<Dim> plus(const Dim& a, const Dim& b) {
  if (a == Dim(std::int64_t{0})) return b;
  if (b == Dim(std::int64_t{0})) return a;
  if (a.is_symbolic() || b.is_symbolic()) return Dim(fmt::format("{}+{}", text_of(a), text_of(b)));
  return dim_of({.coefficient = Wide{a.size} + b.size, .factors = {}});
}

std::optional<Dim> divided(const Dim& whole, const Dim& part) {
  Monomial left = monomial_of(whole);
  const Monomial right = monomial_of(part);
  if (right.coefficient == 0 || left.coefficient % right.coefficient != 0) return std::nullopt;
  left.coefficient /= right.coefficient;
  for (const std::string& factor : right.factors) {
    const auto twin = std::find_if(left.factors.begin(), left.factors.end(),
                                   [&](const std::string& own) { return bracketed(own) == bracketed(factor); });
    if (twin == left.factors.end()) return std::nullopt;
    left.factors.erase(twin);
  }
  return dim_of(left);
}

}  // namespace enxerto
