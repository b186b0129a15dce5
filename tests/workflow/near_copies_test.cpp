#include "enxerto/workflow/near_copies.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/files/read.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/flip.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/image/resize.h"
#include "enxerto/media/image/smooth_noise.h"
#include "enxerto/workflow/train.h"
#include "tests/data/workplace.h"
#include "tests/workflow/run_in.h"
#include "tests/workflow/small_backbone.h"

namespace enxerto {
namespace {

constexpr int kSide = 64;

/// Pictures in memory, called "p0", "p1", ..
class Pictures final : public Dataset {
 public:
  explicit Pictures(std::vector<Image> images) : images_(std::move(images)) {}
  std::size_t size() const override { return images_.size(); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t) const override { return {}; }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<One>(images_.at(position), "p" + std::to_string(position));
  }

 private:
  class One final : public Example {
   public:
    One(const Image& image, std::string id) : image_(image), id_(std::move(id)) {}
    std::string id() const override { return id_; }
    Field field(std::size_t) const override { return as_field(image_); }
    std::optional<FileIdentity> file(std::size_t) const override { return std::nullopt; }

   private:
    const Image& image_;
    std::string id_;
  };

  std::vector<Image> images_;
  DatasetInfo info_{.inputs = {Medium::image}};
};

/// `learned` pictures and behind them those that are held out; the features are small pictures of them.
struct Compared {
  Compared(std::vector<Image> learned, const std::vector<Image>& held_out) {
    for (std::size_t i = 0; i < learned.size() + held_out.size(); ++i) {
      (i < learned.size() ? roles.train : roles.test).push_back(i);
      positions.push_back(i);
      contents.push_back(hash128(std::to_string(i)));
    }
    learned.insert(learned.end(), held_out.begin(), held_out.end());
    for (const Image& image : learned) {
      const Image small = resize(image, 4, 4, Filter::box);
      values.emplace_back(small.pixels.begin(), small.pixels.end());
    }
    features.width = 48;
    for (const std::vector<float>& row : values) features.row.push_back(row.data());
    data.all = std::make_shared<Pictures>(std::move(learned));
  }

  NearCopies found() const {
    const StoredRows stored(features, "features", {48});
    return near_copies({data, positions, contents}, roles, {roles.train, roles.test, "test"}, {stored, *preprocessor},
                       no_progress());
  }

  TrainingData data;
  std::vector<std::size_t> positions;
  std::vector<Hash128> contents;
  RowRoles roles;
  std::vector<std::vector<float>> values;
  Rows features;
  PreprocessorPtr preprocessor = image_preprocessor({.size = kSide});
};

std::vector<Image> different(std::size_t count, std::uint64_t first) {
  std::vector<Image> images;
  for (std::uint64_t i = 0; i < count; ++i) images.push_back(smooth_noise(80, 64, first + i));
  return images;
}

Image saved_again(const Image& image, int quality) { return decode_image(encode_jpeg(image, quality), "saved again"); }

TEST(NearCopies, AreFoundAmongPicturesThatWereSavedAgainAndResized) {
  const std::vector<Image> learned = different(40, 0);
  std::vector<Image> held_out = different(5, 100);
  for (std::size_t i = 10; i < 20; ++i) held_out.push_back(saved_again(learned[i], 40));
  for (std::size_t i = 20; i < 30; ++i) held_out.push_back(resize(learned[i], 40, 32, Filter::bilinear));
  const NearCopies found = Compared(learned, held_out).found();
  EXPECT_EQ(found.count, 20U);
  EXPECT_EQ(found.looked_at, 25U);
  EXPECT_EQ(found.held_out, 45U);
  EXPECT_EQ(found.learned, 10U);
  EXPECT_FALSE(found.at_least);
}

TEST(NearCopies, AreFoundMirroredWhereTheirFeaturesAreAlike) {
  const std::vector<Image> learned = different(30, 0);
  Image flipped = learned[7];
  flip_left_right(flipped);
  Compared compared(learned, {flipped});
  compared.values[30] = compared.values[7];  // as those of a network that does not mind
  compared.features.row[30] = compared.values[30].data();
  EXPECT_EQ(compared.found().count, 1U);
  EXPECT_EQ(compared.found().learned, 7U);
}

TEST(NearCopies, AreNoneAmongDifferentPictures) {
  EXPECT_EQ(Compared(different(60, 0), different(60, 100)).found().count, 0U);
}

/// As clothing before black: one large shape, and small things in it that differ.
TEST(NearCopies, AreNoneAmongPicturesThatAreAllMuchAlike) {
  const auto of_one_kind = [](std::size_t count, std::uint64_t first) {
    std::vector<Image> images = different(count, first);
    for (Image& image : images)
      for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const std::size_t across = i / 3 % 80, down = i / 240;
        const bool inside = across >= 24 && across < 56 && down >= 16 && down < 56;
        image.pixels[i] = static_cast<std::uint8_t>(inside ? image.pixels[i] : 0);
      }
    return images;
  };
  const std::vector<Image> learned = of_one_kind(60, 0);
  std::vector<Image> held_out = of_one_kind(40, 100);
  EXPECT_EQ(Compared(learned, held_out).found().count, 0U);
  held_out[3] = resize(learned[5], 160, 128, Filter::bilinear);
  const NearCopies found = Compared(learned, held_out).found();
  EXPECT_EQ(found.count, 1U);
  EXPECT_EQ(found.held_out, 63U);
}

TEST(NearCopies, AreNeitherCopiesToTheByteNorOfOneGroup) {
  const std::vector<Image> learned = different(30, 0);
  Compared equal(learned, {saved_again(learned[4], 80), saved_again(learned[6], 80)});
  equal.contents[30] = equal.contents[4];
  EXPECT_EQ(equal.found().count, 1U);
  EXPECT_EQ(equal.found().held_out, 31U);
  equal.roles.groups.assign(32, "");
  equal.roles.groups[31] = equal.roles.groups[6] = "patient";
  EXPECT_EQ(equal.found().count, 0U);
}

TEST(NearCopies, NeedMoreWhereOtherPicturesAreAlikeToo) {
  EXPECT_NEAR(least_of_near_copies(0.15), 0.88, 0.005);
  EXPECT_NEAR(least_of_near_copies(0.6), 0.987, 0.005);
  EXPECT_EQ(least_of_near_copies(1), 1);
}

TEST(NearCopies, AreToldByATrainingRunWithAPairToLookAt) {
  const testing::Workplace place;
  const auto write = [&](const std::string& name, const Image& image, int quality) {
    const std::vector<std::byte> bytes = encode_jpeg(image, quality);
    place.write("data/" + name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  for (std::uint64_t i = 0; i < 24; ++i) {
    const std::string name = (i % 2 == 0 ? "one/" : "other/") + std::to_string(i) + ".jpg";
    write("train/" + name, smooth_noise(80, 64, i), 95);
    if (i < 6) write("test/" + name, i < 3 ? smooth_noise(80, 64, 50 + i) : smooth_noise(80, 64, i), 60);
  }
  testing::write_small_backbone(place.path() / "backbone");
  testing::Listener told;
  const TrainReport report = train(testing::run_in(place.path(), "model"), told);
  EXPECT_EQ(report.test_nearly_learned, 3U);
  EXPECT_EQ(report.test_also_learned, 0U);
  EXPECT_TRUE(told.heard("3 of 6 test pictures are nearly the same as one that was learned from"));
  EXPECT_TRUE(told.heard("(first: test/one/4.jpg, and train/one/4.jpg in the training data)"))
      << ::testing::PrintToString(told.notices);
}

}  // namespace
}  // namespace enxerto
