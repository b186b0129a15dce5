#include "enxerto/training/epoch_batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace enxerto {
namespace {

TEST(EpochBatches, HaveEveryExampleOnce) {
  std::multiset<std::size_t> seen;
  const auto batches = epoch_batches({.examples = 103, .batch_size = 10, .accumulation_steps = 3}, 0);
  EXPECT_EQ(batches.size(), 11U);
  EXPECT_EQ(batches.front().size(), 3U);
  for (const MicroBatches& batch : batches)
    for (const auto& piece : batch) seen.insert(piece.begin(), piece.end());
  EXPECT_EQ(seen.size(), 103U);
  EXPECT_EQ(std::set<std::size_t>(seen.begin(), seen.end()).size(), 103U);
}

TEST(EpochBatches, ComeInAnotherOrderEachEpochAndTheSameForASeed) {
  const EpochBatchesOptions options{.examples = 50, .batch_size = 50, .seed = 7};
  EXPECT_EQ(epoch_batches(options, 3), epoch_batches(options, 3));
  EXPECT_NE(epoch_batches(options, 3), epoch_batches(options, 4));
}

TEST(EpochBatches, EndEarlyWhereStepsAreCountedWithOtherExamplesEachTime) {
  EpochBatchesOptions options{.examples = 103, .batch_size = 10, .most_steps = 3, .seed = 2};
  options.lengths.assign(options.examples, 7);
  EXPECT_EQ(steps_per_epoch(options), 3);
  EXPECT_EQ(epoch_batches(options, 0).size(), 3U);
  EXPECT_NE(epoch_batches(options, 0), epoch_batches(options, 1));
  options.most_steps = 40;
  EXPECT_EQ(steps_per_epoch(options), 11) << "no more than there are";
}

TEST(EpochBatches, JoinALastSingleExampleWhereNormsAreTrained) {
  const EpochBatchesOptions options{.examples = 21, .batch_size = 10, .accumulation_steps = 10, .no_singles = true};
  const auto batches = epoch_batches(options, 0);
  EXPECT_EQ(steps_per_epoch(options), 2);
  ASSERT_EQ(batches.size(), 2U);
  for (const MicroBatches& batch : batches)
    for (const auto& piece : batch) EXPECT_GE(piece.size(), 2U);
  EXPECT_EQ(batches[1].size(), 5U);
}

TEST(EpochBatches, AreAsManyAsSaid) {
  for (std::size_t examples = 1; examples < 40; ++examples)
    for (const bool no_singles : {false, true})
      for (const std::int64_t size : {1, 2, 7}) {
        const EpochBatchesOptions options{.examples = examples, .batch_size = size, .no_singles = no_singles};
        EXPECT_EQ(epoch_batches(options, 0).size(), static_cast<std::size_t>(steps_per_epoch(options)));
      }
}

TEST(EpochBatches, AreOfLikeLengthsWhereLengthsAreKnown) {
  EpochBatchesOptions options{.examples = 203, .batch_size = 10, .seed = 5};
  const auto unsorted = epoch_batches(options, 1);
  for (std::size_t i = 0; i < options.examples; ++i) options.lengths.push_back(i * 7919 % 100 + 1);
  const auto batches = epoch_batches(options, 1);
  EXPECT_EQ(batches, epoch_batches(options, 1));
  EXPECT_NE(batches, epoch_batches(options, 2));
  EXPECT_EQ(batches.size(), static_cast<std::size_t>(steps_per_epoch(options)));
  std::vector<std::size_t> all;
  std::size_t longest_first = 0;
  const auto filled_up = [&](const std::vector<MicroBatches>& some) {
    std::size_t sum = 0;
    for (const MicroBatches& batch : some) {
      std::size_t longest = 0;
      for (const std::size_t example : batch[0]) longest = std::max(longest, options.lengths[example]);
      for (const std::size_t example : batch[0]) sum += longest - options.lengths[example];
    }
    return sum;
  };
  EXPECT_LT(10 * filled_up(batches), filled_up(unsorted));
  for (std::size_t i = 0; i + 1 < batches.size(); ++i)
    longest_first += options.lengths[batches[i][0][0]] > options.lengths[batches[i + 1][0][0]] ? 1 : 0;
  EXPECT_LT(longest_first, batches.size() - 2) << "the order of the batches is drawn";
  for (const MicroBatches& batch : batches) all.insert(all.end(), batch[0].begin(), batch[0].end());
  std::ranges::sort(all);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i);
}

/// Lengths of 1 to 100.
EpochBatchesOptions by_tokens(std::size_t examples, std::int64_t tokens) {
  EpochBatchesOptions options{.examples = examples, .batch_size = 0, .batch_tokens = tokens, .seed = 5};
  for (std::size_t i = 0; i < examples; ++i) options.lengths.push_back(i * 7919 % 100 + 1);
  return options;
}

std::vector<std::size_t> all_in(const std::vector<MicroBatches>& batches) {
  std::vector<std::size_t> all;
  for (const MicroBatches& batch : batches)
    for (const auto& piece : batch) all.insert(all.end(), piece.begin(), piece.end());
  std::ranges::sort(all);
  return all;
}

TEST(BatchesByTokens, HoldNoMoreThanTheirTokensCountedAsThoseOfTheLongestExample) {
  const EpochBatchesOptions options = by_tokens(503, 400);
  const auto batches = epoch_batches(options, 3);
  std::size_t filled = 0, own = 0;
  for (const MicroBatches& batch : batches) {
    std::size_t longest = 0;
    for (const std::size_t example : batch[0]) longest = std::max(longest, options.lengths[example]);
    for (const std::size_t example : batch[0]) own += options.lengths[example];
    EXPECT_LE(longest * batch[0].size(), 400U);
    filled += longest * batch[0].size();
  }
  EXPECT_LT(filled, own * 102 / 100) << "of like lengths";
  const std::vector<std::size_t> all = all_in(batches);
  ASSERT_EQ(all.size(), 503U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i);
}

TEST(BatchesByTokens, AreAsManyInEachEpochAndOfOtherExamples) {
  const EpochBatchesOptions options = by_tokens(503, 400);
  for (std::uint64_t epoch = 0; epoch < 4; ++epoch)
    EXPECT_EQ(epoch_batches(options, epoch).size(), static_cast<std::size_t>(steps_per_epoch(options)));
  EXPECT_EQ(epoch_batches(options, 1), epoch_batches(options, 1));
  std::set<std::vector<std::size_t>> before;
  for (const MicroBatches& batch : epoch_batches(options, 1)) before.insert(all_in({batch}));
  std::size_t again = 0;
  const auto batches = epoch_batches(options, 2);
  for (const MicroBatches& batch : batches) again += before.contains(all_in({batch})) ? 1 : 0;
  EXPECT_LT(again, batches.size() / 3);
}

TEST(BatchesByTokens, HoldAnExampleThatIsLongerThanAllTheirTokensAlone) {
  EpochBatchesOptions options = by_tokens(40, 100);
  options.lengths[7] = 1000;
  bool alone = false;
  for (const MicroBatches& batch : epoch_batches(options, 0)) alone |= batch[0] == std::vector<std::size_t>{7};
  EXPECT_TRUE(alone);
}

TEST(BatchesByTokens, HoldNoMoreExamplesThanBesideThemIsAsked) {
  EpochBatchesOptions options = by_tokens(300, 400);
  options.batch_size = 6;
  options.accumulation_steps = 2;
  const auto batches = epoch_batches(options, 0);
  EXPECT_EQ(batches.size(), static_cast<std::size_t>(steps_per_epoch(options)));
  for (const MicroBatches& batch : batches) EXPECT_LE(all_in({batch}).size(), 6U);
}

TEST(BatchesByTokens, HoldNoSingleExampleWhereNormsAreTrained) {
  for (std::size_t examples = 2; examples < 30; ++examples) {
    EpochBatchesOptions options = by_tokens(examples, 120);
    options.no_singles = true;
    const auto batches = epoch_batches(options, 0);
    EXPECT_EQ(all_in(batches).size(), examples);
    for (const MicroBatches& batch : batches) EXPECT_GE(batch[0].size(), 2U);
  }
}

TEST(EpochBatches, KeepTheirOrderWherePlain) {
  EXPECT_EQ(plain_batches({4, 2, 9}, 2), (std::vector<MicroBatches>{{{4, 2}}, {{9}}}));
}

/// Chains of five examples each, 0 to 4, 5 to 9 and so on.
std::vector<std::size_t> chains_of_five(std::size_t examples) {
  std::vector<std::size_t> before;
  for (std::size_t i = 0; i < examples; ++i) before.push_back(i % 5 == 0 ? examples : i - 1);
  return before;
}

TEST(StreamsOfExamples, PutEachInThePlaceOfTheOneThatItGoesOnFrom) {
  const EpochBatchesOptions options{
      .examples = 103, .batch_size = 10, .accumulation_steps = 3, .before = chains_of_five(103)};
  const auto batches = epoch_batches(options, 2);
  EXPECT_EQ(batches.size(), static_cast<std::size_t>(steps_per_epoch(options)));
  EXPECT_EQ(batches.front().size(), 3U) << "micro-batches";
  std::multiset<std::size_t> seen;
  std::size_t going_on = 0;
  for (std::size_t step = 0; step < batches.size(); ++step) {
    for (const auto& piece : batches[step]) seen.insert(piece.begin(), piece.end());
    for (const std::uint8_t flag :
         continuing(batches[step], step > 0 ? batches[step - 1] : MicroBatches{}, options.before))
      going_on += flag;
  }
  EXPECT_EQ(seen.size(), 103U);
  EXPECT_EQ(std::set<std::size_t>(seen.begin(), seen.end()).size(), 103U);
  EXPECT_GE(going_on, 103U - 21U - 9U) << "only the borders of 21 chains and of ten streams begin anew";
}

TEST(StreamsOfExamples, ComeInAnotherOrderEachEpoch) {
  const EpochBatchesOptions options{.examples = 50, .batch_size = 4, .seed = 7, .before = chains_of_five(50)};
  EXPECT_EQ(epoch_batches(options, 3), epoch_batches(options, 3));
  EXPECT_NE(epoch_batches(options, 3), epoch_batches(options, 4));
}

TEST(StreamsOfExamples, OfFewerExamplesThanABatchAreOneStep) {
  const EpochBatchesOptions options{.examples = 3, .batch_size = 8, .before = chains_of_five(3)};
  ASSERT_EQ(epoch_batches(options, 0).size(), 1U);
  EXPECT_EQ(epoch_batches(options, 0).front().front().size(), 3U);
}

TEST(EpochBatches, HaveSeveralExamplesOfAnIdentitySideBySide) {
  EpochBatchesOptions options{.examples = 120, .batch_size = 16, .seed = 3};
  for (std::size_t i = 0; i < options.examples; ++i) options.alike.push_back(static_cast<std::int64_t>(i % 10));
  std::multiset<std::size_t> seen;
  for (const MicroBatches& batch : epoch_batches(options, 1)) {
    std::set<std::int64_t> identities;
    for (const std::size_t example : batch.front()) {
      seen.insert(example);
      identities.insert(options.alike[example]);
    }
    EXPECT_LE(identities.size(), batch.front().size() / kAlikeTogether);
  }
  EXPECT_EQ(seen.size(), 120U);
  EXPECT_EQ(std::set<std::size_t>(seen.begin(), seen.end()).size(), 120U);
  EXPECT_NE(epoch_batches(options, 1), epoch_batches(options, 2));
}

}  // namespace
}  // namespace enxerto
