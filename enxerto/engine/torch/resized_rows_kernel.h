// Included by one source file an instruction set, which defines ENXERTO_TARGET before, and ENXERTO_SET, a namespace of
// its own.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "enxerto/engine/torch/lanes_kernel.h"
#include "enxerto/engine/torch/resized_rows.h"

namespace enxerto::ENXERTO_SET {

static_assert(kLanes == kResizedLanes);

/// Where a place of the larger map lies between two of the smaller one.
struct Between {
  std::int64_t first = 0, second = 0;
  float share = 0;  ///< of the second
};

inline std::vector<Between> places_between(std::int64_t from, std::int64_t to) {
  std::vector<Between> places(static_cast<std::size_t>(to));
  const float scale = static_cast<float>(from) / static_cast<float>(to);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const float place = std::max(0.0F, scale * (static_cast<float>(i) + 0.5F) - 0.5F);
    const std::int64_t first = std::min(static_cast<std::int64_t>(place), from - 1);
    places[i] = {first, std::min(first + 1, from - 1), place - static_cast<float>(first)};
  }
  return places;
}

/// Of `count` numbers each, what lies between two rows.
ENXERTO_TARGET inline void mix(const float* first, const float* second, float share, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; i += kResizedLanes) {
    Lanes a, b;
    load(a, first + i);
    load(b, second + i);
    a = a + (b - a) * share;
    store(out + i, a);
  }
}

ENXERTO_TARGET inline void larger(Lanes& most, const Lanes& other) { most = most > other ? most : other; }

ENXERTO_TARGET inline float largest_of(const Lanes& lanes) {
  float most = lanes[0];
  for (int i = 1; i < kResizedLanes; ++i) most = lanes[i] > most ? lanes[i] : most;
  return most;
}

ENXERTO_TARGET inline float sum_of(const Lanes& lanes) {
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

/// One row of the larger map after another.
class ResizedPass {
 public:
  explicit ResizedPass(const ResizedScores& of)
      : of_(of),
        down_(places_between(of.rows, of.out_rows)),
        across_(places_between(of.columns, of.out_columns)),
        line_(static_cast<std::size_t>(of.columns * of.width)),
        line_gradient_(line_.size()),
        pixel_(static_cast<std::size_t>(of.width)) {}

  ENXERTO_TARGET void forward(float* scores, float* sums) {
    for (std::int64_t row = 0; row < of_.out_rows; ++row) {
      enter(row);
      for (std::int64_t column = 0; column < of_.out_columns; ++column) {
        const std::int64_t pixel = row * of_.out_columns + column;
        if (of_.classes[pixel] < 0) {
          scores[pixel] = 0;
          sums[pixel] = 1;
          continue;
        }
        enter_pixel(across_[static_cast<std::size_t>(column)]);
        const float score = pixel_[static_cast<std::size_t>(of_.classes[pixel])];
        const float most = largest();
        scores[pixel] = score - most;
        sums[pixel] = exponentials(most);
      }
    }
  }

  ENXERTO_TARGET void backward(const float* of_logarithms, float* gradient) {
    for (std::int64_t row = 0; row < of_.out_rows; ++row) {
      enter(row);
      std::fill(line_gradient_.begin(), line_gradient_.end(), 0.0F);
      for (std::int64_t column = 0; column < of_.out_columns; ++column) {
        const std::int64_t pixel = row * of_.out_columns + column;
        const float change = of_logarithms[pixel];
        if (change == 0) continue;
        const Between& place = across_[static_cast<std::size_t>(column)];
        enter_pixel(place);
        const float share = change / exponentials(largest());
        spread(place, change, share, of_.classes[pixel]);
      }
      leave(row, gradient);
    }
  }

 private:
  const float* scores_of(std::int64_t row) const { return of_.scores + row * of_.columns * of_.width; }

  /// The scores between two rows.
  ENXERTO_TARGET void enter(std::int64_t row) {
    const Between& place = down_[static_cast<std::size_t>(row)];
    mix(scores_of(place.first), scores_of(place.second), place.share, line_.size(), line_.data());
  }

  ENXERTO_TARGET void leave(std::int64_t row, float* gradient) const {
    const Between& place = down_[static_cast<std::size_t>(row)];
    float* const above = gradient + place.first * of_.columns * of_.width;
    float* const below = gradient + place.second * of_.columns * of_.width;
    for (std::size_t i = 0; i < line_gradient_.size(); i += kResizedLanes) {
      Lanes change, sum;
      load(change, &line_gradient_[i]);
      load(sum, above + i);
      sum = sum + change * (1 - place.share);
      store(above + i, sum);
      load(sum, below + i);
      sum = sum + change * place.share;
      store(below + i, sum);
    }
  }

  /// The scores of a pixel.
  ENXERTO_TARGET void enter_pixel(const Between& place) {
    mix(&line_[static_cast<std::size_t>(place.first * of_.width)],
        &line_[static_cast<std::size_t>(place.second * of_.width)], place.share, pixel_.size(), pixel_.data());
  }

  ENXERTO_TARGET float largest() const {
    Lanes most;
    load(most, pixel_.data());
    for (std::size_t i = kResizedLanes; i < pixel_.size(); i += kResizedLanes) {
      Lanes other;
      load(other, &pixel_[i]);
      larger(most, other);
    }
    return largest_of(most);
  }

  /// In place of the scores; their sum.
  ENXERTO_TARGET float exponentials(float most) {
    Lanes sum = {};
    for (std::size_t i = 0; i < pixel_.size(); i += kResizedLanes) {
      Lanes x;
      load(x, &pixel_[i]);
      x = x - most;
      exponential(x);
      store(&pixel_[i], x);
      sum = sum + x;
    }
    return sum_of(sum);
  }

  /// `change` times truth less probability, which is `share` times the exponentials over `change`.
  ENXERTO_TARGET void spread(const Between& place, float change, float share, std::int64_t truth) {
    float* const left = &line_gradient_[static_cast<std::size_t>(place.first * of_.width)];
    float* const right = &line_gradient_[static_cast<std::size_t>(place.second * of_.width)];
    const float near = 1 - place.share, far = place.share;
    for (std::size_t i = 0; i < pixel_.size(); i += kResizedLanes) {
      Lanes x, sum;
      load(x, &pixel_[i]);
      x = x * -share;
      load(sum, left + i);
      sum = sum + x * near;
      store(left + i, sum);
      load(sum, right + i);
      sum = sum + x * far;
      store(right + i, sum);
    }
    left[truth] += change * near;
    right[truth] += change * far;
  }

  const ResizedScores& of_;
  std::vector<Between> down_, across_;
  std::vector<float> line_, line_gradient_, pixel_;
};

ENXERTO_TARGET inline void forward_of(const ResizedScores& of, float* scores, float* sums) {
  ResizedPass(of).forward(scores, sums);
}

ENXERTO_TARGET inline void backward_of(const ResizedScores& of, const float* of_logarithms, float* gradient) {
  ResizedPass(of).backward(of_logarithms, gradient);
}

}  // namespace enxerto::ENXERTO_SET
