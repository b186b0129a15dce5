#include "enxerto/data/text_pairs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

std::string refusal(const TextPairFiles& files, ErrorKind kind) {
  try {
    (void)read_text_pairs(files, no_progress());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "read";
  return "";
}

void expect_pairs(const TextPairFiles& files) {
  const TextPairs pairs = read_text_pairs(files, no_progress());
  EXPECT_EQ(pairs.sources, (std::vector<std::string>{"a cat", "two, dogs"}));
  EXPECT_EQ(pairs.targets, (std::vector<std::string>{"um gato", "dois cães"}));
}

TEST(TextPairs, AreLinesOfTwoFiles) {
  testing::Workplace place;
  expect_pairs({.source = place.write("t.en",
                                      "\xEF\xBB\xBF"
                                      "a cat\r\ntwo, dogs\r\n"),
                .target = place.write("t.pt", "um gato\ndois cães\n")});
}

TEST(TextPairs, AreColumnsOfATable) {
  testing::Workplace place;
  expect_pairs({.source = place.write("t.tsv", "a cat\tum gato\ntwo, dogs\tdois cães\n")});
  expect_pairs({.source = place.write("u.tsv", "id\ttarget\tsource\n1\tum gato\ta cat\n2\tdois cães\ttwo, dogs\n")});
  expect_pairs({.source = place.write("v.csv", "en,pt,n\na cat,um gato,1\n\"two, dogs\",dois cães,2\n"),
                .columns = {"en", "pt"}});
}

TEST(TextPairs, AreLinesOfJson) {
  testing::Workplace place;
  const std::string inside =
      "{\"id\": 1, \"translation\": {\"en\": \"a cat\", \"pt\": \"um gato\"}}\n"
      "{\"translation\": {\"pt\": \"dois cães\", \"en\": \"two, dogs\"}}\n";
  expect_pairs({.source = place.write("t.jsonl", inside), .columns = {"en", "pt"}});
  expect_pairs({.source = place.write("u.jsonl", inside)});
  expect_pairs({.source = place.write("v.jsonl",
                                      "{\"source\": \"a cat\", \"target\": \"um gato\", \"n\": 1}\n"
                                      "{\"source\": \"two, dogs\", \"target\": \"dois cães\"}\n")});
}

TEST(TextPairs, OfDifferentNumbersOfLinesSayWhereTheyComeApart) {
  testing::Workplace place;
  const std::string found = refusal(
      {.source = place.write("t.en", "one\n\nthree\nfour\n"), .target = place.write("t.pt", "um\ndois\ntrês\n")},
      ErrorKind::data);
  EXPECT_NE(found.find("4 lines in t.en, 3 in t.pt"), std::string::npos) << found;
  EXPECT_NE(found.find("line 4 of t.en: four"), std::string::npos) << found;
  EXPECT_NE(found.find("line 2 is blank in t.en alone"), std::string::npos) << found;
}

TEST(TextPairs, WithABlankSideAreLeftOutAndTold) {
  testing::Workplace place;
  testing::Listener notices;
  const TextPairs pairs = read_text_pairs(
      {.source = place.write("t.en", "one\n \nthree\n\n"), .target = place.write("t.pt", "um\ndois\n\n\n")}, notices);
  EXPECT_EQ(pairs.sources, std::vector<std::string>{"one"});
  EXPECT_EQ(pairs.blank, 3U);
  ASSERT_EQ(notices.notices.size(), 1U);
  EXPECT_NE(notices.notices[0].find("the first in line 2"), std::string::npos) << notices.notices[0];
}

TEST(TextPairs, ThatAreCopiesAreTold) {
  testing::Workplace place;
  testing::Listener notices;
  const TextPairs pairs = read_text_pairs(
      {.source = place.write("t.en", "one\ntwo\n"), .target = place.write("t.pt", "one\ndois\n")}, notices);
  EXPECT_EQ(pairs.same, 1U);
  ASSERT_EQ(notices.notices.size(), 1U);
  EXPECT_NE(notices.notices[0].find("50 %"), std::string::npos) << notices.notices[0];
}

constexpr const char *kEnglishLines =
                         "A man in a blue shirt is on the roof of the house.\nTwo dogs are in the garden.\n",
                     *kGermanLines =
                         "Ein Mann in einem blauen Hemd ist auf dem Dach.\nZwei Hunde sind in dem Garten.\n";

/// What is said of two files.
std::vector<std::string> said_of(const char* source, const char* target, const char* first = "t.en") {
  testing::Workplace place;
  testing::Listener notices;
  (void)read_text_pairs({.source = place.write(first, source), .target = place.write("t.de", target)}, notices);
  return notices.notices;
}

TEST(TextPairs, WhoseSidesLookLikeEachOthersEndingAreTold) {
  EXPECT_TRUE(said_of(kEnglishLines, kGermanLines).empty());
  const auto swapped = said_of(kGermanLines, kEnglishLines);
  ASSERT_EQ(swapped.size(), 1U);
  EXPECT_NE(swapped[0].find("'en' looks like German, and 'de' like English: are source and target swapped?"),
            std::string::npos)
      << swapped[0];
  EXPECT_TRUE(said_of(kGermanLines, kEnglishLines, "t.txt").empty()) << "nobody knows which was meant";
}

TEST(TextPairs, OfOneLanguageAreTold) {
  const auto found =
      said_of(kEnglishLines, "The man is on the roof of his house.\nThere are two dogs in the garden.\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("both sides look like English"), std::string::npos) << found[0];
}

TEST(TextPairs, OfWhichNothingIsLeftAreRefused) {
  testing::Workplace place;
  const std::string found =
      refusal({.source = place.write("t.en", "one\n"), .target = place.write("t.pt", " \n")}, ErrorKind::data);
  EXPECT_NE(found.find("blank"), std::string::npos) << found;
}

TEST(TextPairs, NeedToKnowTheirColumns) {
  testing::Workplace place;
  const std::string three = place.write("t.csv", "en,pt,de\na,b,c\n").string();
  EXPECT_NE(refusal({.source = three}, ErrorKind::usage).find("data.texts"), std::string::npos);
  const std::string unknown = refusal({.source = three, .columns = {"en", "pl"}}, ErrorKind::usage);
  EXPECT_NE(unknown.find("did you mean 'pt'"), std::string::npos) << unknown;
  EXPECT_NE(refusal({.source = place.write("t.txt", "a\n")}, ErrorKind::usage).find("--reference"), std::string::npos);
}

TEST(TextPairs, OfOtherEncodingsAreRefused) {
  testing::Workplace place;
  const std::string found =
      refusal({.source = place.write("t.en", "a\n"), .target = place.write("t.pt", "c\xE3o\n")}, ErrorKind::data);
  EXPECT_NE(found.find(":1"), std::string::npos) << found;
  EXPECT_NE(found.find("UTF-8"), std::string::npos) << found;
}

}  // namespace
}  // namespace enxerto
