#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

std::vector<std::string> train(const Folder& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"train", folder / "data", "--size", "32", "--output", folder / "model", "--quiet"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(MainJob, GoesFromAFolderOfPicturesToAModelThatPredictsAndIsVerified) {
  const Folder folder;
  write_class_folders(folder / "data", 3, 12);
  const Outcome trained = run(folder, train(folder, {"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const json report = json::parse(trained.out);
  EXPECT_EQ(report.at("schema_version"), 1);
  EXPECT_EQ(report.at("test").at("accuracy").at("value"), 1.0);
  EXPECT_LT(report.at("test").at("accuracy").at("low").get<double>(), 1.0);

  const Outcome predicted = run(folder, {"predict", folder / "model", folder / "data/b/3.bmp", "--json"});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_EQ(json::parse(predicted.out).at("predictions").at(0).at("label"), "b");

  const Outcome evaluated = run(folder, {"evaluate", folder / "model", folder / "data", "--json", "--quiet"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_EQ(json::parse(evaluated.out).at("examples"), 36);
  EXPECT_EQ(json::parse(evaluated.out).at("learned_from"), report.at("train_examples"));
  EXPECT_EQ(json::parse(evaluated.out).at("computed"), 0) << "features of training are in the cache";

  const Outcome verified = run(folder, {"verify", folder / "model"});
  EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
}

TEST(MainJob, PredictsWithAModelWhoseCardSomebodyEdited) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  ASSERT_EQ(run(folder, train(folder)).code, 0);
  write(folder / "model/README.md", "my own words");
  EXPECT_EQ(run(folder, {"predict", folder / "model", folder / "data/b/3.bmp"}).code, 0);
  const Outcome verified = run(folder, {"verify", folder / "model"});
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_NE(verified.out.find("changed  README.md"), std::string::npos) << verified.out;
}

TEST(MainJob, TakesTestDataInPlaceOfTheShareThatItsRecipeKeeps) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  write_class_folders(folder / "other", 2, 3, 77);
  write(folder / "recipe.toml", "[data]\ntest_split = 0.1\n");
  const Outcome trained =
      run(folder, train(folder, {"--recipe", folder / "recipe.toml", "--test", folder / "other", "--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(json::parse(trained.out).at("test_examples"), 6);
  const Outcome both = run(folder, train(folder, {"--test-split", "0.1", "--test", folder / "other", "--replace"}));
  EXPECT_EQ(both.code, 2) << both.err;
}

TEST(MainJob, TellsOfATestPictureThatIsNearlyTheSameAsOneThatWasLearnedFrom) {
  const Folder folder;
  write_class_folders(folder / "data/train", 2, 8);
  write_class_folders(folder / "data/test", 2, 2, 77);
  std::string brighter = contents(folder / "data/train/b/3.bmp");
  for (std::size_t i = 54; i < brighter.size(); ++i)
    if (brighter[i] != '\xff') ++brighter[i];
  write(folder / "data/test/b/0.bmp", brighter);
  const Outcome trained = run(folder, train(folder, {"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const json report = json::parse(trained.out);
  EXPECT_EQ(report.at("test_nearly_learned"), 1) << trained.err;
  EXPECT_EQ(report.at("test_also_learned"), 0);
  EXPECT_NE(report.at("warnings").dump().find("test/b/0.bmp, and train/b/3.bmp"), std::string::npos) << trained.out;
  const std::string page = contents(folder / "model/report.html");
  EXPECT_EQ(page.find("not used for training or model selection"), std::string::npos);
  EXPECT_NE(page.find("1 of them is nearly the same as one that was learned from"), std::string::npos);
}

TEST(MainJob, LeavesNoPlaceOfTheDiskInItsModel) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  ASSERT_EQ(run(folder, train(folder)).code, 0);
  for (const auto& file : std::filesystem::directory_iterator(folder / "model"))
    EXPECT_EQ(contents(file.path()).find((folder / "").string()), std::string::npos) << file.path();
}

TEST(MainJob, RunsNoPrefixASecondTimeAndGivesTheSameModel) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  ASSERT_EQ(run(folder, train(folder)).code, 0);
  const std::string first = contents(folder / "model/model.safetensors");
  const Outcome second = run(folder, train(folder, {"--replace", "--json"}));
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(json::parse(second.out).at("computed"), 0);
  EXPECT_TRUE(first == contents(folder / "model/model.safetensors"));
}

TEST(MainJob, IsRepeatedByTheRecipeInTheModel) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  ASSERT_EQ(run(folder, train(folder, {"--seed", "5"})).code, 0);
  const Outcome again = run(folder, {"train", folder / "data", "--recipe", folder / "model/recipe.toml", "--output",
                                     folder / "again", "--quiet"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(contents(folder / "model/model.safetensors") == contents(folder / "again/model.safetensors"));
}

TEST(MainJob, WorksWithFivePicturesAndWithoutACache) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 2);
  write_picture(folder / "data/a/more.bmp", 180, 20, 20, 77);
  const Outcome trained = run(folder, train(folder, {"--no-cache"}));
  EXPECT_EQ(trained.code, 0) << trained.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "cache"));
}

TEST(MainJob, DoesNotOverwriteAModelUnlessToldTo) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 4);
  ASSERT_EQ(run(folder, train(folder)).code, 0);
  const Outcome second = run(folder, train(folder));
  EXPECT_EQ(second.code, 2);
  EXPECT_NE(second.err.find("try: --replace, or another --output\n"), std::string::npos) << second.err;
}

TEST(Predict, ReadsAListOfFilesFromStandardInput) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 4);
  ASSERT_EQ(run(folder, train(folder)).code, 0);
  const std::string list = (folder / "data/a/1.bmp").string() + "\n" + (folder / "data/b/1.bmp").string() + "\n";
  const Outcome predicted = run(folder, {"predict", folder / "model", "-", "--top", "2", "--json"}, {.input = list});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  const json rows = json::parse(predicted.out).at("predictions");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("label"), "a");
  EXPECT_EQ(rows[1].at("label"), "b");
  EXPECT_EQ(rows[1].at("top").size(), 2U);
}

TEST(Evaluate, WarnsOfUnknownAndMissingClasses) {
  const Folder folder;
  write_class_folders(folder / "data", 3, 4);
  ASSERT_EQ(run(folder, train(folder)).code, 0);
  std::filesystem::rename(folder / "data/c", folder / "data/zebra");
  const Outcome evaluated = run(folder, {"evaluate", folder / "model", folder / "data"});
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_NE(evaluated.err.find("zebra"), std::string::npos) << evaluated.err;
  EXPECT_NE(evaluated.err.find("no pictures of c"), std::string::npos) << evaluated.err;
}

TEST(Features, AreWrittenWithNamesAndLabelsInEachFormat) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 2);
  for (const std::string ending : {".safetensors", ".npy", ".csv"}) {
    const Outcome written = run(folder, {"features", folder / "data", "--size", "32", "--output",
                                         folder / ("f" + ending), "--quiet", "--replace"});
    ASSERT_EQ(written.code, 0) << written.err;
    EXPECT_TRUE(std::filesystem::exists(folder / ("f" + ending)));
  }
  EXPECT_EQ(run(folder, {"features", folder / "data", "--size", "32", "--output", folder / "f.npy"}).code, 2)
      << "f.csv would be replaced";
  EXPECT_NE(contents(folder / "f.safetensors").find("a/0.bmp"), std::string::npos);
  EXPECT_EQ(contents(folder / "f.npy").substr(1, 5), "NUMPY");
  EXPECT_NE(contents(folder / "f.csv").find("a/0.bmp,a,"), std::string::npos);
}

TEST(Features, OfAnEarlierStageAreLargerThanThePooledOnes) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 1);
  const Outcome written = run(
      folder, {"features", folder / "data", "--size", "32", "--at", "blocks1", "-o", folder / "f.npy", "--json", "-q"});
  ASSERT_EQ(written.code, 0) << written.err;
  EXPECT_EQ(json::parse(written.out).at("shape"), json({16, 16, 16}));
}

}  // namespace
}  // namespace enxerto::test
