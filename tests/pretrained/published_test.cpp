#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "enxerto/pretrained/spec.h"
#include "tests/media/image_record.h"

namespace enxerto {
namespace {

using testing::image_of;

/// A line of tests/golden/pretrained/published.txt, which tools/golden/published.py writes from the publishers'
/// packages.
struct Stated {
  std::string source, name, resize, filter, order;
  int size = 0;
  std::array<double, 3> scale{}, offset{};
};

std::vector<Stated> stated() {
  std::vector<Stated> rows;
  std::ifstream file(ENXERTO_TEST_DATA "/pretrained/published.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    Stated row;
    words >> row.source >> row.name >> row.size >> row.resize >> row.filter >> row.order;
    for (std::size_t i = 0; i < 3; ++i) words >> row.scale[i] >> row.offset[i];
    EXPECT_TRUE(words) << line;
    rows.push_back(std::move(row));
  }
  return rows;
}

void expect_prepares_as(const PretrainedSpec& spec, const Stated& row) {
  SCOPED_TRACE(row.source + " " + row.name);
  const ImagePreprocess ours = image_of(spec.preprocessor);
  EXPECT_EQ(ours.size, row.size);
  const bool reversed = ours.channels == ImagePreprocess::Channels::bgr;
  EXPECT_EQ(reversed ? "bgr" : "rgb", row.order);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t at = reversed ? 2 - i : i;
    EXPECT_NEAR(1.0 / (double{ours.divisor} * ours.deviation[at]), row.scale[i], 1e-6 * row.scale[i]) << i;
    EXPECT_NEAR(-double{ours.mean[at]} / ours.deviation[at], row.offset[i], 1e-6 * std::abs(row.offset[i])) << i;
  }
  if (row.resize == "-") return;
  EXPECT_EQ(ours.filter == Filter::bicubic ? "bicubic" : "bilinear", row.filter);
  EXPECT_EQ(ours.fit == ImagePreprocess::Fit::squash, row.resize == "squash");
  if (row.resize != "squash") {
    EXPECT_EQ(std::to_string(static_cast<int>(ours.size / ours.crop_fraction)), row.resize);
  }
}

TEST(Published, PreparesPicturesAsEachPublisherDoes) {
  const std::vector<PretrainedSpec>& models = pretrained_models();
  ASSERT_GE(stated().size(), 80U);
  for (const Stated& row : stated()) {
    const auto spec = std::ranges::find_if(
        models, [&](const PretrainedSpec& one) { return one.source == row.source && one.name == row.name; });
    if (spec == models.end())
      ADD_FAILURE() << "no row of " << row.source << " " << row.name;
    else
      expect_prepares_as(*spec, row);
  }
}

TEST(Published, IsHeldAgainstItsPublisherOrNamedHere) {
  const auto rows = stated();
  for (const PretrainedSpec& spec : pretrained_models()) {
    const bool held = std::ranges::any_of(
        rows, [&](const Stated& row) { return row.source == spec.source && row.name == spec.name; });
    const bool on_the_hub_alone = spec.name.starts_with("dinov2_");
    EXPECT_TRUE(held || on_the_hub_alone || spec.source == "tensorflow") << spec.source << " " << spec.name;
  }
}

}  // namespace
}  // namespace enxerto
