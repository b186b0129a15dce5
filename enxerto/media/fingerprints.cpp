#include "enxerto/media/fingerprints.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "enxerto/media/image/picture_fingerprint.h"

namespace enxerto {
namespace {

/// What a medium has.
struct FingerprintRow {
  Medium medium;
  bool (*fits)(const InputSpec& input);
  Fingerprints (*of)(const InputSpec& input, const Tensor& seen);
};

bool is_planes(const InputSpec& input) {
  return input.dtype == DType::f32 && input.fixed() && input.shape.size() == 3 &&
         std::min(input.shape[1], input.shape[2]) >= kFingerprintGrid;
}

Fingerprints of_planes(const InputSpec& input, const Tensor& seen) {
  const std::span<const float> planes = seen.as<float>();
  return {.own = picture_fingerprint(planes, input.shape), .forms = {picture_fingerprint(planes, input.shape, true)}};
}

constexpr std::array<FingerprintRow, 1> kRows{{{.medium = Medium::image, .fits = is_planes, .of = of_planes}}};

const FingerprintRow* row_of(Medium medium) {
  const auto* const row = std::ranges::find(kRows, medium, &FingerprintRow::medium);
  return row == kRows.end() ? nullptr : row;
}

}  // namespace

bool have_fingerprints(std::span<const Medium> fields, std::span<const InputSpec> inputs) {
  if (fields.size() != 1 || inputs.size() != 1) return false;
  const FingerprintRow* const row = row_of(fields.front());
  return row != nullptr && row->fits(inputs.front());
}

Fingerprints fingerprints(Medium medium, const InputSpec& input, const Tensor& seen) {
  const FingerprintRow* const row = row_of(medium);
  return row == nullptr || seen.size() == 0 ? Fingerprints{} : row->of(input, seen);
}

double alikeness(const Fingerprint& one, const Fingerprint& other) {
  if (one.size() != other.size()) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < one.size(); ++i) sum += static_cast<double>(one[i]) * static_cast<double>(other[i]);
  return sum;
}

}  // namespace enxerto
