#include "enxerto/workflow/training_data.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/workflow/saved_model.h"

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

/// A hash of its own for every example.
std::vector<Hash128> distinct(std::size_t count) {
  std::vector<Hash128> hashes;
  for (std::size_t i = 0; i < count; ++i) hashes.push_back(Hash128Stream().add(i).value());
  return hashes;
}

std::vector<std::size_t> all_positions(const TrainingData& data) {
  std::vector<std::size_t> positions(data.all->size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = i;
  return positions;
}

struct Notices final : Progress {
  std::string text;
  void notice(std::string_view words) override { text += std::string(words) + "\n"; }
};

TEST_F(TrainingDataTest, UsesTheValidationPartForTheHeadlineWhereThereIsNoTestPart) {
  make("train", 4);
  make("val", 2);
  const TrainingData data = open_training_data({.path = root_.string()});
  EXPECT_EQ(data.train_end, 8U);
  EXPECT_EQ(data.validation_end, 8U);
  EXPECT_TRUE(data.has_test());
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

TEST_F(TrainingDataTest, SplitsByContentAndKeepsEveryRowOnce) {
  make("", 20);
  Recipe recipe;
  recipe.data.path = root_.string();
  const TrainingData data = open_training_data(recipe.data);
  const RowRoles roles = assign_roles(data, recipe, all_positions(data), distinct(40));
  EXPECT_EQ(roles.train.size() + roles.test.size(), 40U);
  EXPECT_GT(roles.test.size(), 0U);
  EXPECT_LT(roles.test.size(), 20U);
}

TEST_F(TrainingDataTest, SaysWhichTestPicturesAreInTheTrainingDataToo) {
  make("train", 3);
  make("test", 2);
  const Recipe recipe = {.data = {.path = root_.string()}};
  const TrainingData data = open_training_data(recipe.data);
  auto hashes = distinct(data.all->size());
  hashes.back() = hashes.front();
  Notices notices;
  const RowRoles roles = assign_roles(data, recipe, all_positions(data), hashes, notices);
  EXPECT_EQ(roles.test.size(), 4U);
  EXPECT_NE(notices.text.find("1 of 4 test pictures"), std::string::npos) << notices.text;
}

TEST_F(TrainingDataTest, RefusesAnOutputThatIsNoModelBeforeAnyWork) {
  EXPECT_THROW(require_free_output({.path = root_.string(), .replace = true}), Error);
  EXPECT_THROW(require_free_output({.path = ""}), Error);
  EXPECT_NO_THROW(require_free_output({.path = (root_ / "new").string()}));
}

}  // namespace
}  // namespace enxerto
