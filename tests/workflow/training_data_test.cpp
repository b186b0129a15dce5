#include "enxerto/workflow/training_data.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

class TrainingDataTest : public ::testing::Test {
 protected:
  TrainingDataTest() {
    std::string pattern = (fs::temp_directory_path() / "enxerto-workflow-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  ~TrainingDataTest() override { fs::remove_all(root_); }

  /// `count` files that look like pictures by name, in classes a and b.
  void make(const std::string& part, int count) const {
    for (const char* name : {"a", "b"}) {
      fs::create_directories(root_ / part / name);
      for (int i = 0; i < count; ++i)
        std::ofstream(root_ / part / name / (std::to_string(i) + ".png")) << part << name << i;
    }
  }

  fs::path root_;
};

TEST_F(TrainingDataTest, UsesTheValidationPartForTheHeadlineWhereThereIsNoTestPart) {
  make("train", 4);
  make("val", 2);
  const TrainingData data = open_training_data({.path = root_.string()});
  EXPECT_EQ(data.train_end, 8U);
  EXPECT_EQ(data.validation_end, 8U);
  EXPECT_TRUE(data.has_test());
}

TEST_F(TrainingDataTest, LearnsFromAllFoldsWhereTestDataAreNamed) {
  std::string rows = "filename,fold,target\n";
  for (int i = 0; i < 6; ++i) {
    const std::string name = std::to_string(i) + ".wav";
    std::ofstream(root_ / name) << name;
    rows += name + "," + std::to_string(i / 2 + 1) + "," + std::to_string(i % 2) + "\n";
  }
  std::ofstream(root_ / "esc.csv") << rows;
  const std::string table = (root_ / "esc.csv").string();
  EXPECT_EQ(open_training_data({.path = table}).train_end, 4U) << "the last of three folds is the test part";
  const TrainingData data = open_training_data({.path = table, .test = table});
  EXPECT_EQ(data.train_end, 6U);
  EXPECT_EQ(data.all->size(), 12U) << "nor are folds of what is tested on";
}

TEST_F(TrainingDataTest, ReadsTheTestTableByTheTextsOfTheTrainingTable) {
  std::string reviews = "remark,label\n", others = "remark,text,label\n";
  for (int i = 0; i < 20; ++i) {
    const std::string label = i % 2 == 0 ? "a" : "b";
    reviews += "a remark that is long enough to be read " + std::to_string(i) + "," + label + "\n";
    others += "remark " + std::to_string(i) + ",text " + std::to_string(i) + "," + label + "\n";
  }
  std::ofstream(root_ / "train.csv") << reviews;
  std::ofstream(root_ / "test.csv") << others;
  const TrainingData data =
      open_training_data({.path = (root_ / "train.csv").string(), .test = (root_ / "test.csv").string()});
  EXPECT_EQ(data.texts, std::vector<std::string>{"remark"});
  const Field read = data.all->get(data.validation_end)->field(0);
  const auto bytes = read.bytes.as<std::uint8_t>();
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "remark 0");
}

TEST_F(TrainingDataTest, ReadsTheTestTableByTheTargetsOfTheTrainingTable) {
  make("", 4);
  const auto table = [&](const char* name, const std::string& text) {
    std::ofstream(root_ / name) << text;
    return (root_ / name).string();
  };
  const std::string numbers = table("train.csv", "image,height,weight\na/0.png,1.5,2.5\nb/0.png,2.5,1\n");
  const std::string more = table("test.csv", "image,height,weight,age\na/1.png,1.5,2.5,7\n");
  const TrainingData of_numbers = open_training_data({.path = numbers, .test = more, .targets = {"height"}});
  EXPECT_EQ(of_numbers.all->info().target.names, std::vector<std::string>{"height"});
  const std::string kinds = table("kinds.csv", "image,species\na/0.png,oak\nb/0.png,elm\n");
  const std::string noted = table("noted.csv", "image,notes,species\na/1.png,tall,elm\nb/1.png,old,oak\n");
  const TrainingData of_classes = open_training_data({.path = kinds, .test = noted, .targets = {"species"}});
  EXPECT_EQ(of_classes.all->size(), 4U);
  const std::string guessed = table("guessed.csv", "image,guess\na/1.png,elm\nb/1.png,oak\n");
  EXPECT_THROW((void)open_training_data({.path = kinds, .test = guessed, .targets = {"species"}}), Error)
      << "not there";
  const std::string lists = table("lists.csv", "image,seen\na/0.png,sun|sea\nb/0.png,sea\n");
  const std::string dated = table("dated.csv", "image,date,seen\na/1.png,2020-01-01,sea\n");
  const TrainingData of_labels = open_training_data({.path = lists, .test = dated, .targets = {"seen"}});
  EXPECT_EQ(of_labels.all->info().target.names, (std::vector<std::string>{"sea", "sun"}));
}

TEST_F(TrainingDataTest, TakesTheFirstPicturesOfEachClass) {
  make("train", 5);
  make("test", 3);
  const TrainingData data = open_training_data({.path = root_.string(), .take_per_class = 2, .test_take_per_class = 1});
  EXPECT_EQ(data.train_end, 4U);
  EXPECT_EQ(data.all->size(), 6U);
  EXPECT_EQ(data.all->get(2)->id().back(), 'g');
}

TEST_F(TrainingDataTest, RefusesToTakeFromTestDataThatIsNotThere) {
  make("", 3);
  EXPECT_THROW((void)open_training_data({.path = root_.string(), .test_take = 1}), Error);
}

TEST_F(TrainingDataTest, RefusesAColumnOfGroupsWhereThereIsNoTable) {
  make("", 3);
  try {
    (void)open_training_data({.path = root_.string(), .group = "patient"});
    ADD_FAILURE() << "a column of folders";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("regular expression"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
