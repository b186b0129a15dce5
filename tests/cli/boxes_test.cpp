#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "answering_bundle.h"
#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

/// Sees the same two objects in every picture: a cat in the upper left quarter, surely, and a dog on the right.
Bundle box_bundle() {
  return answering_bundle("detection", {"cat", "dog"}, {2, 6}, {0, 0, 4, 4, 0.9F, 0.1F, 6, 0, 8, 8, 0.2F, 0.7F});
}

class Boxes : public ::testing::Test {
 protected:
  void SetUp() override {
    write_bundle(box_bundle(), folder_ / "detector", false);
    write_picture(folder_ / "pictures/000000000042.bmp", 180, 20, 20, 1, 40, 24);
    write_picture(folder_ / "pictures/street.bmp", 20, 20, 200, 2, 16, 16);
  }
  Outcome predict(std::vector<std::string> more, const std::string& model = "detector") {
    std::vector<std::string> words{"predict", folder_ / model, folder_ / "pictures", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    return run(folder_, words);
  }

  Folder folder_;
};

TEST_F(Boxes, ArePrintedInPixelsOfThePicture) {
  const Outcome said = predict({});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("000000000042.bmp\tcat\t0.9000\t0 0 20 12\tdog\t0.7000\t30 0 10 24\n"), std::string::npos)
      << said.out;
  EXPECT_NE(predict({"--format", "csv"}).out.find("street.bmp,1,cat,0.899999976,0 0 8 8,"), std::string::npos);
  const Outcome sure = predict({"--threshold", "0.8", "--format", "jsonl"});
  const json first = json::parse(sure.out.substr(0, sure.out.find('\n')));
  ASSERT_EQ(first.at("objects").size(), 1U) << sure.out;
  EXPECT_EQ(first.at("objects")[0].at("box"), (json{0.0, 0.0, 20.0, 12.0}));
}

TEST_F(Boxes, AreWrittenAsCocosListOfResults) {
  const json results = json::parse(predict({"--format", "coco"}).out);
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0].at("image_id"), 42);
  EXPECT_EQ(results[1].at("category_id"), 2);
  EXPECT_EQ(results[1].at("bbox"), (json{30.0, 0.0, 10.0, 24.0}));
  EXPECT_EQ(results[2].at("image_id"), "street.bmp");
  EXPECT_EQ(json::parse(predict({"--format", "coco", "--threshold", "0.95"}).out), json::array());
}

TEST_F(Boxes, HaveTheIdsOfTheFileThatTheyAreEvaluatedWith) {
  write(folder_ / "val.json",
        R"({"images": [{"id": 9, "file_name": "street.bmp"}, {"id": 5, "file_name": "000000000042.bmp"}],
    "categories": [{"id": 18, "name": "dog"}, {"id": 17, "name": "cat"}]})");
  const Outcome said = predict({"--format", "coco", "--ids-from", folder_ / "val.json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const json results = json::parse(said.out);
  EXPECT_EQ(results[0].at("image_id"), 5);
  EXPECT_EQ(results[0].at("category_id"), 17);
  EXPECT_EQ(results[1].at("category_id"), 18);
  EXPECT_EQ(results[2].at("image_id"), 9);
  write(folder_ / "other.json",
        R"({"images": [{"id": 9, "file_name": "street.bmp"}], "categories": [{"id": 1, "name": "dog"}]})");
  EXPECT_EQ(predict({"--format", "coco", "--ids-from", folder_ / "other.json"}).code, 3);
  EXPECT_EQ(predict({"--format", "jsonl", "--ids-from", folder_ / "val.json"}).code, 2);
}

TEST_F(Boxes, AreWrittenAsFilesThatToolsForLabellingRead) {
  ASSERT_EQ(predict({"--labels", folder_ / "yolo"}).code, 0);
  EXPECT_EQ(contents(folder_ / "yolo/classes.txt"), "cat\ndog\n");
  EXPECT_EQ(contents(folder_ / "yolo/000000000042.txt"),
            "0 0.250000 0.250000 0.500000 0.500000\n1 0.875000 0.500000 0.250000 1.000000\n");
  ASSERT_EQ(predict({"--labels", folder_ / "voc", "--labels-form", "voc", "--threshold", "0.8"}).code, 0);
  const std::string xml = contents(folder_ / "voc/000000000042.xml");
  EXPECT_NE(xml.find("<filename>000000000042.bmp</filename>"), std::string::npos) << xml;
  EXPECT_NE(xml.find("<xmin>1</xmin>\n      <ymin>1</ymin>\n      <xmax>20</xmax>\n      <ymax>12</ymax>"),
            std::string::npos)
      << xml;
  EXPECT_EQ(xml.find("dog"), std::string::npos);
  EXPECT_EQ(predict({"--labels-form", "voc"}).code, 2);
  EXPECT_EQ(predict({"--labels", folder_ / "yolo"}).code, 5);
}

TEST_F(Boxes, AreWrittenAsAnAnnotationFileOfCocosThatIsReadAgain) {
  const Outcome said = predict({"--labels", folder_ / "coco", "--labels-form", "coco"});
  ASSERT_EQ(said.code, 0) << said.err;
  const json file = json::parse(contents(folder_ / "coco/annotations.json"));
  EXPECT_EQ(file.at("categories"), (json{{{"id", 1}, {"name", "cat"}}, {{"id", 2}, {"name", "dog"}}}));
  EXPECT_EQ(file.at("images")[0].at("file_name"), "000000000042.bmp");
  EXPECT_EQ(file.at("images")[0].at("width"), 40);
  ASSERT_EQ(file.at("annotations").size(), 4U);
  EXPECT_EQ(file.at("annotations")[1].at("bbox"), (json{30.0, 0.0, 10.0, 24.0}));
  EXPECT_EQ(file.at("annotations")[1].at("category_id"), 2);
  EXPECT_GT(file.at("annotations")[1].at("score"), 0.5);
  EXPECT_EQ(file.at("annotations")[3].at("image_id"), file.at("images")[1].at("id"));
  const Outcome checked =
      run(folder_, {"data", "check", folder_ / "coco/annotations.json", "--images", folder_ / "pictures"});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

TEST_F(Boxes, OfAnAnnotationFileHaveTheIdsOfTheFileThatIsNamed) {
  write(folder_ / "val.json",
        R"({"images": [{"id": 9, "file_name": "street.bmp"}, {"id": 5, "file_name": "000000000042.bmp"}],
    "categories": [{"id": 18, "name": "dog"}, {"id": 17, "name": "cat"}]})");
  const Outcome said =
      predict({"--labels", folder_ / "coco", "--labels-form", "coco", "--ids-from", folder_ / "val.json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const json file = json::parse(contents(folder_ / "coco/annotations.json"));
  EXPECT_EQ(file.at("images")[0].at("id"), 5);
  EXPECT_EQ(file.at("categories")[1], (json{{"id", 18}, {"name", "dog"}}));
  EXPECT_EQ(file.at("annotations")[1].at("category_id"), 18);
}

TEST_F(Boxes, AreWrittenAsFilesOfLabelMeThatAreReadAgain) {
  const Outcome said = predict({"--labels", folder_ / "labelme", "--labels-form", "labelme"});
  ASSERT_EQ(said.code, 0) << said.err;
  const json file = json::parse(contents(folder_ / "labelme/000000000042.json"));
  EXPECT_EQ(file.at("imagePath"), "../pictures/000000000042.bmp");
  EXPECT_EQ(file.at("shapes")[0].at("points"), (json{{0.0, 0.0}, {20.0, 12.0}}));
  const Outcome checked = run(folder_, {"data", "check", folder_ / "labelme"});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

TEST_F(Boxes, AreDrawnIntoAFolder) {
  const Outcome said = predict({"--draw", folder_ / "drawn"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_TRUE(contents(folder_ / "drawn/000000000042.jpg").starts_with("\xFF\xD8"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "drawn/street.jpg"));
  write(folder_ / "file", "x");
  EXPECT_EQ(predict({"--draw", folder_ / "file"}).code, 5);
}

TEST_F(Boxes, AreNotDrawnOverFilesThatAreThere) {
  const std::string before = contents(folder_ / "pictures/street.bmp");
  const Outcome refused = predict({"--draw", folder_ / "pictures"});
  EXPECT_EQ(refused.code, 5);
  EXPECT_NE(refused.err.find("holds files already"), std::string::npos) << refused.err;
  EXPECT_EQ(contents(folder_ / "pictures/street.bmp"), before);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "pictures/street.jpg"));
}

TEST_F(Boxes, AreNoAnswersToQuestions) { EXPECT_EQ(predict({"--format", "squad"}).code, 2); }

TEST_F(Boxes, AreNotAskedOfAModelThatHasNone) {
  write_bundle(enxerto::testing::color_bundle(), folder_ / "colors", false);
  EXPECT_EQ(predict({"--draw", folder_ / "drawn"}, "colors").code, 2);
  EXPECT_EQ(predict({"--format", "coco"}, "colors").code, 2);
  EXPECT_EQ(predict({"--top", "3"}).code, 2);
}

TEST_F(Boxes, AreExportedWithTheirSelectionAndVerified) {
  const Outcome exported = run(folder_, {"export", folder_ / "detector", "--output", folder_ / "detector.onnx"});
  ASSERT_EQ(exported.code, 0) << exported.err;
  EXPECT_NE(contents(folder_ / "detector.onnx").find("NonMaxSuppression"), std::string::npos);
  EXPECT_EQ(run(folder_, {"verify", folder_ / "detector"}).code, 0);
}

TEST_F(Boxes, OfDataAreCountedAndDrawnBeforeTraining) {
  write(folder_ / "data/boxes.json", R"({"images": [{"id": 1, "file_name": "street.bmp", "width": 16, "height": 16}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [2, 2, 9, 4]}], "categories": [{"id": 7, "name": "car"}]})");
  const Outcome said = run(
      folder_, {"inspect", folder_ / "data/boxes.json", "--images", folder_ / "pictures", "--draw", folder_ / "seen"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("car"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("task: object detection"), std::string::npos) << said.out;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "seen/street.jpg"));
  const Outcome lost = run(folder_, {"inspect", folder_ / "data/boxes.json"});
  EXPECT_EQ(lost.code, 3);
  EXPECT_NE(lost.err.find("is in none of"), std::string::npos) << lost.err;
  const Outcome model = run(folder_, {"inspect", folder_ / "detector", "--draw", folder_ / "drawn"});
  EXPECT_EQ(model.code, 2) << "nothing to draw";
  EXPECT_NE(model.err.find("--draw"), std::string::npos) << model.err;
}

}  // namespace
}  // namespace enxerto::test
