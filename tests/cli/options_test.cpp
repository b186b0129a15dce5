#include <gtest/gtest.h>

#include "program.h"

namespace enxerto::test {
namespace {

TEST(TrainOptions, HelpNamesEveryKeyOfTheRecipeAndNoOlderName) {
  const Folder folder;
  const Outcome help = run(folder, {"train", "--help"});
  EXPECT_EQ(help.code, 0) << help.err;
  for (const std::string option : {"--test-split", "--loss", "--label-smoothing", "--activation", "--cache-dtype"})
    EXPECT_NE(help.out.find(option), std::string::npos) << option;
  EXPECT_NE(help.out.find("lbfgs | sgd | adam | adamw | rmsprop"), std::string::npos) << help.out;
  EXPECT_EQ(help.out.find("--held-out"), std::string::npos);
  EXPECT_EQ(run(folder, {"completion", "bash"}).out.find("--held-out"), std::string::npos);
}

TEST(TrainOptions, OlderNamesAreTakenAndTold) {
  const Folder folder;
  const Outcome missing = run(
      folder, {"train", folder / "none", "--held-out", "0.3", "--optimizer", "convex", "--output", folder / "model"});
  EXPECT_EQ(missing.code, 3) << missing.err;
  EXPECT_NE(missing.err.find("--held-out is an old name, now --test-split"), std::string::npos) << missing.err;
}

TEST(TrainOptions, AnEmptyValueIsRefused) {
  const Folder folder;
  const std::vector<std::vector<std::string>> all{
      {"--epochs", ""}, {"--weights", ""}, {"--classes", ""}, {"--epochs="}, {"--group="}};
  for (const std::vector<std::string>& words : all) {
    std::vector<std::string> typed{"train", folder / "none", "--output", folder / "model"};
    typed.insert(typed.end(), words.begin(), words.end());
    const Outcome wrong = run(folder, typed);
    EXPECT_EQ(wrong.code, 2) << words.front();
    EXPECT_NE(wrong.err.find(words.front().substr(0, words.front().find('=')) + ": an empty value"), std::string::npos)
        << wrong.err;
  }
  EXPECT_EQ(run(folder, {"predict", "", "file"}).code, 2);
  EXPECT_EQ(run(folder, {"predict", folder / "none", "file", "--language-weight", ""}).code, 2);
}

TEST(TrainOptions, AWordThatIsNoneGetsTheNearest) {
  const Folder folder;
  const Outcome wrong = run(folder, {"train", folder / "none", "--precision", "fp23", "--output", folder / "model"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("--precision: 'fp23'; did you mean 'fp32'?"), std::string::npos) << wrong.err;
}

}  // namespace
}  // namespace enxerto::test
