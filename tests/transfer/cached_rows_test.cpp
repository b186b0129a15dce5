#include "enxerto/transfer/cached_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "tests/files/thrown.h"
#include "tests/transfer/given_targets.h"

namespace enxerto {
namespace {

constexpr std::size_t kCount = 12, kWidth = 2 * 4 * 4;

/// Views in which every value of row i is 100 * view + i.
class CachedRows : public ::testing::Test {
 protected:
  CachedRows() {
    for (std::size_t view = 0; view < 3; ++view) {
      values_[view].resize(kCount * kWidth);
      Rows rows{.width = kWidth, .row = {}};
      for (std::size_t i = 0; i < kCount; ++i) {
        std::fill_n(values_[view].begin() + static_cast<std::ptrdiff_t>(i * kWidth), kWidth,
                    static_cast<float>(100 * view + i));
        rows.row.push_back(values_[view].data() + i * kWidth);
      }
      views.emplace_back(rows, "features", Shape{2, 4, 4});
    }
    for (std::size_t i = 0; i < kCount; ++i) labels.push_back(static_cast<std::int64_t>(i % 3));
  }

  CachedRowsOptions options(std::size_t count = 1) {
    return {.views = {views.begin(), views.begin() + static_cast<std::ptrdiff_t>(count)},
            .targets = testing::one_hot(labels, 3)};
  }

  std::vector<StoredRows> views;
  std::vector<std::int64_t> labels;

 private:
  std::vector<float> values_[3];
};

constexpr std::size_t kSome[] = {5, 0, 11};

TEST_F(CachedRows, GiveTheRowsAndTargetsThatAreAskedFor) {
  const TrainBatch batch = cached_rows(options())->get(kSome, 0);
  ASSERT_EQ(batch.inputs.size(), 2U);
  EXPECT_EQ(batch.examples, 3);
  EXPECT_EQ(batch.inputs.at("features").shape(), (Shape{3, 2, 4, 4}));
  EXPECT_EQ(batch.inputs.at("features").as<float>()[kWidth - 1], 5);
  EXPECT_EQ(batch.inputs.at("features").as<float>()[3 * kWidth - 1], 11);
  const auto targets = batch.inputs.at("target").as<float>();
  EXPECT_EQ(std::vector<float>(targets.begin(), targets.end()), (std::vector<float>{0, 0, 1, 1, 0, 0, 0, 0, 1}));
}

TEST_F(CachedRows, GiveEachExampleForItselfWhereAFigureIsMeasuredOnThem) {
  CachedRowsOptions mixing = options();
  mixing.mixup = 1;
  const TrainBatch plain = cached_rows(options())->get(kSome, 3),
                   each = cached_rows(std::move(mixing))->unmixed(kSome, 3);
  for (const char* name : {"features", "target"}) {
    const auto wanted = plain.inputs.at(name).as<float>(), found = each.inputs.at(name).as<float>();
    EXPECT_TRUE(std::ranges::equal(wanted, found)) << name;
  }
}

TEST_F(CachedRows, GiveClassNumbersAndValues) {
  CachedRowsOptions numbers = options();
  numbers.targets = testing::class_numbers_of(labels);
  const Tensor said = cached_rows(std::move(numbers))->get(kSome, 0).inputs.at("target");
  EXPECT_EQ(said.shape(), (Shape{3}));
  EXPECT_EQ(said.as<std::int64_t>()[0], 2);
  CachedRowsOptions values = options();
  std::vector<float> wanted(kCount * 2);
  std::iota(wanted.begin(), wanted.end(), 0.0F);
  values.targets = testing::given(Tensor::of<float>({kCount, 2}, wanted));
  EXPECT_EQ(cached_rows(std::move(values))->get(kSome, 0).inputs.at("target").as<float>()[1], 11);
}

TEST_F(CachedRows, ShowEachViewOnceInAsManyEpochs) {
  const auto source = cached_rows(options(3));
  for (std::size_t example = 0; example < kCount; ++example) {
    std::set<float> seen;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch)
      seen.insert(source->get(std::span(&example, 1), epoch).inputs.at("features").as<float>()[0]);
    EXPECT_EQ(seen.size(), 3U);
  }
}

TEST_F(CachedRows, BeginAtDifferentViews) {
  std::set<std::size_t> first;
  for (std::size_t example = 0; example < 50; ++example) first.insert(view_of(example, 0, 3, 1));
  EXPECT_EQ(first.size(), 3U);
}

TEST_F(CachedRows, ReadRowsInHalfTheBytes) {
  const std::vector<BFloat16> half(kWidth, to_bfloat16(1.5F));
  StoredRows rows(views[0].layout(), DType::bf16);
  rows.add(std::as_bytes(std::span(half)));
  CachedRowsOptions small{.views = {rows}, .targets = testing::one_hot({1}, 2)};
  const std::size_t first = 0;
  EXPECT_EQ(cached_rows(std::move(small))->get(std::span(&first, 1), 0).inputs.at("features").as<float>()[7], 1.5F);
}

TEST_F(CachedRows, MixRowsAndTargetsByTheSameShare) {
  CachedRowsOptions mixing = options();
  mixing.mixup = 1;
  const auto source = cached_rows(std::move(mixing));
  for (std::size_t example = 0; example < kCount; ++example) {
    const TrainBatch batch = source->get(std::span(&example, 1), 3);
    const auto target = batch.inputs.at("target").as<float>();
    EXPECT_NEAR(target[0] + target[1] + target[2], 1, 1e-6);
    const float value = batch.inputs.at("features").as<float>()[0];
    // Some partner explains the row and the target by one share.
    bool explained = false;
    for (std::size_t partner = 0; partner < kCount && !explained; ++partner) {
      const double gap = static_cast<double>(example) - static_cast<double>(partner);
      if (gap == 0) {
        explained = std::abs(value - static_cast<float>(example)) < 1e-5;
        continue;
      }
      const double share = (value - static_cast<double>(partner)) / gap;
      const double wanted = labels[example] == labels[partner] ? 1 : share;
      explained = share > -1e-6 && share < 1 + 1e-6 &&
                  std::abs(target[static_cast<std::size_t>(labels[example])] - wanted) < 1e-4;
    }
    EXPECT_TRUE(explained) << example;
  }
}

TEST_F(CachedRows, MixAnExampleTheSameInAnyBatch) {
  CachedRowsOptions mixing = options(3);
  mixing.mixup = 0.4;
  mixing.cutmix = 1;
  const auto source = cached_rows(std::move(mixing));
  const TrainBatch three = source->get(kSome, 2), one = source->get(std::span(kSome).subspan(1, 1), 2);
  EXPECT_TRUE(identical(three.inputs.at("features").rows(1, 2), one.inputs.at("features")));
  EXPECT_TRUE(identical(three.inputs.at("target").rows(1, 2), one.inputs.at("target")));
  EXPECT_FALSE(identical(source->get(kSome, 3).inputs.at("features"), three.inputs.at("features")));
}

TEST_F(CachedRows, CutABoxOutOfMapsAndWeighTheTargetsByItsArea) {
  CachedRowsOptions mixing = options();
  mixing.cutmix = 1;
  const auto source = cached_rows(std::move(mixing));
  bool some = false;
  for (std::size_t example = 0; example < kCount; ++example) {
    const TrainBatch batch = source->get(std::span(&example, 1), 0);
    const auto row = batch.inputs.at("features").as<float>();
    const auto mine = static_cast<float>(example);
    const auto kept = static_cast<double>(std::count(row.begin(), row.end(), mine)) / kWidth;
    const auto other = std::find_if(row.begin(), row.end(), [&](float value) { return value != mine; });
    if (other == row.end() || labels[static_cast<std::size_t>(*other)] == labels[example]) continue;
    some = true;
    EXPECT_NEAR(batch.inputs.at("target").as<float>()[static_cast<std::size_t>(labels[example])], kept, 1e-6);
  }
  EXPECT_TRUE(some);
}

TEST_F(CachedRows, RefuseWhatDoesNotFit) {
  CachedRowsOptions few = options();
  few.targets = testing::one_hot({0, 1}, 2);
  expect_says(thrown_by([&] { (void)cached_rows(few); }), ErrorKind::data, "12 rows for 2 targets");
  CachedRowsOptions wide = options(2);
  wide.views[1] = StoredRows({.values = {{.name = "features", .dtype = DType::f32, .shape = {5}}}});
  expect_says(thrown_by([&] { (void)cached_rows(wide); }), ErrorKind::data, "(2, 4, 4), as the first view");
}

TEST_F(CachedRows, RefuseMixturesThatMakeNoSense) {
  CachedRowsOptions numbers = options();
  numbers.targets = testing::class_numbers_of(labels);
  numbers.mixup = 1;
  expect_says(thrown_by([&] { (void)cached_rows(numbers); }), ErrorKind::usage, "class numbers");
  CachedRowsOptions flat = options();
  const RowLayout one_dimension{
      .values = {{.name = "features", .dtype = DType::f32, .shape = {static_cast<std::int64_t>(kWidth)}}}};
  StoredRows rows(one_dimension);
  for (std::size_t i = 0; i < kCount; ++i) rows.add(views[0].record(i));
  flat.views = {rows};
  flat.cutmix = 1;
  expect_says(thrown_by([&] { (void)cached_rows(flat); }), ErrorKind::usage, "a map");
  CachedRowsOptions negative = options();
  negative.mixup = -1;
  EXPECT_EQ(thrown_by([&] { (void)cached_rows(negative); }).kind(), ErrorKind::usage);
}

}  // namespace
}  // namespace enxerto
