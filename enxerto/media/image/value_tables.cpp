#include "enxerto/media/image/value_tables.h"

#include <algorithm>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Histogram = std::array<std::uint64_t, 256>;

std::array<Histogram, 3> histograms(const Image& image) {
  std::array<Histogram, 3> counts{};
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    for (std::size_t c = 0; c < 3; ++c) ++counts[c][image.pixels[i + c]];
  }
  return counts;
}

template <typename Value>
ValueTable table_of(Value value_of) {
  ValueTable table;
  for (int value = 0; value < 256; ++value) table[to_size(value)] = static_cast<std::uint8_t>(value_of(value));
  return table;
}

ValueTable unchanged() {
  return table_of([](int value) { return value; });
}

ValueTable stretched(const Histogram& counts) {
  int low = 0, high = 255;
  while (low < 255 && counts[to_size(low)] == 0) ++low;
  while (high > 0 && counts[to_size(high)] == 0) --high;
  if (high <= low) return unchanged();
  const double scale = 255.0 / (high - low), offset = -low * scale;
  return table_of([&](int value) { return std::clamp(static_cast<int>(value * scale + offset), 0, 255); });
}

ValueTable flattened(const Histogram& counts) {
  std::uint64_t total = 0, last = 0, different = 0;
  for (const std::uint64_t count : counts) {
    if (count == 0) continue;
    total += count;
    last = count;
    ++different;
  }
  const std::uint64_t step = (total - last) / 255;
  if (different <= 1 || step == 0) return unchanged();
  std::uint64_t before = step / 2;
  return table_of([&](int value) {
    const std::uint64_t becomes = std::min<std::uint64_t>(before / step, 255);
    before += counts[to_size(value)];
    return becomes;
  });
}

void apply_to_all(Image& image, const ValueTable& table) { apply(image, {table, table, table}); }

void apply_by_histogram(Image& image, ValueTable (*table)(const Histogram&)) {
  const std::array<Histogram, 3> counts = histograms(image);
  apply(image, {table(counts[0]), table(counts[1]), table(counts[2])});
}

}  // namespace

void apply(Image& image, const std::array<ValueTable, 3>& tables) {
  std::uint8_t* const end = image.pixels.data() + image.pixels.size();
  for (std::uint8_t* pixel = image.pixels.data(); pixel != end; pixel += 3) {
    pixel[0] = tables[0][pixel[0]];
    pixel[1] = tables[1][pixel[1]];
    pixel[2] = tables[2][pixel[2]];
  }
}

void posterize(Image& image, int bits) {
  const int mask = ~((1 << (8 - std::clamp(bits, 1, 8))) - 1);
  apply_to_all(image, table_of([&](int value) { return value & mask; }));
}

void solarize(Image& image, double threshold) {
  apply_to_all(image, table_of([&](int value) { return value < threshold ? value : 255 - value; }));
}

void autocontrast(Image& image) { apply_by_histogram(image, stretched); }

void equalize(Image& image) { apply_by_histogram(image, flattened); }

}  // namespace enxerto
