#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace enxerto::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool says(const Outcome& outcome, const std::string& text) {
  return (outcome.out + outcome.err).find(text) != std::string::npos;
}

Outcome train(const Folder& folder, std::vector<std::string> more = {}, const Launch& launch = {}) {
  std::vector<std::string> words{"train", folder / "data", "--size", "32", "--output", folder / "model"};
  words.insert(words.end(), more.begin(), more.end());
  return run(folder, words, launch);
}

TEST(BadInput, MissingEmptyAndOneClassFoldersAreNamedWithExitCode3) {
  const Folder folder;
  const Outcome missing = train(folder);
  EXPECT_EQ(missing.code, 3);
  EXPECT_TRUE(says(missing, folder / "data")) << missing.err;
  fs::create_directory(folder / "data");
  EXPECT_EQ(train(folder).code, 3);
  write_class_folders(folder / "data", 1, 3);
  const Outcome one = train(folder);
  EXPECT_EQ(one.code, 3);
  EXPECT_TRUE(says(one, "class")) << one.err;
  EXPECT_FALSE(fs::exists(folder / "model"));
}

TEST(BadInput, HiddenFoldersEmptyClassesAndNewlinesDoNotStopTheRun) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 4);
  write_picture(folder / "data/.hidden/x.bmp", 1, 2, 3, 4);
  write_picture(folder / "data/a/new\nline.bmp", 180, 20, 20, 99);
  fs::create_directory(folder / "data/empty");
  const Outcome trained = train(folder);
  EXPECT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(says(trained, ".hidden")) << trained.err;
  EXPECT_TRUE(says(trained, "empty")) << trained.err;
}

TEST(BadInput, APictureThatCannotBeReadIsNamedOrSkippedAsAsked) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  write(folder / "data/a/broken.jpg", "not a picture at all");
  const Outcome stopped = train(folder);
  EXPECT_EQ(stopped.code, 3);
  EXPECT_TRUE(says(stopped, "broken.jpg")) << stopped.err;
  EXPECT_FALSE(fs::exists(folder / "model"));
  const Outcome skipped = train(folder, {"--on-bad", "skip", "--json"});
  ASSERT_EQ(skipped.code, 0) << skipped.err;
  const json report = json::parse(skipped.out);
  ASSERT_EQ(report.at("skipped").size(), 1U);
  EXPECT_NE(contents(folder / "model/history.json").find("broken.jpg"), std::string::npos);
}

TEST(BadInput, AFewPicturesThatCannotBeReadAreLeftOutAndListed) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 10);
  write(folder / "data/a/0.bmp", "not a picture at all");
  const Outcome trained = train(folder, {"--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(json::parse(trained.out).at("skipped").size(), 1U);
  EXPECT_EQ(train(folder, {"--on-bad", "error", "--replace"}).code, 3);
  write(folder / "data/a/1.bmp", "not a picture either");
  const Outcome many = train(folder, {"--replace"});
  EXPECT_EQ(many.code, 3);
  EXPECT_TRUE(says(many, "2 of 20 pictures cannot be read (first: ")) << many.err;
}

TEST(BadInput, AClassOfWhichNothingCanBeReadIsNamed) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 3);
  for (const char* name : {"data/a/0.bmp", "data/a/1.bmp", "data/a/2.bmp"}) write(folder / name, "no picture");
  const Outcome stopped = train(folder, {"--on-bad", "skip"});
  EXPECT_EQ(stopped.code, 3);
  EXPECT_TRUE(says(stopped, "none of the 3 pictures of a can be read")) << stopped.err;
}

TEST(BadInput, EqualPicturesThatCannotBeReadAreNamedEachByItsOwnName) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  for (int i = 0; i < 10; ++i) write(folder / ("data/a/bad" + std::to_string(i) + ".jpg"), "the same ten times");
  const Outcome trained = train(folder, {"--on-bad", "skip", "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const json skipped = json::parse(trained.out).at("skipped");
  ASSERT_EQ(skipped.size(), 10U);
  for (const json& one : skipped) {
    const std::string name = one.at("name"), reason = one.at("reason");
    EXPECT_NE(reason.find(fs::path(name).filename().string()), std::string::npos) << name << ": " << reason;
  }
}

TEST(BadInput, AClassThatOnlyTheTestPartStillHasIsNamed) {
  const Folder folder;
  write_class_folders(folder / "data/train", 3, 4);
  write_class_folders(folder / "data/test", 3, 3, 77);
  for (int i = 0; i < 4; ++i) write(folder / ("data/train/c/" + std::to_string(i) + ".bmp"), "no picture");
  const Outcome trained = train(folder, {"--on-bad", "skip"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(says(trained, "none of the 4 pictures of c can be read: nothing is learned of this class"))
      << trained.err;
}

TEST(BadInput, DataOfWhichNothingCanBeReadIsRefusedForThatReason) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 3);
  for (const char* name : {"a", "b"})
    for (int i = 0; i < 3; ++i)
      write(folder / ("data/" + std::string(name) + "/" + std::to_string(i) + ".bmp"), "no picture");
  for (const char* precision : {"auto", "fp32"}) {
    const Outcome stopped = train(folder, {"--on-bad", "skip", "--precision", precision});
    EXPECT_EQ(stopped.code, 3);
    EXPECT_TRUE(says(stopped, "none of the 6 pictures to learn from can be read")) << stopped.err;
  }
  const Outcome features = run(folder, {"features", folder / "data", "--output", folder / "f.csv", "--on-bad", "skip"});
  EXPECT_EQ(features.code, 3);
  EXPECT_TRUE(says(features, "none of the 6 pictures can be read")) << features.err;
  EXPECT_FALSE(fs::exists(folder / "f.csv"));
}

TEST(BadInput, PredictionGoesOnAfterAMissingFileAndEndsWithExitCode3) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  ASSERT_EQ(train(folder).code, 0);
  const Outcome found =
      run(folder, {"predict", folder / "model", folder / "data/a/0.bmp", "none.bmp", folder / "data/a/1.bmp"});
  EXPECT_EQ(found.code, 3);
  EXPECT_TRUE(says(found, "a/0.bmp\t") && says(found, "a/1.bmp\t") && says(found, "none.bmp: ")) << found.err;
  fs::create_directory(folder / "empty");
  EXPECT_EQ(run(folder, {"predict", folder / "model", folder / "empty"}).code, 3);
}

TEST(BadInput, ListsOnStandardInputMayHaveAnyLineEndsAndMustNameSomething) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  ASSERT_EQ(train(folder).code, 0);
  const std::string first = folder / "data/a/0.bmp", second = folder / "data/b/1.bmp";
  const Launch list{.input = "\xEF\xBB\xBF" + first + "\r\n" + second + "\r\n\r\n"};
  const Outcome found = run(folder, {"predict", folder / "model", "-"}, list);
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_TRUE(says(found, first + "\t") && says(found, second + "\t")) << found.out;
  const Launch print0{.input = first + std::string(1, '\0') + second + std::string(1, '\0')};
  const Outcome ended_by_nul = run(folder, {"predict", folder / "model", "-"}, print0);
  EXPECT_EQ(ended_by_nul.out, found.out) << ended_by_nul.err;
  const Outcome nothing = run(folder, {"predict", folder / "model", "-"});
  EXPECT_EQ(nothing.code, 3);
  EXPECT_TRUE(says(nothing, "no names")) << nothing.err;
}

TEST(BadInput, IsSeenBeforeTrainingByInspectingTheData) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 4);
  fs::copy(folder / "data/a/0.bmp", folder / "data/b/twin.bmp");
  write(folder / "data/a/broken.jpg", "not a picture at all");
  const Outcome shown = run(folder, {"inspect", folder / "data"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const char* text : {"class folders, 10 pictures", "24 x 24 median", "9 BMP", "unreadable 1", "broken.jpg",
                           "a/0.bmp = b/twin.bmp (a and b)", "would stop: "})
    EXPECT_TRUE(says(shown, text)) << text << "\n" << shown.out;
  const json data = json::parse(run(folder, {"inspect", folder / "data", "--json"}).out);
  EXPECT_EQ(data.at("kind"), "data");
  EXPECT_EQ(data.at("classes").at(1).at("all"), 5);
  EXPECT_EQ(data.at("conflicts"), 1);
  EXPECT_EQ(data.at("unreadable").at(0).at("name"), "a/broken.jpg");
}

TEST(BadInput, TheSamePictureInTrainAndTestIsWarnedOf) {
  const Folder folder;
  write_class_folders(folder / "data/train", 2, 6);
  write_class_folders(folder / "data/test", 2, 2, 500);
  fs::copy(folder / "data/train/a/0.bmp", folder / "data/test/a/twin.bmp");
  const Outcome trained = train(folder);
  EXPECT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(says(trained, "twin.bmp")) << trained.err;
}

TEST(BadInput, WordsThatAreNearlyRightGetTheRightOne) {
  const Folder folder;
  EXPECT_TRUE(says(run(folder, {"trian"}), "did you mean 'train'"));
  const Outcome option = run(folder, {"train", "x", "--bakbone", "y"});
  EXPECT_EQ(option.code, 2);
  EXPECT_TRUE(says(option, "did you mean '--backbone'")) << option.err;
  write_class_folders(folder / "data", 2, 2);
  const Outcome backbone = train(folder, {"--backbone", "eficientnet_lite0"});
  EXPECT_EQ(backbone.code, 2);
  EXPECT_TRUE(says(backbone, "efficientnet_lite0")) << backbone.err;
  const Outcome fit = train(folder, {"--fit", "sqash"});
  EXPECT_EQ(fit.code, 2);
  EXPECT_TRUE(says(fit, "squash")) << fit.err;
}

TEST(BadInput, WeightsThatAreNoneExitWith4) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 2);
  write(folder / "w.pth", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
  const Outcome pointer = train(folder, {"--weights", folder / "w.pth"});
  EXPECT_EQ(pointer.code, 4);
  EXPECT_TRUE(says(pointer, "LFS")) << pointer.err;
  EXPECT_TRUE(says(pointer, "w.pth")) << pointer.err;
}

TEST(BadInput, AFullDiskExitsWith5AndLeavesNoModel) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  ASSERT_EQ(train(folder).code, 0);
  fs::remove_all(folder / "model");
  const Outcome full = train(folder, {}, {.file_limit_bytes = 2'000'000});
  EXPECT_EQ(full.code, 5) << full.err;
  EXPECT_FALSE(fs::exists(folder / "model"));
  EXPECT_EQ(train(folder).code, 0) << "the cache is usable";
}

TEST(BadInput, AFullDiskWhileTheCacheIsWrittenExitsWith5) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  const Outcome full = train(folder, {}, {.file_limit_bytes = 20'000});
  EXPECT_EQ(full.code, 5) << full.err;
  EXPECT_EQ(train(folder).code, 0) << "the cache is usable";
}

TEST(BadInput, APlaceThatCannotBeWrittenExitsWith5) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 4);
  write(folder / "file", "in the way");
  const Outcome refused = run(folder, {"train", folder / "data", "--size", "32", "--output", folder / "file/model"});
  EXPECT_EQ(refused.code, 5) << refused.err;
  const Outcome cache = train(folder, {"--cache", folder / "file/cache"});
  EXPECT_EQ(cache.code, 5) << cache.err;
}

TEST(BadInput, AFlippedBitInTheModelIsNamedByVerifyAndByPredict) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 4);
  ASSERT_EQ(train(folder).code, 0);
  flip_a_bit(folder / "model/model.safetensors");
  const Outcome verified = run(folder, {"verify", folder / "model"});
  EXPECT_EQ(verified.code, 4);
  EXPECT_TRUE(says(verified, "model.safetensors")) << verified.out << verified.err;
  const Outcome predicted = run(folder, {"predict", folder / "model", folder / "data/a/0.bmp"});
  EXPECT_EQ(predicted.code, 4);
  EXPECT_TRUE(says(predicted, "model.safetensors")) << predicted.err;
}

TEST(BadInput, ADamagedCacheRowIsRecomputedAndSaidSo) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  ASSERT_EQ(train(folder).code, 0);
  for (const auto& entry : fs::recursive_directory_iterator(folder / "cache")) {
    if (entry.is_regular_file() && entry.path().extension() == ".bin" && entry.file_size() > 12 * 1280 * 4 - 1)
      flip_a_bit(entry.path());
  }
  const Outcome again = train(folder, {"--replace", "--json"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(json::parse(again.out).at("repaired"), 1) << again.out;
  EXPECT_TRUE(says(again, "damaged")) << again.err;
}

TEST(Interrupted, WorkGoesOnWhereItStopped) {
  for (const int signal : {2, 9}) {
    const Folder folder;
    write_class_folders(folder / "data", 2, 600);
    const std::vector<std::string> words{"train",          folder / "data", "--size", "64",    "--output",
                                         folder / "model", "--precision",   "fp32",   "--json"};
    const Outcome stopped =
        run(folder, words, {.stop_signal = signal, .stop_when = folder / "cache", .stop_bytes = 200 * 1280 * 4});
    EXPECT_EQ(stopped.code, 128 + signal) << stopped.err;
    EXPECT_FALSE(fs::exists(folder / "model"));
    const Outcome again = run(folder, words);
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_GT(json::parse(again.out).at("cached").get<int>(), 0) << again.out;
  }
}

TEST(BadInput, WhatIsNotThereEndsWithTheCodeOfWhatItWasToBe) {
  const Folder folder;
  EXPECT_EQ(run(folder, {"inspect", folder / "nope"}).code, 3);
  EXPECT_EQ(run(folder, {"data", "check", folder / "nope"}).code, 3);
  EXPECT_EQ(run(folder, {"verify", folder / "nope"}).code, 4);
}

TEST(BadInput, APictureInPlaceOfNamesOnStandardInputIsRefusedInOneSentence) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 6);
  ASSERT_EQ(train(folder).code, 0);
  const std::string picture = contents(folder / "data/a/0.bmp");
  const Outcome said = run(folder, {"predict", folder / "model", "-"}, {.input = picture + picture});
  EXPECT_EQ(said.code, 3);
  EXPECT_TRUE(says(said, "standard input: the contents of a file")) << said.err;
  EXPECT_EQ(said.out, "");
  const std::string names = (folder / "data/a/0.bmp").string() + '\0' + (folder / "data/b/0.bmp").string() + '\0';
  EXPECT_EQ(run(folder, {"predict", folder / "model", "-"}, {.input = names}).code, 0);
}

}  // namespace
}  // namespace enxerto::test
