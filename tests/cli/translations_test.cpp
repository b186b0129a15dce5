#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"
#include "tests/generation/translation_folder.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

class TranslationsCli : public ::testing::Test {
 protected:
  Outcome predict(std::vector<std::string> options, const std::string& input) const {
    options.insert(options.begin(), {"predict", network_.path().string(), "-", "--max-new-tokens", "6"});
    return run(folder_, options, {.input = input});
  }

  TranslationFolder network_{"marian"};
  Folder folder_;
};

TEST_F(TranslationsCli, GoOnAfterALineThatCannotBeRead) {
  const Outcome alone = predict({}, "a cat\na dog\n");
  ASSERT_EQ(alone.code, 0) << alone.err;
  const Outcome found = predict({}, "a cat\nbad \xff\xfe line\n\na dog\n");
  EXPECT_EQ(found.code, 3) << found.err;
  EXPECT_NE(found.err.find("standard input:2: the byte 0xFF at byte 5 of the line, which is not UTF-8"),
            std::string::npos)
      << found.err;
  const std::size_t first = alone.out.find('\n') + 1;
  EXPECT_EQ(found.out, alone.out.substr(0, first) + "\n\n" + alone.out.substr(first)) << "lines stay aligned";
}

TEST_F(TranslationsCli, NameSuchALineForPrograms) {
  const Outcome found = predict({"--format", "jsonl"}, "a cat\nbad \xff line\n");
  EXPECT_EQ(found.code, 3);
  const std::size_t second = found.out.find('\n') + 1;
  EXPECT_EQ(json::parse(found.out.substr(0, second)).at("source"), "a cat");
  const json bad = json::parse(found.out.substr(second));
  EXPECT_EQ(bad.at("line"), 2);
  EXPECT_NE(bad.at("error").get<std::string>().find("not UTF-8"), std::string::npos);
}

TEST_F(TranslationsCli, OfAFileNameTheirLinesBeyondABatchToo) {
  std::string text;
  for (int i = 0; i < 299; ++i) text += "\n";
  write(folder_ / "t.en", text + "\xff\n");
  const Outcome found = run(folder_, {"predict", network_.path().string(), folder_ / "t.en"});
  EXPECT_EQ(found.code, 3);
  EXPECT_NE(found.err.find("t.en:300: the byte 0xFF"), std::string::npos) << found.err;
}

TEST_F(TranslationsCli, OfPairsTranslateTheSource) {
  const Outcome alone = predict({}, "a cat\na dog\n");
  write(folder_ / "t.tsv", "a cat\tein Hund\na dog\teine Katze\n");
  write(folder_ / "t.jsonl", "{\"en\": \"a cat\", \"de\": \"x\"}\n{\"en\": \"a dog\", \"de\": \"y\"}\n");
  for (const char* name : {"t.tsv", "t.jsonl"}) {
    const Outcome found = run(folder_, {"predict", network_.path().string(), folder_ / name, "--max-new-tokens", "6"});
    EXPECT_EQ(found.code, 0) << found.err;
    EXPECT_EQ(found.out, alone.out) << name;
    EXPECT_NE(found.err.find("the sources of 2 pairs are translated"), std::string::npos) << found.err;
  }
}

TEST_F(TranslationsCli, AndPairsOfThemAreInspected) {
  write(folder_ / "t.en", "a cat\na dog\n");
  write(folder_ / "t.de", "eine Katze\nein Hund\n");
  const Outcome pairs = run(folder_, {"inspect", folder_ / "t.{en,de}"});
  EXPECT_EQ(pairs.code, 0) << pairs.err;
  EXPECT_NE(pairs.out.find("two files of lines, 2 examples"), std::string::npos) << pairs.out;
  EXPECT_EQ(pairs.out.find("surprise"), std::string::npos) << pairs.out;
  const Outcome network = run(folder_, {"inspect", network_.path().string()});
  EXPECT_EQ(network.code, 0) << network.err;
  EXPECT_NE(network.out.find("decoder"), std::string::npos) << network.out;
}

TEST_F(TranslationsCli, RefuseObjectsOfJsonAmongLines) {
  const Outcome found = predict({}, "{\"en\": \"a cat\"}\n");
  EXPECT_EQ(found.code, 3);
  EXPECT_NE(found.err.find("an object of JSON in the first line"), std::string::npos) << found.err;
}

TEST_F(TranslationsCli, RefuseMoreBeamsThanTheNetworkHasWords) {
  const Outcome found = predict({"--beams", "200"}, "a cat\n");
  EXPECT_EQ(found.code, 2);
  EXPECT_NE(found.err.find("--beams: 200 of a network of 98 words"), std::string::npos) << found.err;
}

TEST_F(TranslationsCli, AreAskedForTheirColumnsInTheWordsOfTheProgram) {
  write(folder_ / "three.csv", "a,b,c\nx y,z w,q r\n");
  const Outcome said = run(folder_, {"inspect", folder_ / "three.csv", "--kind", "translations"});
  EXPECT_EQ(said.code, 2) << said.err;
  EXPECT_NE(said.err.find("--text-column \"SOURCE,TARGET\""), std::string::npos) << said.err;
}

}  // namespace
}  // namespace enxerto::test
