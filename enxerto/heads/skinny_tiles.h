// Included by one source file an instruction set, which defines ENXERTO_TARGET before. Width floats make a vector; a
// tile holds Depth rows (or vectors of features) times up to kMostClasses classes in registers.
#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "enxerto/base/to_size.h"
#include "enxerto/heads/skinny_product.h"

namespace enxerto::skinny {

inline constexpr std::size_t kMostClasses = 5;

template <int Width>
struct Lanes {
  using Vector [[gnu::vector_size(Width * sizeof(float))]] = float;
};

template <int Width>
ENXERTO_TARGET inline void load(typename Lanes<Width>::Vector& vector, const float* from) {
  std::memcpy(&vector, from, sizeof vector);
}

/// Halves until one lane is left.
template <int Width>
ENXERTO_TARGET inline float sum_of_lanes(const typename Lanes<Width>::Vector& vector) {
  if constexpr (Width == 4) {
    return (vector[0] + vector[1]) + (vector[2] + vector[3]);
  } else {
    typename Lanes<Width / 2>::Vector low, high;
    std::memcpy(&low, &vector, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&vector) + sizeof low, sizeof high);
    const typename Lanes<Width / 2>::Vector both = low + high;
    return sum_of_lanes<Width / 2>(both);
  }
}

/// Dot products of `Depth` rows with `Classes` rows of the weight.
template <int Width, int Depth, int Classes>
ENXERTO_TARGET void score_tile(const float* const* rows, std::size_t features, const float* weight, float* out,
                               std::size_t classes) {
  using Vector = typename Lanes<Width>::Vector;
  Vector sums[Depth][Classes] = {};
  const std::size_t whole = features / Width * Width;
  for (std::size_t f = 0; f < whole; f += Width) {
    Vector x[Depth];
#pragma GCC unroll 8
    for (int r = 0; r < Depth; ++r) load<Width>(x[r], rows[r] + f);
#pragma GCC unroll 8
    for (int k = 0; k < Classes; ++k) {
      Vector w;
      load<Width>(w, weight + to_size(k) * features + f);
#pragma GCC unroll 8
      for (int r = 0; r < Depth; ++r) sums[r][k] += x[r] * w;
    }
  }
  for (int r = 0; r < Depth; ++r) {
    for (int k = 0; k < Classes; ++k) {
      float sum = sum_of_lanes<Width>(sums[r][k]);
      for (std::size_t f = whole; f < features; ++f) sum += rows[r][f] * weight[to_size(k) * features + f];
      out[to_size(r) * classes + to_size(k)] = sum;
    }
  }
}

/// `Depth` vectors of features of the sums of `Classes` classes.
template <int Width, int Depth, int Classes>
ENXERTO_TARGET void sum_tile(const RowBlock& block, std::size_t feature, const float* residuals, std::size_t classes,
                             double* total) {
  using Vector = typename Lanes<Width>::Vector;
  Vector sums[Classes][Depth] = {};
  for (std::size_t r = 0; r < block.count; ++r) {
    Vector x[Depth];
#pragma GCC unroll 8
    for (int d = 0; d < Depth; ++d) load<Width>(x[d], block.rows[r] + feature + to_size(d) * Width);
    const float* residual = residuals + r * classes;
#pragma GCC unroll 8
    for (int k = 0; k < Classes; ++k) {
#pragma GCC unroll 8
      for (int d = 0; d < Depth; ++d) sums[k][d] += x[d] * residual[k];
    }
  }
  for (int k = 0; k < Classes; ++k) {
    double* into = total + to_size(k) * block.features + feature;
    float plain[Depth * Width];
    std::memcpy(plain, sums[k], sizeof plain);
    for (int i = 0; i < Depth * Width; ++i) into[i] += static_cast<double>(plain[i]);
  }
}

template <int Width, int Depth, int Classes>
ENXERTO_TARGET void scores_of_classes(const RowBlock& block, const float* weight, float* out, std::size_t classes) {
  std::size_t r = 0;
  for (; r + Depth <= block.count; r += Depth)
    score_tile<Width, Depth, Classes>(block.rows + r, block.features, weight, out + r * classes, classes);
  for (; r < block.count; ++r)
    score_tile<Width, 1, Classes>(block.rows + r, block.features, weight, out + r * classes, classes);
}

/// `Width` only keeps the instruction sets' instances apart.
template <int Width, int Classes>
ENXERTO_TARGET void sum_of_feature(const RowBlock& block, std::size_t feature, const float* residuals,
                                   std::size_t classes, double* total) {
  float sums[Classes] = {};
  for (std::size_t r = 0; r < block.count; ++r) {
    const float x = block.rows[r][feature];
    for (int k = 0; k < Classes; ++k) sums[k] += x * residuals[r * classes + to_size(k)];
  }
  for (int k = 0; k < Classes; ++k) total[to_size(k) * block.features + feature] += static_cast<double>(sums[k]);
}

/// How many classes the next tile takes, so that tiles are of nearly equal width.
inline std::size_t next_classes(std::size_t left) {
  const std::size_t tiles = (left + kMostClasses - 1) / kMostClasses;
  return (left + tiles - 1) / tiles;
}

template <int Width, int Depth>
ENXERTO_TARGET void scores(const RowBlock& block, std::size_t classes, const float* weight, float* out) {
  using Tile = void (*)(const RowBlock&, const float*, float*, std::size_t);
  static constexpr std::array<Tile, kMostClasses> kTiles{
      scores_of_classes<Width, Depth, 1>, scores_of_classes<Width, Depth, 2>, scores_of_classes<Width, Depth, 3>,
      scores_of_classes<Width, Depth, 4>, scores_of_classes<Width, Depth, 5>};
  for (std::size_t k = 0; k < classes;) {
    const std::size_t taken = next_classes(classes - k);
    kTiles[taken - 1](block, weight + k * block.features, out + k, classes);
    k += taken;
  }
}

template <int Width, int Depth>
ENXERTO_TARGET void accumulate(const RowBlock& block, std::size_t classes, const float* residuals, double* total) {
  using Tile = void (*)(const RowBlock&, std::size_t, const float*, std::size_t, double*);
  static constexpr std::array<Tile, kMostClasses> kDeep{sum_tile<Width, Depth, 1>, sum_tile<Width, Depth, 2>,
                                                        sum_tile<Width, Depth, 3>, sum_tile<Width, Depth, 4>,
                                                        sum_tile<Width, Depth, 5>};
  static constexpr std::array<Tile, kMostClasses> kThin{sum_tile<Width, 1, 1>, sum_tile<Width, 1, 2>,
                                                        sum_tile<Width, 1, 3>, sum_tile<Width, 1, 4>,
                                                        sum_tile<Width, 1, 5>};
  static constexpr std::array<Tile, kMostClasses> kSingle{sum_of_feature<Width, 1>, sum_of_feature<Width, 2>,
                                                          sum_of_feature<Width, 3>, sum_of_feature<Width, 4>,
                                                          sum_of_feature<Width, 5>};
  for (std::size_t f = 0; f < block.features;) {
    const std::size_t left = block.features - f;
    const std::size_t step = left >= Width * Depth ? Width * Depth : left >= Width ? Width : 1;
    const auto& tiles = step == Width * Depth ? kDeep : step == Width ? kThin : kSingle;
    for (std::size_t k = 0; k < classes;) {
      const std::size_t taken = next_classes(classes - k);
      tiles[taken - 1](block, f, residuals + k, classes, total + k * block.features);
      k += taken;
    }
    f += step;
  }
}

template <int Width, int Depth>
constexpr SkinnyProduct product(std::string_view name) {
  return {name, scores<Width, Depth>, accumulate<Width, Depth>};
}

}  // namespace enxerto::skinny
