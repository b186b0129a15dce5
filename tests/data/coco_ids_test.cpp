#include "enxerto/data/coco_ids.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

const Json kListed = Json::parse(R"({
  "images": [{"id": 70, "file_name": "a.jpg"}, {"id": 3, "file_name": "val/b.jpg"}, {"id": 4, "file_name": "old/b.jpg"}],
  "categories": [{"id": 90, "name": "dog"}, {"id": 2, "name": "cat"}]})");

std::string refusal(const auto& ask) {
  try {
    ask();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(CocoIds, AreThoseOfTheFileWithItsGaps) {
  const CocoIds ids = coco_ids(kListed, "f.json");
  EXPECT_EQ(ids.ids_of_categories({"dog", "cat"}, "f.json"), (std::vector<std::int64_t>{90, 2}));
  EXPECT_EQ(ids.ids_of_images({"somewhere/a.jpg", "a.jpg"}, "f.json"), (std::vector<std::int64_t>{70, 70}));
}

TEST(CocoIds, OfImagesOfOneNameAreToldApartByTheirFolders) {
  const CocoIds ids = coco_ids(kListed, "f.json");
  EXPECT_EQ(ids.ids_of_images({"data/val/b.jpg", "old/b.jpg"}, "f.json"), (std::vector<std::int64_t>{3, 4}));
  EXPECT_NE(refusal([&] { ids.ids_of_images({"b.jpg"}, "f.json"); }), "");
}

TEST(CocoIds, AreFoundWhereTheFileNamesAFolderThatThePathHasNot) {
  const CocoIds ids = coco_ids(Json::parse(R"({"images": [{"id": 8, "file_name": "train/c.jpg"}],
                                               "categories": [{"id": 1, "name": "x"}]})"),
                               "f.json");
  EXPECT_EQ(ids.ids_of_images({"c.jpg"}, "f.json"), (std::vector<std::int64_t>{8}));
}

TEST(CocoIds, ThatAreNotThereAreNamed) {
  const CocoIds ids = coco_ids(kListed, "f.json");
  EXPECT_NE(refusal([&] { ids.ids_of_categories({"cat", "horse"}, "f.json"); }).find("'horse'"), std::string::npos);
  EXPECT_NE(refusal([&] { ids.ids_of_images({"x/z.jpg"}, "f.json"); }).find("x/z.jpg"), std::string::npos);
}

TEST(CocoIds, NeedListsOfImagesAndCategories) {
  EXPECT_NE(refusal([] { coco_ids(Json::parse(R"({"images": []})"), "f.json"); }).find("categories"),
            std::string::npos);
  EXPECT_NE(refusal([] { coco_ids(Json::array(), "f.json"); }).find("f.json"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
