#include "enxerto/tasks/ctc_decoding.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/tasks/alphabet.h"

namespace enxerto {
namespace {

const Alphabet kAlphabet({" ", "a", "b", "c"});

TEST(CtcDecoding, TakesTheMostProbableLabelsTogetherAndDropsBlanks) {
  //                                     a            a            -            a            b            -
  const std::vector<float> frames{0.1F, 0.9F, 0, 0.2F, 0.8F, 0, 1, 0, 0, 0, 1, 0, 0, 0.4F, 0.6F, 1, 0, 0};
  EXPECT_EQ(greedy_labels(frames, 3), (std::vector<std::int64_t>{1, 1, 2}));
  EXPECT_TRUE(greedy_labels({}, 3).empty());
}

TEST(CtcDecoding, AddsUpTheAlignmentsOfOneText) {
  // Each frame says nothing with 0.4 and 'a' with 0.35: the best path is empty, but "a" has three alignments.
  const std::vector<float> frames{0.4F, 0.35F, 0.25F, 0.4F, 0.35F, 0.25F};
  EXPECT_TRUE(greedy_labels(frames, 3).empty());
  const std::vector<CtcBeam> found = beam_labels(frames, 3);
  EXPECT_EQ(found.front().labels, (std::vector<std::int64_t>{1}));
  EXPECT_NEAR(std::exp(found.front().logarithm), 0.35 * 0.35 + 2 * 0.35 * 0.4, 1e-6);
}

TEST(CtcDecoding, FindsWhatPyctcdecodeFinds) {
  const std::string path = ENXERTO_TEST_DATA "/tasks/ctc_decoding.json";
  const Json cases = parse_json(read_text(path, 1 << 20), path);
  ASSERT_EQ(cases.size(), 24U);
  for (const Json& one : cases) {
    const auto probabilities = one["probabilities"].get<std::vector<float>>();
    const std::vector<CtcBeam> found = beam_labels(
        probabilities, kAlphabet.width(), {.beams = one["beams"].get<std::size_t>(), .space = kAlphabet.space()});
    ASSERT_GE(found.size(), one["texts"].size());
    for (std::size_t i = 0; i < one["texts"].size(); ++i) {
      EXPECT_EQ(kAlphabet.text_of(found[i].labels), one["texts"][i].get<std::string>());
      EXPECT_NEAR(found[i].logarithm, one["logarithms"][i].get<double>(), 1e-6);
    }
  }
}

TEST(CtcDecoding, WeighsWordsAsPyctcdecodeDoesWithKenLM) {
  const std::string path = ENXERTO_TEST_DATA "/tasks/ctc_words.json";
  const Json cases = parse_json(read_text(path, 1 << 26), path);
  const auto model = NgramModel::read(ENXERTO_TEST_DATA "/tasks/words.arpa");
  ASSERT_GE(cases["searches"].size(), 40U);
  for (const Json& one : cases["searches"]) {
    const auto probabilities = one["probabilities"].get<std::vector<float>>();
    const CtcWords words{
        .search = {.model = model, .weight = one["weight"].get<double>(), .bonus = one["bonus"].get<double>()},
        .texts = kAlphabet.texts()};
    const std::vector<CtcBeam> found =
        beam_labels(probabilities, kAlphabet.width(),
                    {.beams = one["beams"].get<std::size_t>(), .space = kAlphabet.space(), .words = words});
    EXPECT_EQ(kAlphabet.text_of(found.front().labels), one["text"].get<std::string>());
    EXPECT_NEAR(found.front().logarithm, one["logarithm"].get<double>(), 1e-5);
    EXPECT_NEAR(found.front().weighed, one["weighed"].get<double>(), 1e-5);
  }
}

TEST(CtcDecoding, ASpaceAtTheEndIsNoUnknownWord) {
  const auto model = NgramModel::read(ENXERTO_TEST_DATA "/tasks/words.arpa");
  ASSERT_TRUE(model->knows("a"));
  const std::vector<float> frames{0, 0, 1, 0, 0, 0, 1, 0, 0, 0};  // 'a', then a space
  const CtcSearch search{.space = kAlphabet.space(), .words = {.search = {.model = model}, .texts = kAlphabet.texts()}};
  const std::vector<CtcBeam> spaced = beam_labels(frames, kAlphabet.width(), search);
  const std::vector<CtcBeam> bare = beam_labels(std::span(frames).first(5), kAlphabet.width(), search);
  EXPECT_EQ(spaced.front().labels, bare.front().labels);
  EXPECT_NEAR(spaced.front().weighed, bare.front().weighed, 1e-9);
}

TEST(Alphabet, NeedsABlankBetweenEqualLabels) {
  EXPECT_EQ(frames_needed(std::vector<std::int64_t>{2, 2, 2}), 5U);
  EXPECT_EQ(frames_needed(std::vector<std::int64_t>{2, 1, 2}), 3U);
  EXPECT_EQ(frames_needed({}), 0U);
}

}  // namespace
}  // namespace enxerto
