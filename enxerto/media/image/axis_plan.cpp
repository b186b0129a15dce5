#include "enxerto/media/image/axis_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr double kHalfTurn = 3.14159265358979323846;

// A picture ten million pixels long is a mistake: its weights would take more memory than the picture.
constexpr std::size_t kMaxWeights = 64 << 20;
constexpr std::size_t kMaxSplit = 4 << 20;

double box(double x) { return x > -0.5 && x <= 0.5 ? 1.0 : 0.0; }

double bilinear(double x) {
  x = std::fabs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

double hamming(double x) {
  x = std::fabs(x);
  if (x == 0.0) return 1.0;
  if (x >= 1.0) return 0.0;
  x *= kHalfTurn;
  return std::sin(x) / x * (0.54F + 0.46F * std::cos(x));
}

double bicubic(double x) {
  constexpr double kA = -0.5;
  x = std::fabs(x);
  if (x < 1.0) return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * kA;
  return 0.0;
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= kHalfTurn;
  return std::sin(x) / x;
}

double lanczos(double x) { return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0; }

struct Kernel {
  double (*value)(double);
  double support;
};

// In the order of `Filter`; `nearest` has no kernel.
constexpr std::array<Kernel, 6> kKernels{
    {{box, 0.5}, {box, 0.5}, {bilinear, 1.0}, {hamming, 1.0}, {bicubic, 2.0}, {lanczos, 3.0}}};

std::int32_t fixed_point_weight(double weight) {
  return static_cast<std::int32_t>((weight < 0 ? -0.5 : 0.5) + weight * (1 << kWeightBits));
}

// Pillow passes the box as float, which matters for sides above 2^24 px.
double shrinking_of(const Axis& axis) { return static_cast<double>(static_cast<float>(axis.from)) / axis.to; }

void check_room(const Axis& axis, std::size_t taps) {
  if (taps <= kMaxWeights / to_size(axis.count)) return;
  throw data_error("image", fmt::format("a side of {} px to be resized to {} px", axis.from, axis.to),
                   "fewer pixels in one line", "crop the picture first");
}

void split_weights(AxisPlan& plan) {
  if (plan.weights.size() > kMaxSplit) return;
  plan.splits = std::all_of(plan.weights.begin(), plan.weights.end(),
                            [](std::int32_t weight) { return weight >= -(1 << 23) && weight < 1 << 23; });
  if (!plan.splits) return;
  plan.groups.resize(plan.weights.size() * 8);
  std::int16_t* to = plan.groups.data();
  for (std::size_t i = 0; i < plan.weights.size(); i += kTapGroup, to += 32) {
    for (std::size_t lane = 0; lane < 16; ++lane) {
      const std::int32_t weight = plan.weights[i + lane / 8 * 2 + lane % 2];
      to[lane] = static_cast<std::int16_t>(weight >> 8);
      to[lane + 16] = static_cast<std::int16_t>(weight & 255);
    }
  }
}

}  // namespace

int AxisPlan::input_begin() const { return first.front(); }

int AxisPlan::input_end() const { return first.back() + size.back(); }

AxisPlan plan_axis(const Axis& axis) {
  // Steps, their order and their rounding are those of precompute_coeffs and normalize_coeffs_8bpc in Resample.c.
  const Kernel& kernel = kKernels[static_cast<std::size_t>(axis.filter)];
  const double scale = shrinking_of(axis);
  const double stretch = std::max(scale, 1.0);
  const double support = kernel.support * stretch, step = 1.0 / stretch;
  AxisPlan plan;
  plan.axis = axis;
  const std::size_t widest = static_cast<std::size_t>(std::min<double>(std::ceil(support) * 2 + 1, axis.from));
  plan.taps = (widest + kTapGroup - 1) / kTapGroup * kTapGroup;
  const std::size_t count = to_size(axis.count);
  check_room(axis, plan.taps);
  plan.first.resize(count);
  plan.size.resize(count);
  plan.weights.resize(count * plan.taps);
  std::vector<double> values(plan.taps);
  for (std::size_t i = 0; i < count; ++i) {
    const double center = (axis.begin + static_cast<int>(i) + 0.5) * scale;
    const int first = std::max(static_cast<int>(center - support + 0.5), 0);
    const int size = std::min(static_cast<int>(std::min(center + support + 0.5, 2147483647.0)), axis.from) - first;
    double sum = 0.0;
    for (int x = 0; x < size; ++x) {
      values[to_size(x)] = kernel.value((x + first - center + 0.5) * step);
      sum += values[to_size(x)];
    }
    plan.first[i] = first;
    plan.size[i] = size;
    std::int32_t* weights = plan.weights.data() + i * plan.taps;
    for (int x = 0; x < size; ++x) {
      const double value = values[to_size(x)];
      weights[x] = fixed_point_weight(sum != 0.0 ? value / sum : value);
    }
  }
  split_weights(plan);
  return plan;
}

std::vector<std::int32_t> nearest_inputs(const Axis& axis) {
  const double scale = shrinking_of(axis);
  std::vector<std::int32_t> inputs(to_size(axis.count));
  // Pillow adds up step by step, so the wanted part starts where its additions would be.
  double at = scale * 0.5;
  for (int i = 0; i < axis.begin; ++i) at += scale;
  for (std::int32_t& input : inputs) {
    input = std::min(static_cast<std::int32_t>(at), axis.from - 1);
    at += scale;
  }
  return inputs;
}

}  // namespace enxerto
