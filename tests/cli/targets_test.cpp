#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

/// Saved models of several labels and of values, and two pictures.
class Targets : public ::testing::Test {
 protected:
  void SetUp() override {
    write_bundle(enxerto::testing::label_bundle(), folder_ / "labels", false);
    write_bundle(enxerto::testing::value_bundle(), folder_ / "values", false);
    write_picture(folder_ / "red.bmp", 180, 20, 20, 1);
    write_picture(folder_ / "dark.bmp", 10, 10, 10, 2);
  }

  Folder folder_;
};

TEST_F(Targets, PredictNamesEveryLabelOrNone) {
  const Outcome all =
      run(folder_, {"predict", folder_ / "labels", folder_ / "red.bmp", folder_ / "dark.bmp", "--json"});
  ASSERT_EQ(all.code, 0) << all.err;
  const json rows = json::parse(all.out).at("predictions");
  ASSERT_EQ(rows.at(0).at("labels").size(), 1U);
  EXPECT_EQ(rows.at(0).at("labels").at(0).at("label"), "red");
  EXPECT_TRUE(rows.at(1).at("labels").empty());
  const Outcome low = run(folder_, {"predict", folder_ / "labels", folder_ / "dark.bmp", "--threshold", "0"});
  EXPECT_NE(low.out.find("\tblue\t0.00"), std::string::npos) << low.out;
}

TEST_F(Targets, PredictGivesValues) {
  const Outcome said = run(folder_, {"predict", folder_ / "values", folder_ / "red.bmp", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const json values = json::parse(said.out).at("predictions").at(0).at("values");
  EXPECT_GT(values.at("redness").get<double>(), 700);
  EXPECT_LT(values.at("blueness").get<double>(), 500);
  const Outcome text = run(folder_, {"predict", folder_ / "values", folder_ / "red.bmp"});
  EXPECT_NE(text.out.find("\tredness\t"), std::string::npos) << text.out;
}

TEST_F(Targets, OptionsOfAnotherTaskAreRefused) {
  for (const auto& words : {std::vector<std::string>{"labels", "--top", "2"}, {"values", "--threshold", "0.3"}}) {
    const Outcome said = run(folder_, {"predict", folder_ / words[0], folder_ / "red.bmp", words[1], words[2]});
    EXPECT_EQ(said.code, 2);
    EXPECT_NE(said.err.find(words[1]), std::string::npos) << said.err;
  }
}

TEST_F(Targets, EvaluatePrintsWhatFitsTheTask) {
  write(folder_ / "labels.csv", "file,labels\nred.bmp,red\ndark.bmp,\n");
  const Outcome labels = run(folder_, {"evaluate", folder_ / "labels", folder_ / "labels.csv"});
  ASSERT_EQ(labels.code, 0) << labels.err;
  EXPECT_NE(labels.out.find(" 100.0 %, 2 pictures"), std::string::npos) << labels.out;
  write(folder_ / "values.csv", "name,hue,redness,blueness\nred.bmp,x,800,200\ndark.bmp,y,150,150\n");
  const Outcome values = run(folder_, {"evaluate", folder_ / "values", folder_ / "values.csv", "--json"});
  ASSERT_EQ(values.code, 0) << values.err;
  const json report = json::parse(values.out);
  EXPECT_EQ(report.at("task"), "regression");
  EXPECT_EQ(report.at("per_value").size(), 2U);
  EXPECT_LT(report.at("per_value").at(0).at("mae").at("value").get<double>(), 200);
  const Outcome text = run(folder_, {"evaluate", folder_ / "values", folder_ / "values.csv"});
  EXPECT_NE(text.out.find("redness"), std::string::npos) << text.out;
}

TEST_F(Targets, VerifyTakesThemToo) {
  EXPECT_EQ(run(folder_, {"verify", folder_ / "labels"}).code, 0);
  EXPECT_EQ(run(folder_, {"verify", folder_ / "values"}).code, 0);
}

}  // namespace
}  // namespace enxerto::test
