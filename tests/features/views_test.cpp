#include <algorithm>
#include <cmath>

#include "enxerto/base/threads.h"
#include "enxerto/features/live_examples.h"
#include "pictures.h"

namespace enxerto {
namespace {

using testing::kind_of_error;
using testing::mean_colour;
using testing::PicturesWorkplace;
using testing::pixels;
using testing::write_file;
using testing::write_pictures;

constexpr std::uint32_t kCount = 40;

struct Place : PicturesWorkplace {
  Place() { write_pictures(*this / "data", kCount); }
  DatasetPtr data() const { return open_data(*this / "data").all; }
  ExtractOptions with_cache(int threads = 2) const {
    return {.threads = threads,
            .batch = 4,
            .on_bad = OnBad::error,
            .cache = FeatureCache::open({.directory = *this / "cache"})};
  }
};

/// `source` as view `view` of pictures whose brightness changes.
FeatureSource seen(FeatureSource source, std::int64_t view, std::uint64_t seed = 1) {
  source.augmentation = {.brightness = 0.5, .mixup = 0.2};
  source.augment_seed = seed;
  source.view = view;
  return source;
}

std::vector<float> all_values(const Extracted& found) {
  std::vector<float> values(found.stored.size() * found.stored.width());
  for (std::size_t i = 0; i < found.stored.size(); ++i)
    found.stored.copy(i, std::span(values).subspan(i * found.stored.width(), found.stored.width()));
  return values;
}

TEST(Views, AreComputedOnceEachAndLieInTheSpaceOfThePlainRows) {
  const Place place;
  const ExtractOptions options = place.with_cache();
  const Extracted plain = extract(*place.data(), mean_colour(), options);
  const Extracted first = extract(*place.data(), seen(mean_colour(), 0), options);
  const Extracted second = extract(*place.data(), seen(mean_colour(), 1), options);
  EXPECT_EQ(first.computed, kCount);
  EXPECT_EQ(second.computed, kCount);
  EXPECT_EQ(feature_space(seen(mean_colour(), 1)), feature_space(mean_colour()));
  EXPECT_EQ(options.cache->status().size(), 1U);
  EXPECT_NE(all_values(plain), all_values(first));
  EXPECT_NE(all_values(first), all_values(second));
  const Extracted again = extract(*place.data(), seen(mean_colour(), 1), options);
  EXPECT_EQ(again.cached, kCount);
  EXPECT_EQ(all_values(again), all_values(second));
  EXPECT_EQ(extract(*place.data(), mean_colour(), options).computed, 0U);
}

TEST(Views, DependOnPictureSeedAndNumberButNotOnThreads) {
  const Place one, four;
  const Extracted alone = extract(*one.data(), seen(pixels(), 3), one.with_cache(1));
  const Extracted together = extract(*four.data(), seen(pixels(), 3), four.with_cache(4));
  EXPECT_EQ(all_values(alone), all_values(together));
  const ExtractOptions options = one.with_cache();
  EXPECT_NE(all_values(extract(*one.data(), seen(pixels(), 3, 2), options)), all_values(alone));
  FeatureSource stronger = seen(pixels(), 3);
  stronger.augmentation.brightness = 0.6;
  EXPECT_EQ(extract(*one.data(), stronger, options).computed, kCount);
}

TEST(Views, ThatChangeNothingAreThePlainRows) {
  const Place place;
  const ExtractOptions options = place.with_cache();
  extract(*place.data(), pixels(), options);
  FeatureSource source = seen(pixels(), 5);
  source.augmentation = {.mixup = 0.5};
  EXPECT_EQ(extract(*place.data(), source, options).computed, 0U);
  source = seen(pixels(), -1);
  EXPECT_EQ(extract(*place.data(), source, options).computed, 0U);
}

TEST(Views, DoNotCareForMixupWhichWorksOnBatches) {
  const Hash128 content{1, 2};
  FeatureSource source = seen(pixels(), 5), other = source;
  other.augmentation.mixup = 0.9;
  EXPECT_EQ(row_key(content, source), row_key(content, other));
  EXPECT_NE(row_key(content, source), content);
  other.view = 6;
  EXPECT_NE(row_key(content, source), row_key(content, other));
}

TEST(Views, AreKeyedByWhatIsOnSoThatANewKindOfChangeLeavesThemWhereTheyAre) {
  Hash128Stream view;
  view.add(std::string_view("view 2")).add(R"({"brightness":0.5})").add(std::uint64_t{1}).add(std::uint64_t{5});
  EXPECT_EQ(row_key({1, 2}, seen(pixels(), 5)), Hash128Stream().add(view.value()).add(Hash128{1, 2}).value());
}

TEST(HalfRows, TakeHalfTheBytesInASpaceOfTheirOwn) {
  const Place place;
  const ExtractOptions options = place.with_cache();
  const Extracted full = extract(*place.data(), mean_colour(), options);
  for (const DType dtype : {DType::f16, DType::bf16}) {
    FeatureSource source = mean_colour();
    source.storage = dtype;
    EXPECT_NE(feature_space(source), feature_space(mean_colour()));
    const Extracted found = extract(*place.data(), source, options);
    EXPECT_EQ(found.computed, kCount);
    EXPECT_EQ(found.rows.size(), 0U);
    EXPECT_EQ(found.stored.storage(), dtype);
    const std::vector<float> halves = all_values(found), floats = all_values(full);
    for (std::size_t i = 0; i < floats.size(); ++i) EXPECT_NEAR(halves[i], floats[i], std::fabs(floats[i]) / 250);
    const Extracted again = extract(*place.data(), source, options);
    EXPECT_EQ(again.cached, kCount);
    EXPECT_EQ(all_values(again), halves);
    EXPECT_EQ(feature_bytes(source, *Place().data(), kCount, 3), kCount * 3 * 3 * 2);
  }
}

TEST(HalfRows, LeaveTheSpaceOfFloatRowsWhereItWas) {
  Hash128Stream before;
  before.add(std::string_view("feature space 1")).add(pixels().preprocessor->record().dump());
  EXPECT_EQ(feature_space(pixels()), before.value());
  EXPECT_EQ(row_key({1, 2}, pixels()), (Hash128{1, 2}));
}

TEST(HalfRows, WorkWithoutACache) {
  const Place place;
  FeatureSource source = pixels();
  source.storage = DType::bf16;
  const Extracted found = extract(*place.data(), source, {.threads = 2});
  ASSERT_EQ(found.stored.size(), kCount);
  EXPECT_NEAR(all_values(found)[39 * 192 + 191], 39, 0.2);
}

TEST(HalfRows, RefuseFeaturesBeyondFloat16) {
  const Place place;
  FeatureSource source = pixels();
  source.storage = DType::f16;
  source.preprocessor = patched(*source.preprocessor, {{"deviation", {1e-9, 1e-9, 1e-9}}}, "tiny");
  std::string text;
  EXPECT_EQ(kind_of_error([&] { extract(*place.data(), source, {.threads = 2}); }, &text), ErrorKind::data);
  EXPECT_NE(text.find("bfloat16"), std::string::npos) << text;
}

TEST(FeatureBytes, CountViewsAndDoNotOverflow) {
  EXPECT_EQ(feature_bytes(mean_colour(), *Place().data(), 1000, 0), 12'000U);
  EXPECT_EQ(feature_bytes(pixels(), *Place().data(), 10, 4), 10U * 4 * 192 * 4);
  EXPECT_EQ(feature_bytes(pixels(), *Place().data(), SIZE_MAX, SIZE_MAX), UINT64_MAX);
}

FeatureSource live() {
  FeatureSource source = pixels();
  source.augmentation = {.brightness = 0.5};
  source.augment_seed = 1;
  return source;
}

std::vector<std::size_t> backwards() {
  std::vector<std::size_t> positions;
  for (std::size_t i = kCount; i-- > 0;) positions.push_back(i);
  return positions;
}

/// Of the only value.
std::vector<float> values_of(const TensorMap& batch) {
  EXPECT_EQ(batch.size(), 1U);
  const std::span<const float> values = batch.begin()->second.as<float>();
  return {values.begin(), values.end()};
}

TEST(LiveExamples, ArePreprocessedInTheOrderAskedFor) {
  const Place place;
  const DatasetPtr data = place.data();
  LiveExamples pictures(*data, live(), 2);
  const Tensor batch = pictures.get(backwards(), 0, false).at("input");
  EXPECT_EQ(batch.shape(), (Shape{kCount, 3, 8, 8}));
  EXPECT_EQ(pictures.values()[0].shape, (Shape{3, 8, 8}));
  for (std::size_t i = 0; i < kCount; ++i)
    EXPECT_NEAR(batch.as<float>()[i * 192 + 191], static_cast<double>(kCount - 1 - i), 1e-3);
}

TEST(LiveExamples, AreTheSameWhateverTheNumberOfThreadsAndTheBatch) {
  const Place place;
  const DatasetPtr data = place.data();
  LiveExamples one(*data, live(), 1), four(*data, live(), 4);
  const std::vector<std::size_t> positions = backwards();
  const std::vector<float> all = values_of(four.get(positions, 2, true));
  EXPECT_EQ(values_of(one.get(positions, 2, true)), all);
  EXPECT_EQ(values_of(one.get({positions.data() + 7, 1}, 2, true)),
            std::vector<float>(all.begin() + 7 * 192, all.begin() + 8 * 192));
  EXPECT_NE(values_of(one.get(positions, 3, true)), all);
  EXPECT_NE(values_of(one.get(positions, 2, false)), all);
}

TEST(LiveExamples, EqualTheViewOfTheirEpoch) {
  const Place place;
  const DatasetPtr data = place.data();
  const Extracted view = extract(*data, seen(pixels(), 4), {.threads = 2});
  LiveExamples pictures(*data, live(), 2);
  EXPECT_EQ(values_of(pictures.get(view.positions, 4, true)), all_values(view));
}

TEST(LiveExamples, RunThroughAPrefixGiveTheRowsOfTheCache) {
  const Place place;
  const DatasetPtr data = place.data();
  FeatureSource source = live();
  source.prefix = mean_colour().prefix;
  LiveExamples pictures(*data, source, 2);
  const Extracted plain = extract(*data, mean_colour(), {.threads = 2});
  EXPECT_EQ(pictures.values()[0].shape, (Shape{3}));
  EXPECT_EQ(values_of(pictures.get(plain.positions, 0, false)), all_values(plain));
  EXPECT_NE(values_of(pictures.get(plain.positions, 0, true)), all_values(plain));
}

TEST(LiveExamples, NameABadPictureAndABadPolicy) {
  const Place place;
  write_file(place / "data/b/broken.jpg", "garbage");
  const DatasetPtr data = place.data();
  LiveExamples pictures(*data, live(), 2);
  std::vector<std::size_t> all(data->size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  std::string text;
  EXPECT_EQ(kind_of_error([&] { pictures.get(all, 0, true); }, &text), ErrorKind::data);
  EXPECT_NE(text.find("broken.jpg"), std::string::npos) << text;
  FeatureSource wrong = live();
  wrong.augmentation.hue = 2;
  EXPECT_EQ(kind_of_error([&] { LiveExamples(*data, wrong, 1); }), ErrorKind::usage);
}

TEST(LiveExamples, GiveNothingForNoPositions) {
  const Place place;
  const DatasetPtr data = place.data();
  LiveExamples pictures(*data, live(), 2);
  EXPECT_EQ(pictures.get({}, 0, true).at("input").shape(), (Shape{0, 3, 8, 8}));
}

}  // namespace
}  // namespace enxerto
