#include "enxerto/metrics/translation_scores.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/metrics/rouge.h"

namespace enxerto {
namespace {

constexpr std::size_t kPairs = 15;

/// The file of tools/golden/translation_scores.py.
class TranslationGolden {
 public:
  std::string line() {
    std::string text;
    EXPECT_TRUE(std::getline(file_, text));
    return text;
  }
  std::vector<double> numbers() {
    std::istringstream words(line());
    std::vector<double> found;
    for (double value = 0; words >> value;) found.push_back(value);
    return found;
  }

 private:
  std::ifstream file_{ENXERTO_TEST_DATA "/metrics/translation.txt"};
};

BleuCounts bleu_of(std::string_view said, std::string_view right) {
  return bleu_counts(said, std::array<std::string_view, 1>{right});
}
ChrfCounts chrf_of(std::string_view said, std::string_view right, std::size_t words = 0) {
  return chrf_counts(said, std::array<std::string_view, 1>{right}, words);
}

TEST(TranslationScores, AreThoseOfSacrebleuAndRougeScore) {
  TranslationGolden golden;
  TranslationScores all;
  for (std::size_t i = 0; i < kPairs; ++i) {
    const std::string said = golden.line(), right = golden.line();
    const std::vector<double> wanted = golden.numbers();
    ASSERT_EQ(wanted.size(), 4U);
    EXPECT_NEAR(bleu(bleu_of(said, right), true), wanted[0], 1e-9) << said;
    EXPECT_NEAR(chrf(chrf_of(said, right)), wanted[1], 1e-9) << said;
    EXPECT_NEAR(chrf(chrf_of(said, right, kChrfWords)), wanted[2], 1e-9) << said;
    EXPECT_NEAR(rouge_l(said, right), wanted[3], 1e-12) << said;
    all.add("source", said, right);
  }
  MetricsReport report;
  all.report(report);
  const std::vector<double> whole = golden.numbers();
  EXPECT_NEAR(report["bleu"].value, whole.at(0), 1e-9);
  EXPECT_NEAR(report["chrf"].value, whole.at(1), 1e-9);
  EXPECT_NEAR(report["chrf++"].value, whole.at(2), 1e-9);
}

TEST(TranslationScores, OfSeveralReferencesTakeTheClosestAndTheBest) {
  TranslationGolden golden;
  for (std::size_t i = 0; i < kPairs * 3 + 1; ++i) golden.line();
  const std::vector<double> wanted = golden.numbers();
  const std::array<std::string_view, 2> first{"a b c", "a b c d e"}, second{"x", "the cat sat"};
  EXPECT_NEAR(bleu(bleu_counts("a b c d", first).add(bleu_counts("the cat sat", second))), wanted.at(0), 1e-9);
  for (const std::size_t words : {std::size_t{0}, kChrfWords})
    EXPECT_NEAR(chrf(chrf_counts("a b c d", first, words).add(chrf_counts("the cat sat", second, words))),
                wanted.at(words == 0 ? 1 : 2), 1e-9);
}

TEST(TranslationScores, BearSacrebleusSignatures) {
  TranslationGolden golden;
  for (std::size_t i = 0; i < kPairs * 3 + 2; ++i) golden.line();
  EXPECT_EQ(bleu_signature(), golden.line());
  EXPECT_EQ(chrf_signature(), golden.line());
  EXPECT_EQ(chrf_signature(kChrfWords), golden.line());
}

TEST(TranslationScores, CountWhatGoesWrong) {
  TranslationScores scores;
  scores.add("the cat", " the cat", "die Katze");
  scores.add("the dog", " ", "der Hund");
  scores.add("a", "s s s s s s s s", "b");
  scores.add("b", "der Hund ", "der Hund");
  MetricsReport report;
  scores.report(report);
  EXPECT_EQ(report["copied"].value, 0.25);
  EXPECT_EQ(report["empty"].value, 0.25);
  EXPECT_EQ(report["repetitive"].value, 0.25);
  EXPECT_EQ(report["exact_match"].value, 0.25);
  EXPECT_FALSE(report["copied"].higher_is_better);
}

TEST(TranslationScores, OfNothingAreNoNumbers) {
  MetricsReport report;
  TranslationScores().report(report);
  EXPECT_TRUE(std::isnan(report["bleu"].value));
  EXPECT_TRUE(std::isnan(report["exact_match"].value));
}

}  // namespace
}  // namespace enxerto
