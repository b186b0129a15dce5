#include "enxerto/media/image/random_operations.h"

#include <array>
#include <cmath>

#include "enxerto/media/image/affine.h"
#include "enxerto/media/image/colour.h"
#include "enxerto/media/image/value_tables.h"

namespace enxerto {
namespace {

constexpr double kDegrees = 180.0 / 3.14159265358979323846;

/// Step `magnitude` of 31 from 0 to `most`, in float32 and from the nearer end as torch.linspace does.
double step_to(float most, int magnitude) {
  const float step = most / kLargestMagnitude;
  if (magnitude <= kLargestMagnitude / 2) return static_cast<double>(step * static_cast<float>(magnitude));
  return static_cast<double>(most - step * static_cast<float>(kLargestMagnitude - magnitude));
}

double nothing(int, int, int) { return 0; }
double shear(int magnitude, int, int) { return step_to(0.3F, magnitude); }
double degrees(int magnitude, int, int) { return step_to(30.0F, magnitude); }
double factor(int magnitude, int, int) { return step_to(0.9F, magnitude); }
double across(int magnitude, int width, int) { return step_to(static_cast<float>(150.0 / 331.0 * width), magnitude); }
double down(int magnitude, int, int height) { return step_to(static_cast<float>(150.0 / 331.0 * height), magnitude); }
double bits(int magnitude, int, int) { return 8 - std::nearbyint(magnitude / 7.5); }
double threshold(int magnitude, int, int) { return 255.0 - step_to(255.0F, magnitude); }

void sheared(Image& image, const AffineChange& change) {
  image = transform(image, affine_matrix(change, 0, 0), Sampling::nearest);
}

void moved(Image& image, const AffineChange& change) {
  image = transform(image, affine_matrix(change, image.width * 0.5, image.height * 0.5), Sampling::nearest);
}

void rotated(Image& image, double angle) {
  if (angle == 0) return;
  image = transform(image, rotation_matrix(angle, image.width, image.height), Sampling::nearest);
}

constexpr std::array<RandomOperation, 14> kOperations{{
    {"Identity", false, nothing, [](Image&, double) {}},
    {"ShearX", true, shear,
     [](Image& image, double by) { sheared(image, {.shear_across = std::atan(by) * kDegrees}); }},
    {"ShearY", true, shear, [](Image& image, double by) { sheared(image, {.shear_down = std::atan(by) * kDegrees}); }},
    {"TranslateX", true, across, [](Image& image, double by) { moved(image, {.right = std::trunc(by)}); }},
    {"TranslateY", true, down, [](Image& image, double by) { moved(image, {.down = std::trunc(by)}); }},
    {"Rotate", true, degrees, rotated},
    {"Brightness", true, factor, [](Image& image, double by) { adjust_brightness(image, 1.0 + by); }},
    {"Color", true, factor, [](Image& image, double by) { adjust_saturation(image, 1.0 + by); }},
    {"Contrast", true, factor, [](Image& image, double by) { adjust_contrast(image, 1.0 + by); }},
    {"Sharpness", true, factor, [](Image& image, double by) { adjust_sharpness(image, 1.0 + by); }},
    {"Posterize", false, bits, [](Image& image, double by) { posterize(image, static_cast<int>(by)); }},
    {"Solarize", false, threshold, [](Image& image, double by) { solarize(image, by); }},
    {"AutoContrast", false, nothing, [](Image& image, double) { autocontrast(image); }},
    {"Equalize", false, nothing, [](Image& image, double) { equalize(image); }},
}};

}  // namespace

std::span<const RandomOperation> random_operations() { return kOperations; }

void apply_random_operations(Image& image, int count, int magnitude, const RandomKey& key) {
  Rng rng(key);
  for (int i = 0; i < count; ++i) {
    const RandomOperation& operation = kOperations[rng.below(kOperations.size())];
    const double strength = operation.strength(magnitude, image.width, image.height);
    const bool negative = operation.is_signed && rng.below(2) == 1;
    operation.apply(image, negative ? -strength : strength);
  }
}

}  // namespace enxerto
