#include "enxerto/tasks/vectors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/identity_whitening.h"
#include "enxerto/tasks/gallery.h"
#include "enxerto/tasks/settling.h"

namespace enxerto {
namespace {

/// Of an identification model that knows ann (1, 0) and bob (0, 1).
Json known_two(double threshold) {
  Gallery gallery{.width = 2};
  gallery.add("ann", std::vector<float>{1, 0});
  gallery.add("bob", std::vector<float>{0, 1, 0, 1});
  Json record{{"kind", "identification"}, {"width", 2}, {"false_accept_rate", 0.01}, {"threshold", threshold}};
  put_gallery(gallery, record);
  return record;
}

TensorMap answer(std::vector<float> vector) {
  TensorMap outputs;
  const auto width = static_cast<std::int64_t>(vector.size());
  outputs.set(std::string(kHeadProbabilities), Tensor::of<float>({1, width}, vector));
  return outputs;
}

TEST(Identification, NamesTheNearestOrNobody) {
  const TaskPtr task = task_from_record(known_two(0.7), "here");
  const std::vector<Prediction> known = task->read(answer({0.8F, 0.6F}), {}, {}, {});
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].label, "ann");
  EXPECT_NEAR(*known[0].score, 0.8, 1e-6);
  const std::vector<Prediction> stranger = task->read(answer({0.6F, -0.8F}), {}, {}, {});
  EXPECT_EQ(stranger.at(0).label, "unknown");
  EXPECT_FALSE(stranger.at(0).index);
  EXPECT_TRUE(task->to_json(stranger)["label"].is_null());
  EXPECT_EQ(task->read(answer({0.6F, -0.8F}), {}, {}, {.threshold = 0.5}).at(0).label, "ann");
  EXPECT_EQ(task->read(answer({0.6F, -0.8F}), {}, {}, {.top_k = 2}).size(), 3U);
  EXPECT_THROW((void)task->read(answer({1, 0, 0}), {}, {}, {}), Error);
}

TEST(Identification, IsRightToNameNoStranger) {
  const TaskPtr task = task_from_record(known_two(0.7), "here");
  const Tensor stranger = Tensor::scalar(std::int64_t{2});
  EXPECT_EQ(task->judge(answer({0.6F, -0.8F}), stranger).error, 0);
  EXPECT_EQ(task->judge(answer({0.6F, -0.8F}), stranger).truth, "unknown");
  EXPECT_GT(task->judge(answer({0.8F, 0.6F}), stranger).error, 0.7);
}

TEST(Identification, SaysOfWhomNothingCouldBeRead) {
  const TaskPtr task = task_from_record(known_two(0.7), "here");
  const std::unique_ptr<Settling> settling = task->settling();
  TensorMap target;
  target.set(std::string(kTarget), Tensor::of<std::int64_t>({1}, {0}));
  settling->update(answer({1, 0}), target);
  EXPECT_EQ(settling->words().find("1 identity known (not bob, of whom nothing could be read), from"), 0U)
      << settling->words();
  EXPECT_NE(settling->words().find("; 1 % of so few examples (1) is less than one"), std::string::npos);
  for (const Prediction& one : settling->settled()->read(answer({0.6F, 0.8F}), {}, {}, {.top_k = 5}))
    EXPECT_NE(one.label, "bob");
}

TEST(Identification, KnowsNobodyOfTheNameOfStrangers) {
  Gallery gallery{.width = 2};
  EXPECT_THROW(gallery.add("unknown", std::vector<float>{1, 0}), Error);
  EXPECT_THROW(gallery.add("Unknown", std::vector<float>{1, 0}), Error);
}

TEST(Identification, IsReadBackAsItWasSaved) {
  const Json record = known_two(0.25);
  EXPECT_EQ(task_record(*task_from_record(record, "here")),
            task_record(*task_from_record(task_record(*task_from_record(record, "here")), "here")));
  Json damaged = record;
  damaged["gallery"]["means"] = "AAAA";
  EXPECT_THROW((void)task_from_record(damaged, "here"), Error);
  damaged = record;
  damaged.erase("gallery");
  EXPECT_THROW((void)task_from_record(damaged, "here"), Error);
}

TEST(Gallery, TakesFurtherExamplesAndForgets) {
  Gallery gallery = gallery_from_record(known_two(0.5), "here");
  gallery.add("bob", std::vector<float>{1, 0});
  EXPECT_EQ(gallery.examples, (std::vector<std::size_t>{1, 3}));
  EXPECT_NEAR(gallery.means[2], 1.0 / 3, 1e-6);
  const Tensor templates = gallery.templates();
  EXPECT_NEAR(templates.as<float>()[3], 2 / std::sqrt(5.0), 1e-6);
  gallery.remove("ann");
  EXPECT_EQ(gallery.names, std::vector<std::string>{"bob"});
  EXPECT_THROW(gallery.remove("bob"), Error);  // the last one
  EXPECT_THROW(gallery.remove("robert"), Error);
  EXPECT_THROW(gallery.add("", std::vector<float>{1, 0}), Error);
  EXPECT_THROW(gallery.add("cy", std::vector<float>{1}), Error);
  EXPECT_THROW(gallery.add("Bob", std::vector<float>{1, 0}), Error) << "who would be bob";
  EXPECT_EQ(gallery.names.size(), 1U);
}

/// Rows of two features: the first says who it is, the second, ten times as large, says nothing.
struct NoisyRows {
  std::vector<float> values;
  std::vector<std::int64_t> identities;

  ExactProblem problem() const {
    ExactProblem problem{.features = {.width = 2, .row = {}},
                         .targets = Tensor::of<std::int64_t>({std::ssize(identities)}, std::span(identities)),
                         .units = 2};
    for (std::size_t i = 0; i < identities.size(); ++i) problem.features.row.push_back(values.data() + 2 * i);
    return problem;
  }
};

NoisyRows noisy_rows() {
  NoisyRows rows;
  for (std::uint64_t i = 0; i < 80; ++i) {
    Rng rng({.seed = 3, .epoch = 0, .example = i, .purpose = "noisy rows"});
    const auto noise = [&] { return static_cast<float>(static_cast<double>(rng.below(2001)) / 1000 - 1); };
    rows.identities.push_back(static_cast<std::int64_t>(i % 8) * 100);
    rows.values.push_back(static_cast<float>(i % 8) - 3.5F + 0.05F * noise());
    rows.values.push_back(10 * noise());
  }
  return rows;
}

TEST(IdentityWhitening, ChoosesToScaleWhatVariesWithinIdentities) {
  const NoisyRows rows = noisy_rows();
  const ExactHead head = identity_whitening_solver().solve(rows.problem(), {.threads = 1}, no_progress());
  EXPECT_EQ(head.chosen_by, "cross-validation");
  EXPECT_LT(head.l2.at(0), kAsTheyAre);
  EXPECT_GT(head.trials.front().figures.front().second, 0.2);  // as they are
  const auto weight = head.layer.weight.as<float>();
  EXPECT_GT(weight[0], 5 * weight[3]);
  EXPECT_EQ(identity_whitening_solver().agreement(head.layer, rows.problem().features, rows.problem().features, 1), 1);
}

TEST(IdentityWhitening, LearnsNothingAtItsGreatestStrengthAndOfFewIdentities) {
  NoisyRows rows = noisy_rows();
  ExactHead head = identity_whitening_solver().solve(rows.problem(), {.l2 = kAsTheyAre, .threads = 1}, no_progress());
  const auto weight = head.layer.weight.as<float>();
  EXPECT_EQ(std::vector<float>(weight.begin(), weight.end()), (std::vector<float>{1, 0, 0, 1}));
  for (std::int64_t& identity : rows.identities) identity %= 300;
  head = identity_whitening_solver().solve(rows.problem(), {.threads = 1}, no_progress());
  EXPECT_TRUE(head.chosen_by.empty());
  EXPECT_EQ(head.l2.at(0), kAsTheyAre);
}

TEST(IdentityWhitening, IsTheInverseRootOfTheSharedCovariance) {
  // Within: variances 2 and 8 (freedom 2), mean of all (2.5, 2), so v = 5.
  const std::vector<float> values{0, 0, 2, 4, 3, 0, 5, 4};
  const std::vector<std::int64_t> identities{1, 1, 2, 2};
  ExactProblem problem{
      .features = {.width = 2, .row = {}}, .targets = Tensor::of<std::int64_t>({4}, std::span(identities)), .units = 2};
  for (std::size_t i = 0; i < 4; ++i) problem.features.row.push_back(values.data() + 2 * i);
  const ExactHead head = identity_whitening_solver().solve(problem, {.l2 = 1, .threads = 1}, no_progress());
  // S = (2, 4; 4, 8); M = (S + 5 I) / 10 has the eigenvalues 0.5 and 1.5 along (2, -1) and (1, 2).
  const double a = 1 / std::sqrt(0.5), b = 1 / std::sqrt(1.5);
  const auto weight = head.layer.weight.as<float>();
  EXPECT_NEAR(weight[0], (4 * a + b) / 5, 1e-6);
  EXPECT_NEAR(weight[1], (-2 * a + 2 * b) / 5, 1e-6);
  EXPECT_NEAR(weight[3], (a + 4 * b) / 5, 1e-6);
  EXPECT_NEAR(head.layer.bias.as<float>()[0], -(weight[0] * 2.5 + weight[1] * 2) / 2, 1e-5);
}

TEST(Verification, SetsTheThresholdByPairsOfTwoIdentities) {
  const Json record{{"kind", "verification"}, {"names", Json::array()}, {"width", 2}, {"false_accept_rate", 0.1}};
  const TaskPtr task = task_from_record(record, "here");
  EXPECT_FALSE(task->decides_from());
  const std::unique_ptr<Settling> settling = task->settling();
  EXPECT_THROW((void)settling->settled(), Error);  // nobody was seen
  TensorMap outputs, targets;
  outputs.set(std::string(kHeadProbabilities), Tensor::of<float>({4, 2}, {1, 0, 0.8F, 0.6F, 0, 1, 0, 1}));
  targets.set("target", Tensor::of<std::int64_t>({4}, {1, 1, 2, 2}));
  settling->update(outputs, targets);
  EXPECT_NEAR(settling->settled()->decides_from().value(), 0.8, 1e-6);
  EXPECT_NE(settling->words().find("100.0 %"), std::string::npos) << settling->words();
}

TEST(Vectors, OfWindowsAreTheirMeanScaledToOne) {
  const Json record{{"kind", "verification"}, {"names", Json::array()}, {"width", 2}, {"false_accept_rate", 0.1}};
  TensorMap windows;
  windows.set(std::string(kHeadProbabilities), Tensor::of<float>({2, 2}, {1, 0, 0, 1}));
  const TensorMap joined = task_from_record(record, "here")->joined(windows, {}, {}, {});
  EXPECT_NEAR(joined.at(kHeadProbabilities).as<float>()[0], std::sqrt(0.5), 1e-6);
}

}  // namespace
}  // namespace enxerto
