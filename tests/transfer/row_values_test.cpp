// A task whose targets depend on where the places of an example went.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"
#include "enxerto/features/extract.h"
#include "enxerto/features/kept_values.h"
#include "enxerto/media/image/augmentation.h"
#include "enxerto/transfer/cached_rows.h"
#include "enxerto/transfer/live_source.h"
#include "enxerto/transfer/phase_cut.h"
#include "tests/engine/small_networks.h"
#include "tests/features/tokens.h"

namespace enxerto {
namespace {

using testing::TokenData;
using testing::TokenPreprocessor;
using Names = std::vector<std::string>;

/// Token i is at 301.25 i, and a random change moves all of them.
class PlacedTokens final : public Preprocessor {
 public:
  std::span<const InputSpec> inputs() const override { return tokens_.inputs(); }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    (void)tokens_.encode(example, view, out);
    const double moved = view.augment == nullptr ? 0 : static_cast<double>(Rng(view.key).below(1000));
    std::vector<float> places;
    for (std::size_t i = 0; i < example[0].bytes.size(); ++i)
      places.push_back(static_cast<float>(moved + 301.25 * static_cast<double>(i)));
    return {Tensor::of<float>({static_cast<std::int64_t>(places.size()), 1}, std::span<const float>(places))};
  }

  std::vector<Field> sample(std::uint64_t number) const override { return tokens_.sample(number); }
  Json record() const override { return {{"kind", "placed tokens"}}; }
  Json random_changes(const Augmentation& augmentation) const override {
    return augmentation.flip ? Json{{"moved", true}} : Json::object();
  }

 private:
  TokenPreprocessor tokens_;
};

/// Targets are the number of places, the last one, and the first token's first number.
class Places final : public Task {
 public:
  const TaskKind& kind() const override { return task_kinds().front(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }
  Json to_json(std::span<const Prediction> /*found*/) const override { return {}; }
  std::vector<std::string> row_values() const override { return {"alignment", "tokens"}; }

  TensorMap targets(const Tensor& /*target*/, const TensorMap& row) const override {
    const auto places = row.at("alignment").as<float>();
    const auto tokens = row.at("tokens").as<float>();
    TensorMap targets;
    targets.set("target", Tensor::of<float>({3}, {static_cast<float>(places.size()), places.back(), tokens.front()}));
    return targets;
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override { return {}; }
  std::vector<Prediction> read(const TensorMap& /*outputs*/, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& /*options*/) const override {
    return {};
  }
  Judged judge(const TensorMap& /*outputs*/, const Tensor& /*target*/) const override { return {}; }
  TaskWords words() const override { return {}; }
  Json record() const override { return {}; }

 private:
  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
};

class RowValuesOfATask : public ::testing::Test {
 protected:
  /// What a phase from `stage` on takes of view 0, with what the task needs behind it.
  FeatureSource source(const std::string& stage, DType storage, bool changed) const {
    FeatureSource source{.prefix = cut_for_phase(network_, stage).prefix,
                         .preprocessor = std::make_shared<PlacedTokens>(),
                         .storage = storage};
    if (changed) source.augmentation.flip = true;
    if (changed) source.view = 0;
    return keeping(std::move(source), task_->row_values());
  }

  std::unique_ptr<BatchSource> live(const std::string& stage, bool changed) const {
    return live_source({.dataset = data_,
                        .positions = positions_,
                        .source = source(stage, DType::f32, changed),
                        .threads = 2,
                        .targets = TargetSource(task_, data_, positions_),
                        .augmented = changed,
                        .for_targets = for_targets(stage)});
  }

  std::unique_ptr<BatchSource> cached(const Extracted& extracted, const std::string& stage) const {
    return cached_rows({.views = {extracted.stored},
                        .targets = TargetSource(task_, data_, positions_),
                        .for_targets = for_targets(stage)});
  }

  /// Tokens enter the network themselves where nothing is frozen.
  static Names for_targets(const std::string& stage) {
    return stage == "all" ? Names{"alignment"} : Names{"alignment", "tokens"};
  }

  const Graph network_ = testing::filled(testing::token_network());
  const std::shared_ptr<const TokenData> data_ = std::make_shared<TokenData>(20);
  const TaskPtr task_ = std::make_shared<Places>();
  const std::vector<std::size_t> positions_ = [] {
    std::vector<std::size_t> all(20);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }();
};

Names names_of(const TensorMap& tensors) {
  Names names;
  for (const auto& [name, tensor] : tensors) names.push_back(name);
  std::ranges::sort(names);
  return names;
}

TEST_F(RowValuesOfATask, AreOfEachExamplesOwnLengthAndNotRoundedWithTheFeatures) {
  const Extracted extracted = extract(*data_, source("block", DType::bf16, false), {.threads = 2});
  const TrainBatch batch = cached(extracted, "block")->get(positions_, 0);
  EXPECT_EQ(names_of(batch.inputs), (Names{"embed.act", "mask", "target"}));
  const auto targets = batch.inputs.at("target").as<float>();
  for (const std::size_t i : positions_) {
    const std::size_t length = TokenData::length(i);
    EXPECT_EQ(targets[3 * i], static_cast<float>(length));
    EXPECT_EQ(targets[3 * i + 1], 301.25F * static_cast<float>(length - 1));
  }
}

TEST_F(RowValuesOfATask, FollowTheChangesOfTheViewCachedOrMadeAsTheyAreNeeded) {
  for (const char* stage : {"all", "block", "head"}) {
    const Extracted extracted = extract(*data_, source(stage, DType::f32, true), {.threads = 2});
    const TensorMap kept = cached(extracted, stage)->get(positions_, 0).inputs;
    const TensorMap made = live(stage, true)->get(positions_, 0).inputs;
    EXPECT_EQ(names_of(kept), names_of(made)) << stage;
    EXPECT_TRUE(identical(kept.at("target"), made.at("target"))) << stage;
    const Tensor plain = live(stage, false)->get(positions_, 0).inputs.at("target");
    EXPECT_FALSE(identical(plain, made.at("target"))) << stage;
  }
}

TEST_F(RowValuesOfATask, LieInAFeatureSpaceOfTheirOwn) {
  const FeatureSource plain{.prefix = cut_for_phase(network_, "block").prefix,
                            .preprocessor = std::make_shared<PlacedTokens>()};
  EXPECT_EQ(feature_space(keeping(plain, {})), feature_space(plain));
  EXPECT_NE(feature_space(keeping(plain, Names{"alignment"})), feature_space(plain));
  EXPECT_NE(feature_space(keeping(plain, Names{"tokens"})), feature_space(plain));
}

TEST_F(RowValuesOfATask, AreRefusedWhereThePreprocessingDoesNotGiveThem) {
  const FeatureSource without{.prefix = network_, .preprocessor = std::make_shared<TokenPreprocessor>()};
  EXPECT_THROW((void)keeping(without, Names{"alignment"}), Error);
  EXPECT_THROW((void)keeping(without, Names{"pixels"}), Error);
}

}  // namespace
}  // namespace enxerto
