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

AffineMatrix shear_x(double by, int, int) { return affine_matrix({.shear_across = std::atan(by) * kDegrees}, 0, 0); }
AffineMatrix shear_y(double by, int, int) { return affine_matrix({.shear_down = std::atan(by) * kDegrees}, 0, 0); }
AffineMatrix move_x(double by, int width, int height) {
  return affine_matrix({.right = std::trunc(by)}, width * 0.5, height * 0.5);
}
AffineMatrix move_y(double by, int width, int height) {
  return affine_matrix({.down = std::trunc(by)}, width * 0.5, height * 0.5);
}

template <AffineMatrix (*origin)(double, int, int)>
void seen_through(Image& image, double by) {
  image = transform(image, origin(by, image.width, image.height), Sampling::nearest);
}

void rotated(Image& image, double angle) {
  if (angle != 0) seen_through<rotation_matrix>(image, angle);
}

constexpr std::array<RandomOperation, 14> kOperations{{
    {"Identity", false, nothing, [](Image&, double) {}},
    {"ShearX", true, shear, seen_through<shear_x>, shear_x},
    {"ShearY", true, shear, seen_through<shear_y>, shear_y},
    {"TranslateX", true, across, seen_through<move_x>, move_x},
    {"TranslateY", true, down, seen_through<move_y>, move_y},
    {"Rotate", true, degrees, rotated, rotation_matrix},
    {"Brightness", true, factor, [](Image& image, double by) { adjust_brightness(image, 1.0 + by); }},
    {"Color", true, factor, [](Image& image, double by) { adjust_saturation(image, 1.0 + by); }},
    {"Contrast", true, factor, [](Image& image, double by) { adjust_contrast(image, 1.0 + by); }},
    {"Sharpness", true, factor, [](Image& image, double by) { adjust_sharpness(image, 1.0 + by); }},
    {"Posterize", false, bits, [](Image& image, double by) { posterize(image, static_cast<int>(by)); }},
    {"Solarize", false, threshold, [](Image& image, double by) { solarize(image, by); }},
    {"AutoContrast", false, nothing, [](Image& image, double) { autocontrast(image); }},
    {"Equalize", false, nothing, [](Image& image, double) { equalize(image); }},
}};

template <typename Take>
void for_each_drawn(const RandomOperations& drawn, int width, int height, const Take& take) {
  Rng rng(drawn.key);
  for (int i = 0; i < drawn.count; ++i) {
    const RandomOperation& operation = kOperations[rng.below(kOperations.size())];
    const double strength = operation.strength(drawn.magnitude, width, height);
    const bool negative = operation.is_signed && rng.below(2) == 1;
    take(operation, negative ? -strength : strength);
  }
}

}  // namespace

std::span<const RandomOperation> random_operations() { return kOperations; }

void apply_random_operations(Image& image, const RandomOperations& drawn) {
  for_each_drawn(drawn, image.width, image.height,
                 [&](const RandomOperation& operation, double strength) { operation.apply(image, strength); });
}

AffineMatrix origin_after(const RandomOperations& drawn, int width, int height) {
  AffineMatrix origin{1, 0, 0, 0, 1, 0};
  for_each_drawn(drawn, width, height, [&](const RandomOperation& operation, double strength) {
    if (operation.origin != nullptr) origin = composed(origin, operation.origin(strength, width, height));
  });
  return origin;
}

}  // namespace enxerto
