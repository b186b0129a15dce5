#include "enxerto/media/image/mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr double kMixSteps = 1 << 20;

/// Above 0, so that it has a logarithm.
double positive(Rng& rng) { return 1.0 - rng.uniform(); }

/// Jöhnk 1964, with logarithms because u^(1 / alpha) of a small alpha is 0.
double beta_below_one(double alpha, Rng& rng) {
  for (;;) {
    const double x = std::log(positive(rng)) / alpha, y = std::log(positive(rng)) / alpha;
    const double larger = std::max(x, y);
    if (larger + std::log(std::exp(x - larger) + std::exp(y - larger)) > 0) continue;
    return 1.0 / (1.0 + std::exp(y - x));
  }
}

/// Rejection from the uniform distribution; of alpha 100 every eleventh is taken.
double beta_from_one(double alpha, Rng& rng) {
  for (;;) {
    const double x = positive(rng);
    const double height = 4.0 * x * (1.0 - x);
    if (height > 0 && std::log(positive(rng)) <= (alpha - 1.0) * std::log(height)) return x;
  }
}

int bounded(double value, int side) { return std::clamp(static_cast<int>(std::floor(value)), 0, side); }

}  // namespace

MixDraw mix_draw(double alpha, const RandomKey& key) {
  if (!(alpha >= 0 && std::isfinite(alpha))) {
    throw usage_error("alpha of mixup or cutmix", fmt::format("{}", alpha), "0 (off) or above",
                      "0.2 for mixup and 1 for cutmix are usual");
  }
  if (alpha == 0) return {};
  Rng rng(key);
  const double across = rng.uniform(), down = rng.uniform();
  const double lambda = alpha < 1 ? beta_below_one(alpha, rng) : beta_from_one(alpha, rng);
  return {.lambda = std::round(lambda * kMixSteps) / kMixSteps, .across = across, .down = down};
}

MixBox mix_box(const MixDraw& draw, int height, int width) {
  const double share = std::sqrt(1.0 - draw.lambda);
  const double half_height = share * height / 2, half_width = share * width / 2;
  const double x = std::floor(draw.across * width), y = std::floor(draw.down * height);
  MixBox box;
  box.top = bounded(y - half_height, height);
  box.left = bounded(x - half_width, width);
  box.height = bounded(y + half_height, height) - box.top;
  box.width = bounded(x + half_width, width) - box.left;
  box.lambda = 1.0 - static_cast<double>(box.height) * box.width / (static_cast<double>(height) * width);
  return box;
}

}  // namespace enxerto
