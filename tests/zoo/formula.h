#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto::formula {

/// The same numbers as `tools/golden/zoo.py`: integer hashing of (name, index), then one multiply and one add in
/// float64 and one rounding to float32, so that both sides are equal to the bit.
inline std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
  return hash;
}

/// A multiple of 2^-23 in [-1, 1).
inline double centered(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t x = seed + (index + 1) * 0x9E3779B97F4A7C15U;  // SplitMix64
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  x ^= x >> 31U;
  return static_cast<double>(static_cast<std::int64_t>(x >> 40U) - (1 << 23)) * 0x1p-23;
}

/// value = offset + factor * centered
struct Affine {
  double offset, factor;
};

inline bool ends_in_any(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return name.ends_with(end); });
}

/// He's bound for weights; normalisations near the identity, those that end a residual branch (bn3, f.c.1, the scale of
/// a layer) at half of it, so that the sum does not explode over 50 blocks; squeeze-and-excitation (fc1, fc2) strong
/// enough to be seen through its gates; tokens and positions as large as what they are added to.
inline Affine range_of(std::string_view name, const Shape& shape) {
  const bool squeeze = name.find(".mlp.") == std::string_view::npos &&
                       ends_in_any(name, {"fc1.weight", "fc2.weight", "fc1.bias", "fc2.bias"});
  if (ends_in_any(name, {"pos_embed", "cls_token", "position_embeddings", "pos_embedding", "class_token"}))
    return {0, 0.5};
  if (ends_in_any(name, {".gamma", ".lambda1"})) return {0.5, 0.25};
  if (shape.size() > 1) {
    std::int64_t fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) fan_in *= shape[i];
    const double gain = squeeze ? 4 : 1;
    return {0, gain * std::sqrt(6.0 / static_cast<double>(fan_in))};
  }
  if (name.ends_with("running_var")) return {1, 0.25};
  if (ends_in_any(name, {"bn3.weight", "f.c.1.weight"})) return {0.5, 0.125};
  if (name.ends_with(".weight")) return {1, 0.25};
  if (squeeze) return {0, 0.75};
  return {0, 0.125};
}

inline Tensor filled(std::string_view name, const Shape& shape, const Affine& range) {
  TensorBuffer buffer(DType::f32, shape);
  const std::uint64_t seed = hash_name(name);
  std::uint64_t index = 0;
  for (float& value : buffer.as<float>()) {
    value = static_cast<float>(range.offset + range.factor * centered(seed, index++));
  }
  return std::move(buffer).freeze();
}

/// Every parameter of a blueprint.
inline StateDict weights(const Blueprint& blueprint) {
  StateDict dict;
  for (const ParameterSpec& spec : blueprint.parameters) {
    dict.set(spec.name, filled(spec.name, spec.shape, range_of(spec.name, spec.shape)));
  }
  return dict;
}

/// Pictures (count, 3, size, size) in [-1, 1).
inline Tensor input(std::int64_t count, std::int64_t size) { return filled("input", {count, 3, size, size}, {0, 1}); }

}  // namespace enxerto::formula
