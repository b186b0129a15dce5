#include "enxerto/data/yolo.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/open.h"
#include "enxerto/data/yolo_config.h"
#include "enxerto/data/yolo_labels.h"
#include "tests/data/masked.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

/// A grey picture of 4 x 2 px.
constexpr const char* kPicture = "P2 4 2 255 9 9 9 9 9 9 9 9\n";
using Names = std::vector<std::string>;

std::string yolo_refusal(const std::filesystem::path& path) {
  try {
    (void)open_data(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(YoloConfig, ReadsListsAndTablesInEveryForm) {
  const YoloConfig config = parse_yolo_config(
      "# a data set\npath: ../data # here\ntrain: images/train\nval:\n  - images/a\n  - 'images/b'\nnc: 2\n"
      "names: ['traffic light', \"dog # 2\"]\ndownload: |\n  import os\n",
      "data.yaml");
  EXPECT_EQ(config.path, "../data");
  EXPECT_EQ(config.train, Names{"images/train"});
  EXPECT_EQ(config.validation, (Names{"images/a", "images/b"}));
  EXPECT_EQ(config.names, (Names{"traffic light", "dog # 2"}));
  EXPECT_EQ(parse_yolo_config("names:\n  1: dog\n  0: cat\ntrain: x\n", "y").names, (Names{"cat", "dog"}));
  EXPECT_EQ(parse_yolo_config("names:\n- cat\n- dog\n", "y").names, (Names{"cat", "dog"}));
  EXPECT_EQ(parse_yolo_config("names: {0: cat, 1: dog}\n", "y").names, (Names{"cat", "dog"}));
  EXPECT_EQ(parse_yolo_config("names: [cat,\n  dog]\r\n", "y").names, (Names{"cat", "dog"}));
}

TEST(YoloConfig, NamesTheLineThatIsWrong) {
  const auto said = [](std::string_view text) {
    try {
      (void)parse_yolo_config(text, "d.yaml");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(said("train: x\nnc: 3\nnames: [a, b]\n").find("d.yaml:2: nc: 3 with 2 names"), std::string::npos);
  EXPECT_NE(said("names:\n  0: a\n  2: b\n").find("d.yaml:1: no name for the class 1"), std::string::npos);
  EXPECT_NE(said("names: [a, b\ntrain: x\n").find("does not end"), std::string::npos);
  EXPECT_NE(said("names: [a, a]\n").find("'a' appears twice"), std::string::npos);
  EXPECT_NE(said("train: x\n").find("no names"), std::string::npos);
  EXPECT_NE(said("names: []\n").find("no names"), std::string::npos);
}

TEST(YoloLabels, AreSharesOfThePicture) {
  BoxFaults faults;
  const auto boxes =
      parse_yolo_labels("1 0.5 0.5 0.5 1\n\n0 0.25 0.5 0.5 0.5\r\n1 0.5 0.5 0.5 1\n", "a.txt", 2, faults);
  EXPECT_NO_THROW(faults.require_none());
  EXPECT_EQ(parse_yolo_labels("\xEF\xBB\xBF"
                              "1 0.5 0.5 0.5 1\n",
                              "a.txt", 2, faults)
                .size(),
            1U)
      << "byte-order mark";
  EXPECT_NO_THROW(faults.require_none());
  ASSERT_EQ(boxes.size(), 2U);  // one is there twice
  EXPECT_EQ(boxes[0].box.label, 1);
  EXPECT_EQ(boxes[0].box.left, 0.25);
  EXPECT_EQ(boxes[0].box.bottom, 1);
}

TEST(YoloLabels, NameTheLineThatIsWrong) {
  const auto said = [](const std::string& line) {
    BoxFaults faults;
    (void)parse_yolo_labels("0 0.5 0.5 0.1 0.1\n" + line + "\n", "a.txt", 2, faults);
    try {
      faults.require_none();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(said("2 0.5 0.5 0.1 0.1").find("a.txt:2: class 2 of 2"), std::string::npos);
  EXPECT_NE(said("-1 0.5 0.5 0.1 0.1").find("not a whole number"), std::string::npos);
  EXPECT_NE(said("0.5 0.5 0.5 0.1 0.1").find("not a whole number"), std::string::npos);
  EXPECT_NE(said("0 0.5 0.5 0 0.1").find("no width"), std::string::npos);
  EXPECT_NE(said("0 0.5 0.5 0.1 nan").find("finite"), std::string::npos);
  EXPECT_NE(said("0 0.5 0.5 0.1 x").find("'x' is not a number"), std::string::npos);
  EXPECT_NE(said("0 120 80 40 40").find("in pixels"), std::string::npos);
  EXPECT_NE(said("0 0.9 0.5 0.6 0.1").find("beyond"), std::string::npos);
  EXPECT_NE(said("0 0.5 0.5 0.1").find("4 numbers"), std::string::npos);
  EXPECT_NE(said("0 0.1 0.1 0.2 0.2 0.3").find("6 numbers"), std::string::npos);
  EXPECT_NE(said("0 0.1 0.1 0.2 1.2 0.3 0.3").find("outline 0.1 0.1 0.2 1.2 ..: reaches to"), std::string::npos);
  EXPECT_NE(said("0 0.5 0.5 0.1 0.1 0.93").find("a confidence at the end"), std::string::npos);
  EXPECT_EQ(said("0 0.5 0.5 1.004 0.5"), "");
}

TEST(YoloLabels, TakesAPictureOfFiftyThousandBoxes) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "0 0.5 0.5 0.1 " + std::to_string(0.1 + i * 1e-6) + "\n";
  BoxFaults faults;
  EXPECT_EQ(parse_yolo_labels(text, "a.txt", 1, faults).size(), 50'000U);
}

TEST(Yolo, ReadsPartsByTheirConfigInPixelsOfThePicture) {
  const Workplace place;
  place.write("images/train/a.ppm", kPicture);
  place.write("images/train/b.ppm", kPicture);
  place.write("labels/train/a.txt", "1 0.5 0.5 0.5 1\n");
  place.write("images/val/c.ppm", kPicture);
  place.write("labels/val/c.txt", "0 0.5 0.5 1 1\n");
  const auto config = place.write("data.yaml", "path: .\ntrain: images/train\nval: images/val\nnames: [cat, dog]\n");
  Listener listener;
  for (const std::filesystem::path& path : {config, place.path()}) {
    const DataParts parts = open_data(path, {}, listener);
    EXPECT_EQ(parts.format, "YOLO");
    ASSERT_TRUE(parts.train && parts.validation && !parts.test);
    EXPECT_EQ(parts.train->get(0)->id(), "images/train/a.ppm");
    const auto boxes = boxes_of(parts.train->target(0));
    EXPECT_EQ(boxes[0].left, 1);
    EXPECT_EQ(boxes[0].right, 3);
    EXPECT_EQ(boxes[0].bottom, 2);
    EXPECT_EQ(boxes[0].area, 4);
    EXPECT_TRUE(boxes_of(parts.train->target(1)).empty());
  }
  EXPECT_TRUE(listener.heard("1 of 2 pictures is without a label file"));
}

TEST(Yolo, OfOutlinesAreTheBoxesAroundThem) {
  const Workplace place;
  place.write("images/a.ppm", kPicture);
  place.write("labels/a.txt", "1 0.25 0 0.75 0 0.5 1\n0 0.5 0.5 1 1\n");
  const auto config = place.write("d.yaml", "train: images\nnames: [cat, dog]\n");
  const auto boxes = boxes_of(open_data(config).all->target(0));
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].label, 1);
  EXPECT_EQ(boxes[0].left, 1);
  EXPECT_EQ(boxes[0].right, 3);
  EXPECT_EQ(boxes[0].bottom, 2);
}

TEST(Yolo, OfOutlinesAreMasksWhereTheyAreAskedFor) {
  const Workplace place;
  place.write("images/a.ppm", kPicture);
  place.write("labels/a.txt", "1 0.25 0 0.75 0 0.75 1 0.25 1\n");
  place.write("images/none.ppm", kPicture);
  const auto config = place.write("d.yaml", "train: images\nnames: [cat, dog]\n");
  for (const std::filesystem::path& path : {config, place.path()}) {
    const DataParts parts = open_data(path, {.kind = "masks"});
    EXPECT_EQ(parts.all->info().target.names, (Names{"background", "cat", "dog"}));
    EXPECT_EQ(testing::pixels_of(parts.all->target(0)), (std::vector<int>{0, 2, 2, 0, 0, 2, 2, 0}));
    EXPECT_EQ(testing::pixels_of(parts.all->target(1)), std::vector<int>(8, 0));
  }
  place.write("labels/a.txt", "1 0.5 0.5 1 1\n");
  EXPECT_THROW((void)open_data(config, {.kind = "masks"}), Error) << "boxes are no outlines";
}

TEST(Yolo, ReadsFoldersWithoutAConfig) {
  const Workplace place;
  place.write("train/images/a.ppm", kPicture);
  place.write("train/labels/a.txt", "1 0.5 0.5 0.5 1\n");
  place.write("valid/images/c.ppm", kPicture);
  place.write("valid/labels/c.txt", "2 0.5 0.5 1 1\n");
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  ASSERT_TRUE(parts.train && parts.validation);
  EXPECT_EQ(parts.train->info().target.names, (Names{"0", "1", "2"}));
  EXPECT_TRUE(listener.heard("no names for the 3 classes"));
  place.write("classes.txt", "cat\ndog\ncow\n");
  EXPECT_EQ(open_data(place.path()).train->info().target.names, (Names{"cat", "dog", "cow"}));
}

TEST(Yolo, ReadsAListOfPictures) {
  const Workplace place;
  place.write("images/a.ppm", kPicture);
  place.write("images/b.ppm", kPicture);
  place.write("labels/b.txt", "0 0.5 0.5 1 1\n");
  place.write("train.txt", "./images/b.ppm\n");
  const auto config = place.write("d.yml", "train: train.txt\nnames: [cat]\n");
  const DataParts parts = open_data(config);
  ASSERT_EQ(parts.all->size(), 1U);
  EXPECT_EQ(boxes_of(parts.all->target(0))[0].right, 4);
}

TEST(Yolo, RefusesDataWithoutASingleBoxAndPathsThatAreNowhere) {
  const Workplace place;
  place.write("images/a.ppm", kPicture);
  const auto config = place.write("d.yaml", "train: images\nnames: [cat]\n");
  EXPECT_NE(yolo_refusal(config).find("without a single box"), std::string::npos);
  const auto lost = place.write("e.yaml", "train: pictures\nnames: [cat]\n");
  EXPECT_NE(yolo_refusal(lost).find("neither a folder nor a list"), std::string::npos);
  place.write("labels/a.txt", "0 0.25 0 0.75 0 0.75 1 0.25 1\n");
  place.write("empty/readme.md", "no picture");
  const auto partly = place.write("f.yaml", "train: images\nval: empty\nnames: [cat]\n");
  EXPECT_NE(yolo_refusal(partly).find("no pictures"), std::string::npos);
  EXPECT_THROW((void)open_data(partly, {.kind = "masks"}), Error);
}

}  // namespace
}  // namespace enxerto
