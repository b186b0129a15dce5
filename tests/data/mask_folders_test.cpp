#include "enxerto/data/mask_folders.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/data/data_summary.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/open.h"
#include "enxerto/data/relabel.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/picture_size.h"
#include "tests/data/masked.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::grey_picture;
using testing::Listener;
using testing::mask_file;
using testing::Workplace;
using Values = std::vector<std::uint8_t>;

/// A picture of 3 x 2 px and its mask.
void write_pair(const Workplace& place, const std::string& part, const std::string& name, const Values& mask) {
  place.write("images/" + part + name + ".ppm", grey_picture(3, 2, static_cast<int>(name.size()) + mask[0]));
  place.write("masks/" + part + name + ".png", mask_file(mask, 3));
}

Values values_of(const Tensor& target) {
  const auto values = target.as<std::uint8_t>();
  return {values.begin(), values.end()};
}

Error refused_masks(const std::filesystem::path& path) {
  try {
    (void)open_data(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
    return error;
  }
  ADD_FAILURE() << "not refused";
  return {ErrorKind::other, {}};
}

TEST(MaskFolders, GiveEachPixelTheNumberOfItsClass) {
  Workplace place;
  write_pair(place, "", "a", {7, 7, 0, 3, 255, 7});
  write_pair(place, "", "bb", {0, 0, 0, 0, 0, 3});
  place.write("classes.txt", "7 person\n0 background\n3 dog\n");
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  EXPECT_EQ(parts.format, "masks");
  ASSERT_TRUE(parts.all);
  EXPECT_EQ(parts.all->info().target.kind, kMaskTarget);
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"background", "dog", "person"}));
  EXPECT_EQ(parts.all->get(0)->id(), "images/a.ppm");
  EXPECT_EQ(parts.all->target(0).shape(), (Shape{2, 3}));
  EXPECT_EQ(values_of(parts.all->target(0)), (Values{2, 2, 0, 1, kIgnoredPixel, 2}));
  EXPECT_TRUE(listener.heard("8.3 % of the masks' pixels are ignored: 255"));
}

TEST(MaskFolders, HaveThePartsOfTheirFolders) {
  Workplace place;
  write_pair(place, "train/", "a", {0, 0, 0, 1, 1, 1});
  write_pair(place, "val/", "b", {0, 0, 0, 1, 1, 1});
  const DataParts inside = open_data(place.path());
  ASSERT_TRUE(inside.train && inside.validation);
  EXPECT_FALSE(inside.test);
  EXPECT_EQ(inside.validation->get(0)->id(), "images/val/b.ppm");

  Workplace other;
  for (const std::string part : {"train", "test"}) {
    other.write(part + "/images/deep/a.ppm", grey_picture(3, 2));
    other.write(part + "/masks/deep/a_mask.png", mask_file({0, 0, 0, 1, 1, 1}, 3));
  }
  const DataParts outside = open_data(other.path());
  ASSERT_TRUE(outside.train && outside.test);
  EXPECT_EQ(outside.train->info().target.names, (std::vector<std::string>{"0", "1"}));
}

TEST(MaskFolders, NameClassesByTheirValuesWhereNobodyElseDoes) {
  Workplace place;
  write_pair(place, "", "a", {4, 4, 0, 0, 255, 255});
  Listener listener;
  EXPECT_EQ(open_data(place.path(), {}, listener).all->info().target.names, (std::vector<std::string>{"0", "4"}));
  EXPECT_TRUE(listener.heard("no names for the values of the masks"));
}

TEST(MaskFolders, RefuseValuesWithoutANameAndCountTheirPixels) {
  Workplace place;
  write_pair(place, "", "a", {0, 1, 1, 9, 9, 9});
  write_pair(place, "", "b", {0, 1, 1, 9, 12, 0});
  place.write("classes.txt", "0 sky\n1 sea\n");
  const Error error = refused_masks(place.path());
  EXPECT_NE(error.text().found.find("9 (4 pixels, " + (place.path() / "masks/a.png").string() + "); 12 (1 pixel"),
            std::string::npos)
      << error.what();
  EXPECT_NE(error.text().tip.find("'* ignore'"), std::string::npos);
}

TEST(MaskFolders, IgnoreWhatIsNamedSoAndAllOtherValuesWhereThatIsSaid) {
  Workplace place;
  write_pair(place, "", "a", {0, 1, 2, 9, 9, 9});
  write_pair(place, "", "b", {9, 9, 9, 9, 12, 0});
  place.write("classes.txt", "0 unlabeled\n1 sea\n2 sky\n* ignore\n");
  Listener listener;
  const DatasetPtr data = open_data(place.path(), {}, listener).all;
  EXPECT_EQ(data->info().target.names, (std::vector<std::string>{"sea", "sky"}));
  EXPECT_EQ(values_of(data->target(0)), (Values{255, 0, 1, 255, 255, 255}));
  EXPECT_EQ(data->size(), 1U);
  EXPECT_TRUE(listener.heard("1 picture left out"));

  place.write("classes.txt", "1 sea\n* land\n");
  const DatasetPtr two = open_data(place.path()).all;
  EXPECT_EQ(two->info().target.names, (std::vector<std::string>{"sea", "land"}));
  EXPECT_EQ(values_of(two->target(0)), (Values{1, 0, 1, 1, 1, 1})) << "several values are one class";
}

TEST(MaskFolders, TakeBlackAndWhiteForTwoClassesOnlyWhereTheyAreNamed) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 255, 255, 255});
  const Error error = refused_masks(place.path());
  EXPECT_NE(error.text().found.find("0 and 255 only"), std::string::npos) << error.what();
  EXPECT_NE(error.text().tip.find("255 object"), std::string::npos);
  place.write("classes.txt", "0 background\n255 cat\n");
  EXPECT_EQ(values_of(open_data(place.path()).all->target(0)), (Values{0, 0, 0, 1, 1, 1}));
  place.write("classes.txt", "background\ncat\n");
  Listener listener;
  EXPECT_EQ(values_of(open_data(place.path(), {}, listener).all->target(0)), (Values{0, 0, 0, 1, 1, 1}));
  EXPECT_TRUE(listener.heard("255 in the masks is 'cat'"));
}

TEST(MaskFolders, RefuseAPictureWithoutAMask) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 1, 1});
  place.write("images/b.ppm", grey_picture(3, 2));
  place.write("images/c.ppm", grey_picture(3, 2));
  const Error error = refused_masks(place.path());
  EXPECT_EQ(error.text().where, (place.path() / "images/b.ppm").string());
  EXPECT_NE(error.text().found.find("2 pictures have no mask"), std::string::npos) << error.what();
  EXPECT_NE(error.text().expected.find("masks/b.png"), std::string::npos) << error.what();
}

TEST(MaskFolders, TellOfMasksWithoutAPictureAndRefuseTwoOfOne) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 1, 1});
  place.write("masks/z.png", mask_file({0}, 1));
  Listener listener;
  EXPECT_EQ(open_data(place.path(), {}, listener).all->size(), 1U);
  EXPECT_TRUE(listener.heard("mask without a picture: z.png"));
  place.write("masks/a.tif", "x");
  EXPECT_NE(refused_masks(place.path()).text().found.find("two masks"), std::string::npos);
}

TEST(MaskFolders, RefuseAMaskOfAnotherSizeThanItsPicture) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 1, 1});
  place.write("images/b.ppm", grey_picture(4, 4));
  place.write("masks/b.png", mask_file({0, 0, 0, 1, 1, 1}, 3));
  const Error error = refused_masks(place.path());
  EXPECT_EQ(error.text().where, (place.path() / "masks/b.png").string());
  EXPECT_NE(error.text().found.find("3 x 2 px, and its picture images/b.ppm has 4 x 4"), std::string::npos)
      << error.what();
}

TEST(MaskFolders, HoldMasksAgainstThePictureAsItsExifOrientationTurnsIt) {
  const Tensor file = read_file(ENXERTO_TEST_DATA "/media/exif_6.jpg", 1 << 20);
  const PictureSize upright = picture_size(file.bytes(), "exif_6.jpg");
  ASSERT_NE(upright.width, upright.height);
  Values halves(static_cast<std::size_t>(upright.width * upright.height));
  std::fill_n(halves.begin(), halves.size() / 2, std::uint8_t{1});
  Workplace place;
  place.write("images/a.jpg", {reinterpret_cast<const char*>(file.data()), file.byte_size()});
  place.write("masks/a.png", mask_file(halves, upright.width));
  EXPECT_EQ(open_data(place.path()).all->target(0).shape(), (Shape{upright.height, upright.width}));
  place.write("masks/a.png", mask_file(halves, upright.height));
  const Error turned = refused_masks(place.path());
  EXPECT_NE(turned.text().found.find("the other way round"), std::string::npos) << turned.what();
  EXPECT_NE(turned.text().tip.find("upright by its EXIF orientation"), std::string::npos) << turned.what();
}

TEST(MaskFolders, NameADamagedMask) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 1, 1});
  place.write("images/b.ppm", grey_picture(3, 2));
  place.write("masks/b.png", mask_file({0, 0, 0, 1, 1, 1}, 3).substr(0, 60));
  EXPECT_EQ(refused_masks(place.path()).text().where, (place.path() / "masks/b.png").string());
}

TEST(MaskFolders, LeaveADamagedPictureToWhoReadsIt) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 1, 1});
  write_pair(place, "", "b", {0, 0, 0, 1, 1, 1});
  place.write("images/b.ppm", "P6 no picture");
  EXPECT_EQ(open_data(place.path()).all->size(), 2U);
}

TEST(MaskFolders, RefuseAPictureOfWhichEverythingIsIgnoredAndASingleClass) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 1, 1});
  write_pair(place, "", "b", {255, 255, 255, 255, 255, 255});
  const Error error = refused_masks(place.path());
  EXPECT_EQ(error.text().where, (place.path() / "masks/b.png").string());
  EXPECT_EQ(error.text().found, "every pixel is ignored");

  Workplace other;
  write_pair(other, "", "a", {5, 5, 5, 5, 255, 5});
  EXPECT_NE(refused_masks(other.path()).text().found.find("only one class, '5'"), std::string::npos);
}

TEST(MaskConfig, NamesFoldersAndClassesAndLeavesPicturesWithoutAMaskOut) {
  Workplace place;
  write_pair(place, "t/", "a", {0, 1, 1, 17, 17, 17});
  write_pair(place, "v/", "b", {0, 1, 1, 17, 17, 17});
  place.write("images/t/other.ppm", grey_picture(1, 1));
  const auto config = place.write("sets/config.yaml",
                                  "# masks\ntrain:\n  images: ../images/t\n  masks: ../masks/t\nval:\n  images: "
                                  "../images/v\n  masks: ../masks/v\nclasses:\n  0: nothing\n  1: person\n  17: cat\n"
                                  "ignore_classes: [0]\n");
  EXPECT_TRUE(is_data_path(config));
  Listener listener;
  const DataParts parts = open_data(config, {}, listener);
  ASSERT_TRUE(parts.train && parts.validation);
  EXPECT_EQ(parts.train->size(), 1U);
  EXPECT_EQ(parts.train->info().target.names, (std::vector<std::string>{"person", "cat"}));
  EXPECT_EQ(values_of(parts.train->target(0)), (Values{255, 0, 0, 1, 1, 1}));
  EXPECT_TRUE(listener.heard("picture without a mask"));
  EXPECT_EQ(open_data(place.path() / "sets").train->size(), 1U) << "the folder with the file";
  place.write("sets/config.yaml", "train:\n  masks: ../masks/t\nclasses:\n  0: a\n");
  EXPECT_NE(std::string(refused_masks(config).what()).find("config.yaml:1"), std::string::npos);
}

TEST(MaskTarget, IsRenumberedByClassAndNothingWhereNoneIsLeft) {
  const Tensor mask = Tensor::of<std::uint8_t>({1, 4}, {0, 1, 2, 255});
  const std::vector<std::int64_t> numbers{-1, 0, 1};
  EXPECT_EQ(values_of(renumber_mask(mask, numbers, 2)), (Values{255, 0, 1, 255}));
  const std::vector<std::int64_t> none{-1, -1, -1};
  EXPECT_EQ(renumber_mask(mask, none, 1).size(), 0U);
  std::vector<std::uint32_t> labels;
  labels_of_mask(mask, labels);
  EXPECT_EQ(labels, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_THROW(require_mask(Tensor::of<float>({1, 1}, {0})), Error);
}

TEST(MaskTarget, OfSomeClassesLeavesPicturesWithoutThemOut) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 1, 1});
  write_pair(place, "", "b", {2, 2, 2, 2, 0, 0});
  const Relabelled view = relabel(open_data(place.path()).all, {"1"});
  ASSERT_EQ(view.dataset->size(), 1U);
  EXPECT_EQ(view.left_out, 1U);
  EXPECT_EQ(values_of(view.dataset->target(0)), (Values{255, 255, 255, 0, 0, 0}));
}

TEST(MaskTarget, IsSummarisedByItsClassesShares) {
  Workplace place;
  write_pair(place, "", "a", {0, 0, 0, 1, 255, 255});
  write_pair(place, "", "b", {0, 0, 0, 0, 0, 1});
  const DataSummary data = summarise(open_data(place.path()), 1);
  ASSERT_EQ(data.shares.size(), 2U);
  EXPECT_DOUBLE_EQ(data.shares[0], 0.8);
  EXPECT_DOUBLE_EQ(data.ignored, 2.0 / 12);
  EXPECT_EQ(data.parts[0].of_name, (std::vector<std::size_t>{2, 2}));
}

}  // namespace
}  // namespace enxerto
