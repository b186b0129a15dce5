#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/open.h"
#include "enxerto/model/gallery.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "tests/data/workplace.h"
#include "tests/workflow/numbers_medium.h"
#include "tests/workflow/numbers_network.h"
#include "tests/workflow/run_in.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;
using testing::NumbersPreprocessor;

constexpr int kPeople = 10, kOfEach = 8;

/// Each "person" has five numbers of its own, which vary a little.
void write_person(const fs::path& folder, int person) {
  fs::create_directories(folder);
  for (int i = 0; i < kOfEach; ++i) {
    std::ofstream file(folder / (std::to_string(i) + ".txt"));
    file << 1;
    for (int k = 0; k < 5; ++k)
      file << ' ' << 2 * std::sin(1.7 * person * (k + 1) + k) + 0.02 * std::cos(person + 3.0 * i + k);
    file << '\n';
  }
}

class IdentitiesRun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { add_preprocessor_kind({"numbers", NumbersPreprocessor::from_record}); }

  IdentitiesRun() {
    std::string name = (fs::temp_directory_path() / "enxerto-identities-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (int person = 0; person < kPeople; ++person)
      write_person(folder_ / "data" / ("person" + std::to_string(person)), person);
    testing::write_backbone(folder_ / "backbone");
  }
  ~IdentitiesRun() override { fs::remove_all(folder_); }

  TrainReport trained(const std::string& kind) const {
    Recipe recipe = testing::run_in(folder_, kind);
    recipe.task.kind = kind;
    recipe.task.false_accept_rate = 0.05;
    return train(recipe);
  }

  std::string said(const Model& model, const fs::path& file) const {
    std::string label;
    model.predict(*open_files({file}, Medium::text), 1,
                  [&](const PredictedExample& example) { label = example.bad + example.best.at(0).label; });
    return label;
  }

  fs::path folder_;
};

TEST_F(IdentitiesRun, NameWhoTheyKnowWithoutTrainingAgain) {
  const TrainReport report = trained("identification");
  EXPECT_EQ(report.task, "identification");
  EXPECT_GT(report.test["rank_1"].value, 0.8);
  EXPECT_LT(report.test["eer"].value, 0.2);
  EXPECT_TRUE(verify(report.model, 1).ok());
  ASSERT_EQ(known_identities(report.model).size(), static_cast<std::size_t>(kPeople));

  const std::string file = (folder_ / "data/person3/1.txt").string();
  EXPECT_EQ(said(Model::load(report.model), file), "person3");
  remove_identity(report.model, "person3");
  EXPECT_NE(said(Model::load(report.model), file), "person3");
  EXPECT_EQ(known_identities(report.model).size(), static_cast<std::size_t>(kPeople - 1));
  EXPECT_TRUE(verify(report.model, 1).ok());
  add_identity(report.model, "number three", *open_files({folder_ / "data/person3"}, Medium::text));
  EXPECT_EQ(said(Model::load(report.model), file), "number three");
  EXPECT_EQ(known_identities(report.model).back().examples, static_cast<std::size_t>(kOfEach));
  EXPECT_TRUE(verify(report.model, 1).ok());
}

TEST_F(IdentitiesRun, AreStrangersWhereTheModelDoesNotKnowThem) {
  const TrainReport report = trained("identification");
  write_person(folder_ / "others/person3", 3);
  for (int person = 20; person < 24; ++person)
    write_person(folder_ / "others" / ("person" + std::to_string(person)), person);
  const EvaluationReport open = evaluate(report.model, folder_ / "others");
  EXPECT_EQ(open.examples, 5U * kOfEach);
  EXPECT_EQ(open.left_out, 0U);
  EXPECT_EQ(open.unknown.size(), 4U);
  EXPECT_EQ(open.metrics["false_identification_rate"].title, "32 strangers named at the model's threshold");
  EXPECT_GT(open.metrics["rank_1"].value, 0.8);
  fs::remove_all(folder_ / "others/person3");
  const EvaluationReport strangers = evaluate(report.model, folder_ / "others");
  EXPECT_FALSE(std::isnan(strangers.metrics["false_identification_rate"].value));
  EXPECT_TRUE(std::isnan(strangers.metrics["rank_1"].value));
}

TEST_F(IdentitiesRun, AreKnownBySomethingThatCouldBeRead) {
  fs::create_directories(folder_ / "data/blank");
  for (int i = 0; i < 2; ++i) std::ofstream(folder_ / "data/blank" / (std::to_string(i) + ".txt")) << "no numbers";
  Recipe recipe = testing::run_in(folder_, "identification");
  recipe.task.kind = "identification";
  recipe.data.on_bad = OnBad::skip;
  const TrainReport report = train(recipe);
  std::vector<std::string> named;
  Model::load(report.model)
      .predict(*open_files({folder_ / "data/person3/1.txt"}, Medium::text), 20, [&](const PredictedExample& example) {
        for (const Prediction& one : example.best) named.push_back(one.label);
      });
  EXPECT_EQ(named.size(), 10U);
  EXPECT_EQ(std::ranges::count(named, "blank"), 0);
}

TEST_F(IdentitiesRun, AreNotMeasuredByPairsWhereTheyAreNamed) {
  const TrainReport report = trained("identification");
  std::ofstream(folder_ / "data/pairs.tsv") << "first\tsecond\tsame\nperson1/1.txt\tperson1/2.txt\t1\n";
  try {
    (void)evaluate(report.model, folder_ / "data/pairs.tsv");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("a list of pairs"), std::string::npos) << error.what();
  }
}

TEST_F(IdentitiesRun, AreNotAddedToAFileWhichStays) {
  std::ofstream(folder_ / "notes.txt") << "mine";
  EXPECT_THROW(add_identity(folder_ / "notes.txt", "ann", *open_files({folder_ / "data/person1"}, Medium::text)),
               Error);
  EXPECT_THROW(remove_identity(folder_ / "notes.txt", "ann"), Error);
  EXPECT_TRUE(fs::exists(folder_ / "notes.txt"));
}

TEST_F(IdentitiesRun, AreAllKnownWhoWereAddedAtOnce) {
  const TrainReport report = trained("identification");
  std::vector<std::thread> adding;
  for (int i = 0; i < 4; ++i)
    adding.emplace_back([&, i] {
      add_identity(report.model, "new" + std::to_string(i), *open_files({folder_ / "data/person1"}, Medium::text));
    });
  for (std::thread& one : adding) one.join();
  EXPECT_EQ(known_identities(report.model).size(), static_cast<std::size_t>(kPeople + 4));
  EXPECT_FALSE(fs::exists(report.model.string() + ".lock"));
}

TEST_F(IdentitiesRun, AreAddedOnceByCopiesOfOneExample) {
  const TrainReport report = trained("identification");
  fs::copy_file(folder_ / "data/person1/1.txt", folder_ / "copy.txt");
  EXPECT_EQ(
      add_identity(report.model, "twice",
                   *open_files({folder_ / "data/person1/1.txt", folder_ / "copy.txt", folder_ / "data/person1/2.txt"},
                               Medium::text)),
      2U);
  EXPECT_EQ(known_identities(report.model).back().examples, 2U);
}

TEST_F(IdentitiesRun, AreNotAddedWhereAnExampleCannotBeRead) {
  const TrainReport report = trained("identification");
  std::ofstream(folder_ / "bad.txt") << "no numbers";
  try {
    add_identity(report.model, "somebody",
                 *open_files({folder_ / "data/person1/1.txt", folder_ / "bad.txt"}, Medium::text));
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("bad.txt"), std::string::npos) << error.what();
  }
  EXPECT_EQ(known_identities(report.model).size(), static_cast<std::size_t>(kPeople));
}

TEST_F(IdentitiesRun, AreVerifiedOnOthersThanThoseLearnedFrom) {
  const TrainReport report = trained("verification");
  EXPECT_EQ(report.task, "verification");
  EXPECT_EQ(report.test_examples % kOfEach, 0U);  // whole people
  EXPECT_LT(report.test["eer"].value, 0.3);
  EXPECT_TRUE(report.classes.empty());
  EXPECT_TRUE(read_bundle(report.model).labels.empty());  // nobody's name
  EXPECT_TRUE(verify(report.model, 1).ok());
  EXPECT_TRUE(Model::load(report.model).task().decides_from());

  for (int person = 20; person < 24; ++person)
    write_person(folder_ / "others" / ("person" + std::to_string(person)), person);
  const EvaluationReport others = evaluate(report.model, folder_ / "others");
  EXPECT_EQ(others.examples, 4U * kOfEach);
  EXPECT_FALSE(std::isnan(others.metrics["eer"].value));
  EXPECT_NE(others.metrics.find("false_accept_rate"), nullptr);
}

TEST_F(IdentitiesRun, AreHeldAgainstAListOfPairs) {
  const TrainReport report = trained("verification");
  std::ofstream(folder_ / "data/pairs.tsv") << "first\tsecond\tsame\n"
                                               "person1/1.txt\tperson1/2.txt\t1\n"
                                               "person1/1.txt\tperson2/2.txt\t0\n"
                                               "person3/1.txt\tperson3/2.txt\t1\n"
                                               "person3/1.txt\tperson5/2.txt\t0\n";
  const EvaluationReport pairs = evaluate(report.model, folder_ / "data/pairs.tsv");
  EXPECT_EQ(pairs.examples, 6U);
  EXPECT_EQ(pairs.metrics["roc_auc"].value, 1);
  EXPECT_EQ(pairs.metrics.find("nearest_same"), nullptr);
}

TEST_F(IdentitiesRun, AreLearnedFromWholeBatchesByALossThatComparesThem) {
  for (const std::string loss : {"triplet", "arcface", "cosface"}) {
    Recipe recipe = testing::run_in(folder_, loss);
    recipe.run.threads = 2;
    recipe.task.kind = "verification";
    recipe.loss.kind = loss;
    recipe.phases = {Phase{}};
    recipe.phases.front().train_from = "head";
    recipe.phases.front().epochs = 2;
    const TrainReport report = train(recipe);
    EXPECT_TRUE(verify(report.model, 1).ok());
    EXPECT_FALSE(std::isnan(report.test["eer"].value));
    recipe.output.path += "-parts";
    recipe.phases.front().accumulation_steps = 2;
    if (loss == "triplet")
      EXPECT_THROW((void)train(recipe), Error);
    else
      EXPECT_NO_THROW((void)train(recipe));
  }
}

TEST_F(IdentitiesRun, AreNotChosenByOneAlone) {
  Recipe recipe = testing::run_in(folder_, "model");
  recipe.task.kind = "verification";
  recipe.loss.kind = "triplet";
  recipe.data.validation_split = 0.05;
  recipe.phases = {Phase{}};
  recipe.phases.front().train_from = "head";
  try {
    (void)train(recipe);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("of 1 identity; expected at least two"), std::string::npos)
        << error.what();
  }
}

TEST_F(IdentitiesRun, OfATestPartOfOneAreToldInWords) {
  Recipe recipe = testing::run_in(folder_, "model");
  recipe.task.kind = "verification";
  fs::create_directories(folder_ / "alone");
  fs::rename(folder_ / "data/person9", folder_ / "alone/person9");
  recipe.data.test = (folder_ / "alone").string();
  testing::Listener listener;
  const TrainReport report = train(recipe, listener);
  EXPECT_TRUE(std::isnan(report.test["eer"].value));
  EXPECT_TRUE(listener.heard("the test part has one identity, person9: with nobody to tell it from"));
  EXPECT_TRUE(report.test.table("operating_points").note.starts_with("All 8 examples are of one identity"))
      << report.test.table("operating_points").note;
}

TEST_F(IdentitiesRun, WhoseNamesDifferInCaseAloneAreRefused) {
  fs::rename(folder_ / "data/person1", folder_ / "data/Person0");
  for (const char* kind : {"verification", "identification"}) {
    try {
      (void)trained(kind);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      EXPECT_EQ(
          error.text().found,
          "'Person0' and 'person0', which differ in case, in spaces around or in the form of their accents alone");
    }
  }
}

TEST_F(IdentitiesRun, AreNoGroupsOfSomethingElse) {
  Recipe recipe = testing::run_in(folder_, "model");
  recipe.task.kind = "verification";
  recipe.data.group = "(person)";
  EXPECT_THROW((void)train(recipe), Error);
}

}  // namespace
}  // namespace enxerto
