// What examples belong to, from the table to the intervals of figures.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "tests/workflow/numbers_medium.h"
#include "tests/workflow/numbers_network.h"
#include "tests/workflow/run_in.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

class Groups : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { add_preprocessor_kind({"numbers", testing::NumbersPreprocessor::from_record}); }

  Groups() {
    std::string name = (fs::temp_directory_path() / "enxerto-groups-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    testing::write_backbone(folder_ / "backbone");
    fs::create_directories(folder_ / "data");
  }
  ~Groups() override { fs::remove_all(folder_); }

  /// Three rows of each of `visitors`, hard to tell, as a part.
  void write(const std::string& part, int visitors, const std::string& column) const {
    std::ofstream table(folder_ / "data" / (part + ".csv"));
    table << "text,label," << column << '\n';
    for (int i = 0; i < 3 * visitors; ++i)
      table << "1 " << (i / 3 % 2 == 0 ? 0.6 : 0.5) + 0.1 * (i / 3 % 5) << ' '
            << 0.001 * (i + (part == "test" ? 0.5 : 0)) << ',' << (i / 3 % 2 == 0 ? "calm" : "wild") << ',' << part[1]
            << i / 3 << '\n';
  }

  TrainReport trained(const std::string& group) const {
    Recipe recipe = testing::run_in(folder_, "model");
    recipe.data.group = group;
    return train(recipe);
  }

  fs::path folder_;
};

TEST_F(Groups, AreWhatTheIntervalsOfTrainingAndOfEvaluationAreOver) {
  write("train", 20, "visitor");
  write("test", 12, "visitor");
  const TrainReport report = trained("visitor");
  EXPECT_EQ(report.test.groups, 12U);
  const EvaluationReport again = evaluate(report.model, folder_ / "data");
  EXPECT_EQ(again.metrics.groups, 12U);
  EXPECT_EQ(again.metrics["accuracy"].value, report.test["accuracy"].value);
  EXPECT_EQ(again.metrics["accuracy"].interval->low, report.test["accuracy"].interval->low);
  EXPECT_EQ(again.metrics["accuracy"].interval->high, report.test["accuracy"].interval->high);
}

TEST_F(Groups, AreReadFromATestTableOfItsOwnToo) {
  write("train", 20, "visitor");
  write("test", 12, "visitor");
  fs::rename(folder_ / "data" / "test.csv", folder_ / "held out.csv");
  Recipe recipe = testing::run_in(folder_, "model");
  recipe.data.path = (folder_ / "data" / "train.csv").string();
  recipe.data.test = (folder_ / "held out.csv").string();
  recipe.data.group = "visitor";
  EXPECT_EQ(train(recipe).test.groups, 12U);
}

TEST_F(Groups, AreNoneWhereNothingSaysSo) {
  write("train", 20, "visitor");
  write("test", 12, "visitor");
  EXPECT_EQ(trained("").test.groups, 0U);
}

}  // namespace
}  // namespace enxerto
