// Two inputs of varying length on their way: extracted, cached, put into batches, learnt from.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/features/extract.h"
#include "enxerto/features/live_examples.h"
#include "enxerto/heads/loss.h"
#include "enxerto/training/epoch_batches.h"
#include "enxerto/training/evaluate_source.h"
#include "enxerto/training/parameter_groups.h"
#include "enxerto/training/training_loop.h"
#include "enxerto/transfer/cached_rows.h"
#include "enxerto/transfer/live_source.h"
#include "enxerto/transfer/phase_cut.h"
#include "enxerto/transfer/phase_steps.h"
#include "tests/engine/small_networks.h"
#include "tests/features/tokens.h"
#include "tests/transfer/given_targets.h"

namespace enxerto {
namespace {

using testing::TokenData;
using testing::TokenPreprocessor;

constexpr std::size_t kExamples = 90;

class VaryingRows : public ::testing::Test {
 protected:
  VaryingRows() {
    std::string name = (std::filesystem::temp_directory_path() / "enxerto-varying-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~VaryingRows() override { std::filesystem::remove_all(folder_); }

  FeatureSource source(const std::string& train_from) const {
    return {.prefix = cut_for_phase(network_, train_from).prefix,
            .preprocessor = std::make_shared<TokenPreprocessor>(),
            .description = "tokens"};
  }

  ExtractOptions with_cache(int threads = 2) const {
    return {.threads = threads, .batch = 4, .cache = FeatureCache::open({.directory = folder_ / "cache"})};
  }

  std::unique_ptr<BatchSource> rows_of(const Extracted& extracted) const {
    std::vector<std::int64_t> labels;
    for (const std::size_t position : extracted.positions) labels.push_back(class_number(data_.target(position)));
    return cached_rows({.views = {extracted.stored}, .targets = testing::class_numbers_of(labels)});
  }

  const TokenData data_{kExamples};
  const Graph network_ = testing::filled(testing::token_network());
  std::filesystem::path folder_;
};

/// What the whole network says of one example alone.
std::vector<float> logits_of(Executor& whole, const TokenData& data, std::size_t position) {
  const TokenPreprocessor preprocessor;
  OwnSlots slots(preprocessor.inputs());
  const std::vector<Field> fields{data.get(position)->field(0)};
  preprocessor.encode(fields, {}, slots);
  const std::vector<Tensor> inputs = slots.take();
  TensorMap one;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Shape shape = inputs[i].shape();
    shape.insert(shape.begin(), 1);
    one.set(preprocessor.inputs()[i].name, inputs[i].reshaped(shape));
  }
  const Tensor logits = whole.run(one).at("head.logits");
  return {logits.as<float>().begin(), logits.as<float>().end()};
}

TEST_F(VaryingRows, CrossTheCutAsTheMaskAndTheTokensOfEachExamplesOwnLength) {
  const Extracted found = extract(data_, source("block"), with_cache());
  const RowLayout& layout = found.stored.layout();
  ASSERT_EQ(layout.values.size(), 2U);
  EXPECT_EQ(layout.values[0].name, "mask");
  EXPECT_EQ(layout.values[1].shape, (Shape{-1, 6}));
  ASSERT_EQ(found.stored.size(), kExamples);
  for (std::size_t i = 0; i < kExamples; ++i) {
    const auto length = static_cast<std::int64_t>(TokenData::length(i));
    EXPECT_EQ(found.stored.at(i).value(0).shape, Shape{length});
    EXPECT_EQ(found.stored.at(i).value(1).shape, (Shape{length, 6}));
  }
}

TEST_F(VaryingRows, ComeFromTheCacheTheSecondTimeTheSameWhateverTheThreads) {
  const Extracted first = extract(data_, source("block"), with_cache());
  EXPECT_EQ(first.computed, kExamples);
  const Extracted second = extract(data_, source("block"), with_cache());
  EXPECT_EQ(second.cached, kExamples);
  const Extracted alone = extract(data_, source("block"), {.threads = 1, .batch = 4});
  for (std::size_t i = 0; i < kExamples; ++i) {
    EXPECT_TRUE(std::ranges::equal(first.stored.record(i), second.stored.record(i))) << i;
    EXPECT_TRUE(std::ranges::equal(first.stored.record(i), alone.stored.record(i))) << i;
  }
}

TEST_F(VaryingRows, AreMadeAgainWhereARecordIsDamaged) {
  const Extracted first = extract(data_, source("block"), with_cache());
  std::vector<std::vector<std::byte>> before;
  for (std::size_t i = 0; i < kExamples; ++i) {
    const auto record = first.stored.record(i);
    before.emplace_back(record.begin(), record.end());
  }
  std::fstream file(folder_ / "cache" / feature_space(source("block")).hex() / "seg-0.bin",
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4000);
  file.put('\x55');
  file.close();
  for (const std::size_t repaired : {1U, 0U}) {
    const Extracted again = extract(data_, source("block"), with_cache());
    EXPECT_EQ(again.repaired, repaired);
    EXPECT_EQ(again.cached, kExamples - repaired);
    for (std::size_t i = 0; i < kExamples; ++i) EXPECT_TRUE(std::ranges::equal(again.stored.record(i), before[i])) << i;
  }
}

TEST_F(VaryingRows, GiveTheSuffixWhatTheWholeNetworkWouldSee) {
  for (const char* from : {"all", "block", "head"}) {
    const Extracted found = extract(data_, source(from), with_cache());
    const auto rows = rows_of(found);
    const auto suffix = compile(cut_for_phase(network_, from).suffix, {.threads = 1});
    const auto whole = compile(network_, {.threads = 1});
    for (const std::vector<std::size_t>& some : {std::vector<std::size_t>{0, 7, 33}, {5}, {88, 2}}) {
      const TensorMap outputs = suffix->run(rows->get(some, 0).inputs);
      for (std::size_t i = 0; i < some.size(); ++i) {
        const std::vector<float> wanted = logits_of(*whole, data_, some[i]);
        for (std::size_t c = 0; c < 2; ++c)
          EXPECT_NEAR(outputs.at("head.logits").as<float>()[2 * i + c], wanted[c], 1e-5) << from << " " << some[i];
      }
    }
  }
}

TEST_F(VaryingRows, AreTheSameWhereTheyAreMadeAsTheyAreNeeded) {
  const Extracted found = extract(data_, source("block"), with_cache());
  LiveExamples live(data_, source("block"), 2);
  std::vector<std::size_t> all(kExamples);
  std::iota(all.begin(), all.end(), std::size_t{0});
  const TensorMap made = live.get(all, 0, false);
  const TensorMap kept = rows_of(found)->get(all, 0).inputs;
  for (const char* name : {"mask", "embed.act"}) {
    ASSERT_EQ(made.at(name).shape(), kept.at(name).shape());
    const auto a = made.at(name).as<float>(), b = kept.at(name).as<float>();
    for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-6) << name << " " << i;
  }
}

TEST_F(VaryingRows, AreLearntFromInBatchesOfLikeLengths) {
  const Extracted found = extract(data_, source("block"), with_cache());
  const auto rows = rows_of(found);
  EXPECT_GT(rows->length(0), 0U);
  const Graph learner =
      with_loss(cut_for_phase(network_, "block").suffix, {.kind = "sparse_categorical_cross_entropy"});
  TrainerOptions options{.threads = 1};
  options.groups = parameter_groups(learner, std::vector<std::string>{"block", "head"});
  const auto run = [&] {
    const auto trainer = make_trainer(learner, options);
    LoopOptions loop{.epochs = 12, .batch_size = 8, .accumulation_steps = 2, .learning_rate = 0.02};
    return train_phase(*trainer, {.training = *rows, .validation = rows.get()}, loop);
  };
  const PhaseOutcome outcome = run(), again = run();
  const auto& losses = outcome.history.series[0].values;
  EXPECT_LT(losses.back(), 0.5 * losses.front());
  for (const auto& [name, tensor] : outcome.weights) EXPECT_TRUE(identical(tensor, again.weights.at(name))) << name;
}

TEST_F(VaryingRows, AreCountedInTokensAsTheyAreFilledUpCachedOrMadeAsTheyAreNeeded) {
  const auto data = std::make_shared<TokenData>(kExamples);
  const Extracted found = extract(data_, source("block"), with_cache());
  const auto rows = rows_of(found);
  std::vector<std::size_t> positions(kExamples);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  const auto live = live_source({.dataset = data,
                                 .positions = positions,
                                 .source = source("block"),
                                 .targets = testing::class_numbers_of(std::vector<std::int64_t>(kExamples, 1))});
  for (std::size_t i = 0; i < kExamples; ++i) {
    const std::size_t filled_up = (TokenData::length(i) + 7) / 8 * 8;
    EXPECT_EQ(rows->tokens(i), filled_up);
    EXPECT_EQ(live->tokens(i), filled_up);
  }
}

TEST_F(VaryingRows, AreLearntFromInBatchesOfSoManyTokens) {
  const Extracted found = extract(data_, source("block"), with_cache());
  const auto rows = rows_of(found);
  const Graph learner =
      with_loss(cut_for_phase(network_, "block").suffix, {.kind = "sparse_categorical_cross_entropy"});
  TrainerOptions options{.threads = 1};
  options.groups = parameter_groups(learner, std::vector<std::string>{"block", "head"});
  const auto trainer = make_trainer(learner, options);
  const PhaseOutcome outcome = train_phase(*trainer, {.training = *rows, .validation = rows.get()},
                                           {.epochs = 12, .batch_size = 0, .batch_tokens = 240, .learning_rate = 0.02});
  const auto& losses = outcome.history.series[0].values;
  EXPECT_LT(losses.back(), 0.5 * losses.front());
  const std::int64_t steps = steps_per_epoch(
      {.examples = kExamples, .batch_size = 0, .batch_tokens = 240, .lengths = tokens_of(*rows, "phase")});
  EXPECT_EQ(outcome.steps, 12 * steps);
}

TEST_F(VaryingRows, AreSoManyInABatchOfTheLongest) {
  const Extracted found = extract(data_, source("block"), with_cache());
  const auto rows = rows_of(found);
  const auto longest = static_cast<std::int64_t>(std::ranges::max(tokens_of(*rows, "phase")));
  Phase phase;
  phase.batch_size = 0;
  phase.batch_tokens = 4 * longest + 1;
  EXPECT_EQ(longest_batch({.phase = phase, .name = "phase", .training = *rows}), 4);
  phase.batch_size = 3;
  EXPECT_EQ(longest_batch({.phase = phase, .name = "phase", .training = *rows}), 3);
  phase.batch_tokens = 0;
  phase.batch_size = 16;
  EXPECT_EQ(longest_batch({.phase = phase, .name = "phase", .training = *rows}), 16);
}

TEST_F(VaryingRows, ThatDoNotVaryHaveNoTokensToCount) {
  const Extracted found = extract(data_, source("head"), with_cache());
  const auto rows = rows_of(found);
  try {
    (void)tokens_of(*rows, "phase 1 (head)");
    FAIL() << "counted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("phase 1 (head): batch_tokens: has no effect"), std::string::npos)
        << error.what();
  }
}

TEST_F(VaryingRows, AreAsLongAsTheirFieldsWhereTheyAreMadeAsTheyAreNeeded) {
  const auto data = std::make_shared<TokenData>(kExamples);
  const auto live = live_source({.dataset = data,
                                 .positions = {7, 3, 40},
                                 .source = source("all"),
                                 .targets = testing::class_numbers_of({1, 1, 0})});
  EXPECT_EQ(lengths_of(*live),
            (std::vector<std::size_t>{TokenData::length(7), TokenData::length(3), TokenData::length(40)}));
}

TEST_F(VaryingRows, AreCountedByTheLengthsOfASample) {
  const std::uint64_t bytes = feature_bytes(source("block"), data_, kExamples, 1);
  const Extracted found = extract(data_, source("block"), with_cache());
  std::uint64_t real = 0;
  for (std::size_t i = 0; i < kExamples; ++i) real += found.stored.record(i).size();
  EXPECT_GT(bytes, real / 2);
  EXPECT_LT(bytes, real * 2);
}

}  // namespace
}  // namespace enxerto
