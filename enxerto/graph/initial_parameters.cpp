#include "enxerto/graph/initial_parameters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/rng.h"
#include "enxerto/graph/fans.h"

namespace enxerto {
namespace {

constexpr double kSlope = 0.25, kEmbeddingDeviation = 0.02, kEmbeddingLimit = 2;

/// Standard normal numbers by the polar method (Marsaglia, Bray 1964).
class Normal {
 public:
  explicit Normal(Rng& rng) : rng_(rng) {}

  double next() {
    if (std::exchange(has_second_, false)) return second_;
    double x = 0, y = 0, square = 0;
    do {
      x = 2 * rng_.uniform() - 1;
      y = 2 * rng_.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * std::log(square) / square);
    second_ = factor * y;
    has_second_ = true;
    return factor * x;
  }

 private:
  Rng& rng_;
  bool has_second_ = false;
  double second_ = 0;
};

/// A parameter to be filled.
struct Slot {
  const ParameterSpec& spec;
  std::uint64_t seed;
};

template <typename T, typename Draw>
Tensor filled_as(const ParameterSpec& spec, Draw draw) {
  TensorBuffer buffer(spec.dtype, spec.shape);
  for (T& value : buffer.as<T>()) value = static_cast<T>(draw());
  return std::move(buffer).freeze();
}

template <typename Draw>
Tensor filled(const ParameterSpec& spec, Draw draw) {
  return spec.dtype == DType::f64 ? filled_as<double>(spec, draw) : filled_as<float>(spec, draw);
}

Tensor constant(const Slot& slot, double value) {
  return filled(slot.spec, [value] { return value; });
}

Rng rng_of(const Slot& slot) { return Rng({.seed = slot.seed, .epoch = 0, .example = 0, .purpose = slot.spec.name}); }

Tensor uniform(const Slot& slot, double limit) {
  Rng rng = rng_of(slot);
  return filled(slot.spec, [&] { return limit * (2 * rng.uniform() - 1); });
}

Tensor normal(const Slot& slot, double deviation, double mean = 0) {
  Rng rng = rng_of(slot);
  Normal numbers(rng);
  return filled(slot.spec, [&] { return mean + deviation * numbers.next(); });
}

Tensor truncated_normal(const Slot& slot, double deviation) {
  Rng rng = rng_of(slot);
  Normal numbers(rng);
  return filled(slot.spec, [&] {
    double number = numbers.next();
    while (std::abs(number) > kEmbeddingLimit) number = numbers.next();
    return deviation * number;
  });
}

Tensor he(const Slot& slot, const ParameterUse& use) {
  const Fans fans = fans_of(use, slot.spec.shape);
  const bool convolution = use.node->op == "Conv" || use.node->op == "ConvTranspose";
  return convolution ? normal(slot, std::sqrt(2 / fans.out)) : uniform(slot, 1 / std::sqrt(fans.in));
}

Tensor glorot(const Slot& slot, const ParameterUse& use) {
  const Fans fans = fans_of(use, slot.spec.shape);
  return uniform(slot, std::sqrt(6 / (fans.in + fans.out)));
}

struct Scheme {
  std::string_view name;
  Tensor (*draw)(const Slot& slot, const ParameterUse& use);
};
constexpr std::array kSchemes{Scheme{"he", he}, Scheme{"glorot", glorot}};

const Scheme& scheme_named(std::string_view name) {
  const auto* row = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& one) { return one.name == name; });
  if (row != kSchemes.end()) return *row;
  std::vector<std::string> names;
  for (const Scheme& scheme : kSchemes) names.emplace_back(scheme.name);
  throw usage_error("initial weights", fmt::format("'{}' is not a known scheme{}", name, did_you_mean(name, names)),
                    fmt::format("{}", fmt::join(names, ", ")));
}

[[noreturn]] void refuse(const ParameterSpec& spec, std::string found) {
  throw weights_error(fmt::format("parameter '{}'", spec.name), std::move(found),
                      "a trained parameter of float32 or float64", "weights from a file");
}

bool is_row(const Shape& shape) {
  return std::count_if(shape.begin(), shape.end(), [](std::int64_t size) { return size > 1; }) <= 1;
}

Tensor weight(const Slot& slot, const ParameterUse& use, const Scheme& scheme) {
  if (use.node->op == "PRelu") return constant(slot, kSlope);
  // The scale of a layer: a number a channel, of any rank.
  if (use.node->op == "Mul" || slot.spec.shape.size() < 2) return constant(slot, 1);
  return scheme.draw(slot, use);
}

Tensor initial(const Slot& slot, const ParameterUse& use, const Scheme& scheme) {
  if (const auto& start = slot.spec.start) return normal(slot, start->deviation, start->mean);
  switch (slot.spec.role) {
    case Role::weight:
      return weight(slot, use, scheme);
    case Role::bias:
      // What is added to several places differs from place to place: positions.
      return use.node->op != "Add" || is_row(slot.spec.shape) ? constant(slot, 0)
                                                              : truncated_normal(slot, kEmbeddingDeviation);
    case Role::embedding:
      return truncated_normal(slot, kEmbeddingDeviation);
    case Role::norm_scale:
    case Role::running_variance:
      return constant(slot, 1);
    case Role::norm_shift:
    case Role::running_mean:
      return constant(slot, 0);
    case Role::constant:
      break;
  }
  refuse(slot.spec, "it is never trained");
}

}  // namespace

StateDict initial_parameters(const Blueprint& blueprint, const InitialOptions& options) {
  const Scheme& scheme = scheme_named(options.scheme);
  const auto uses = first_uses(blueprint.graph);
  StateDict parameters;
  for (const ParameterSpec& spec : blueprint.parameters) {
    if (spec.dtype != DType::f32 && spec.dtype != DType::f64) refuse(spec, std::string(name_of(spec.dtype)));
    const auto use = uses.find(spec.name);
    if (use == uses.end()) refuse(spec, "no operator uses it");
    parameters.set(spec.name, initial({.spec = spec, .seed = options.seed}, use->second, scheme));
  }
  return parameters;
}

}  // namespace enxerto
