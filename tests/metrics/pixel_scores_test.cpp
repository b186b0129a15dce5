#include "enxerto/metrics/pixel_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/metrics/metric_set.h"
#include "tests/metrics/number_file.h"

namespace enxerto {
namespace {

/// The file of tools/golden/pixels.py.
class PixelGolden : public testing::NumberFile {
 public:
  PixelGolden() : NumberFile(ENXERTO_TEST_DATA "/metrics/pixels.txt") {
    const std::size_t examples = count();
    classes = count();
    for (std::size_t i = 0; i < examples; ++i) {
      const auto height = static_cast<std::int64_t>(next()), width = static_cast<std::int64_t>(next());
      Tensor truth = map(height, width);
      pictures.push_back({.truth = std::move(truth), .found = map(height, width)});
    }
  }

  std::size_t classes = 0;
  std::vector<ClassMaps> pictures;

 private:
  Tensor map(std::int64_t height, std::int64_t width) {
    std::vector<std::uint8_t> values(static_cast<std::size_t>(height * width));
    for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(next());
    return Tensor::of<std::uint8_t>({height, width}, std::span<const std::uint8_t>(values));
  }
};

TEST(PixelScores, EqualTorchvisionsMatrixAndHuggingFacesMeans) {
  PixelGolden golden;
  std::size_t next = 0;
  PixelScores scores({"a", "b", "c", "d", "e"}, [&](const TensorMap&, const TensorMap&) {
    return std::vector<ClassMaps>{golden.pictures[next++]};
  });
  ASSERT_EQ(golden.classes, 5U);
  while (next < golden.pictures.size()) scores.update({}, {});
  MetricsReport report;
  scores.report(report);
  for (const char* name :
       {"miou", "pixel_accuracy", "mean_accuracy", "mean_dice", "frequency_weighted_iou", "miou_all"})
    golden.expect(report[name].value);
  const MetricTable& table = report.table("per_class");
  for (std::size_t c = 0; c < golden.classes; ++c)
    for (const char* column : {"iou", "dice", "accuracy"}) golden.expect(table.number(c, column));
  ASSERT_TRUE(report["miou"].interval);
  EXPECT_LT(report["miou"].interval->low, report["miou"].value);
  EXPECT_GT(report["miou"].interval->high, report["miou"].value);
}

TEST(PixelScores, LeaveOutPixelsWithoutAClassAndRefusePredictionsThatAreNone) {
  ClassMaps maps{.truth = Tensor::of<std::uint8_t>({1, 4}, {0, 1, 255, 255}),
                 .found = Tensor::of<std::uint8_t>({1, 4}, {0, 0, 1, 0})};
  PixelScores scores({"a", "b"}, [&](const TensorMap&, const TensorMap&) { return std::vector<ClassMaps>{maps}; });
  scores.update({}, {});
  MetricsReport report;
  scores.report(report);
  EXPECT_EQ(report["pixel_accuracy"].value, 0.5);
  EXPECT_EQ(report["miou"].value, 0.25);
  EXPECT_EQ(report["miou_all"].value, 0.25);
  EXPECT_FALSE(report["miou"].interval) << "too few examples";
  ASSERT_TRUE(report["miou"].baseline);
  EXPECT_EQ(report["miou"].baseline->value, 0.25) << "half of one class, nothing of the other";
  EXPECT_EQ(report["miou"].baseline->name, "always predicting a");
  maps.found = Tensor::of<std::uint8_t>({1, 4}, {0, 2, 0, 0});
  EXPECT_THROW(scores.update({}, {}), Error);
  maps.found = Tensor::of<std::uint8_t>({2, 2}, {0, 0, 0, 0});
  EXPECT_THROW(scores.update({}, {}), Error);
  scores.reset();
  MetricsReport empty;
  scores.report(empty);
  EXPECT_TRUE(std::isnan(empty["miou"].value));
}

}  // namespace
}  // namespace enxerto
