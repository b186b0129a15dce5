#include "enxerto/metrics/pixel_scores.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/resampled_intervals.h"

namespace enxerto {
namespace {

/// NaN for 0 of 0.
double pixel_share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? kNan : static_cast<double>(part) / static_cast<double>(whole);
}

/// Over what is a number.
double mean_of_numbers(std::span<const double> values) {
  double sum = 0;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? kNan : sum / static_cast<double>(count);
}

double plain_mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? kNan : sum / static_cast<double>(values.size());
}

MetricTable empty_pixel_table() {
  return {.name = "per_class",
          .title = "Class by class",
          .note = "IoU: pixels that are of the class and were predicted so, among all that are or were.",
          .columns = {{.name = "class", .title = "class"},
                      {.name = "iou", .title = "IoU", .share = true},
                      {.name = "dice", .title = "Dice", .share = true},
                      {.name = "accuracy", .title = "recall", .share = true},
                      {.name = "share", .title = "of all pixels", .share = true},
                      {.name = "predicted_share", .title = "predicted", .share = true},
                      {.name = "support", .title = "pixels"}},
          .rows = {},
          .hardest = 1};
}

}  // namespace

double PixelScores::Areas::iou() const { return pixel_share(both, there + found - both); }
double PixelScores::Areas::dice() const { return pixel_share(2 * both, there + found); }
double PixelScores::Areas::accuracy() const { return pixel_share(both, there); }

void PixelScores::update(const TensorMap& outputs, const TensorMap& targets) {
  const std::vector<ClassMaps> all = read_(outputs, targets);
  for (const ClassMaps& maps : all) {
    const bool fits =
        maps.truth.dtype() == DType::u8 && maps.truth.shape() == maps.found.shape() &&
        std::ranges::all_of(maps.found.as<std::uint8_t>(), [&](std::uint8_t number) { return number < names_.size(); });
    if (!fits)
      throw data_error("pixels", fmt::format("predictions {}", to_string(maps.found.shape())),
                       fmt::format("classes below {} for {}", names_.size(), to_string(maps.truth.shape())));
  }
  for (const ClassMaps& maps : all) add(maps);
}

void PixelScores::add(const ClassMaps& maps) {
  const auto truth = maps.truth.as<std::uint8_t>(), found = maps.found.as<std::uint8_t>();
  std::vector<Areas> areas(names_.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] >= names_.size()) continue;
    confusion_.add(truth[i], found[i]);
    ++areas[truth[i]].there;
    ++areas[found[i]].found;
    areas[truth[i]].both += truth[i] == found[i] ? 1 : 0;
  }
  if (++count_ <= kMostResampled)
    examples_.push_back(std::move(areas));
  else
    examples_.clear();
}

std::vector<PixelScores::Areas> PixelScores::areas() const {
  std::vector<Areas> areas(names_.size());
  for (std::size_t truth = 0; truth < names_.size(); ++truth) {
    for (std::size_t found = 0; found < names_.size(); ++found) {
      const std::size_t pixels = confusion_.at(truth, found);
      areas[truth].there += pixels;
      areas[found].found += pixels;
      areas[truth].both += truth == found ? pixels : 0;
    }
  }
  return areas;
}

double PixelScores::resampled_iou(std::span<const std::uint32_t> weights) const {
  std::vector<Areas> sums(names_.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    for (std::size_t c = 0; c < sums.size(); ++c) {
      sums[c].there += weights[i] * examples_[i][c].there;
      sums[c].found += weights[i] * examples_[i][c].found;
      sums[c].both += weights[i] * examples_[i][c].both;
    }
  }
  std::vector<double> values;
  for (const Areas& area : sums) values.push_back(area.iou());
  return mean_of_numbers(values);
}

void PixelScores::report(MetricsReport& report) const {
  const std::vector<Areas> all = areas();
  std::vector<double> iou, dice, accuracy;
  std::uint64_t pixels = 0, right = 0;
  for (const Areas& area : all) {
    iou.push_back(area.iou());
    dice.push_back(area.dice());
    accuracy.push_back(area.accuracy());
    pixels += area.there;
    right += area.both;
  }
  double weighted = pixels == 0 ? kNan : 0;
  MetricTable table = empty_pixel_table();
  for (std::size_t c = 0; c < all.size(); ++c) {
    if (all[c].there > 0) weighted += pixel_share(all[c].there, pixels) * iou[c];
    table.rows.push_back({names_[c], iou[c], dice[c], accuracy[c], pixel_share(all[c].there, pixels),
                          pixel_share(all[c].found, pixels), std::uint64_t{all[c].there}});
  }
  MetricValue first{.name = "miou", .value = mean_of_numbers(iou), .title = "mean IoU"};
  if (pixels > 0) {
    const auto largest = std::ranges::max_element(all, {}, &Areas::there);
    const auto classes =
        static_cast<double>(std::ranges::count_if(all, [](const Areas& one) { return one.there > 0; }));
    first.baseline = {.value = pixel_share(largest->there, pixels) / classes,
                      .name = "always predicting " + names_[static_cast<std::size_t>(largest - all.begin())]};
  }
  const auto intervals = resampled_intervals(examples_.size(), kResamples, [&](std::span<const std::uint32_t> weights) {
    return std::vector<double>{resampled_iou(weights)};
  });
  if (!intervals.empty() && !std::isnan(intervals[0].low)) first.interval = intervals[0];
  report.values.push_back(std::move(first));
  report.values.push_back({.name = "pixel_accuracy", .value = pixel_share(right, pixels), .title = "pixel accuracy"});
  report.values.push_back(
      {.name = "mean_accuracy", .value = mean_of_numbers(accuracy), .title = "mean class accuracy"});
  report.values.push_back({.name = "mean_dice", .value = mean_of_numbers(dice), .title = "mean Dice"});
  report.values.push_back(
      {.name = "frequency_weighted_iou", .value = weighted, .title = "IoU weighted by frequency", .shown = false});
  report.values.push_back({.name = "miou_all",
                           .value = plain_mean(iou),
                           .title = "mean IoU of all classes",
                           .shown = !std::isnan(plain_mean(iou)) && plain_mean(iou) != mean_of_numbers(iou)});
  report.tables.push_back(std::move(table));
  report.confusion = {.names = names_, .counts = confusion_.value()};
}

void PixelScores::reset() {
  confusion_.reset();
  examples_.clear();
  count_ = 0;
}

}  // namespace enxerto
