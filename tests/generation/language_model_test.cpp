#include "enxerto/generation/language_model.h"

#include <gtest/gtest.h>

#include "enxerto/generation/prompts.h"
#include "tests/files/thrown.h"
#include "tests/generation/model_folder.h"

namespace enxerto {
namespace {

using testing::ModelFolder;

TEST(LanguageModelFolder, IsOpenedWithItsEndsAndItsContext) {
  const LanguageModel model = ModelFolder("gpt2").open();
  EXPECT_EQ(model.ends, (std::vector<std::int64_t>{7, 23}));
  EXPECT_EQ(model.context, 32);
  EXPECT_EQ(model.chat_template, "");
}

TEST(LanguageModelFolder, ScoresWordsByItsOwnMatrixWhereItHasOne) {
  const ModelFolder own("llama"), tied("llama_tied");
  EXPECT_TRUE(own.open().scores.parameters.contains("head.words.weight"));
  EXPECT_FALSE(tied.open().scores.parameters.contains("head.words.weight"));
}

TEST(LanguageModelFolder, EndsTextsAsTokenizersUsuallyDoWhereNothingIsSaid) {
  const ModelFolder folder("gpt2");
  folder.write("generation_config.json", Json::object());
  Json tokenizer = testing::numbered_words(50);
  tokenizer["model"]["vocab"].erase("w31");
  tokenizer["model"]["vocab"]["<|endoftext|>"] = 31;
  folder.write("tokenizer.json", tokenizer);
  EXPECT_EQ(folder.open().ends, std::vector<std::int64_t>{31});
}

TEST(LanguageModelFolder, IsRefusedWhereItsEndIsNoNumber) {
  const ModelFolder folder("gpt2");
  folder.write("generation_config.json", {{"eos_token_id", "</s>"}});
  expect_says(thrown_by([&] { (void)folder.open(); }), ErrorKind::weights, "eos_token_id");
}

TEST(Prompts, AreLinesOrLinesOfJson) {
  const ModelFolder folder("gpt2");
  const LanguageModel model = folder.open();
  std::ofstream(folder.path() + "/prompts.txt") << "w3 w4\r\n\n{\"prompt\": \"w5\\nw6\"}\n{\"text\": \"w7\"}\n";
  const std::vector<Prompt> prompts = read_prompts(model, {.file = folder.path() + "/prompts.txt"}, no_progress());
  ASSERT_EQ(prompts.size(), 3U);
  EXPECT_EQ(prompts[0].tokens, (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(prompts[1].text, "w5\nw6");
  EXPECT_EQ(prompts[2].tokens, std::vector<std::int64_t>{7});
  EXPECT_TRUE(prompts[2].name.ends_with("prompts.txt, line 4"));
}

TEST(Prompts, AreRefusedWithTheirLine) {
  const ModelFolder folder("gpt2");
  const LanguageModel model = folder.open();
  const auto refused = [&](std::string_view text, const std::string& part) {
    std::ofstream(folder.path() + "/prompts.txt") << text;
    expect_says(thrown_by([&] { (void)read_prompts(model, {.file = folder.path() + "/prompts.txt"}, no_progress()); }),
                ErrorKind::data, part);
  };
  refused("\n\n", "no prompts");
  refused("w1\n{\"prompt\": 3}\n", "line 2: no \"prompt\"");
  refused("{broken\n", "line 1: not a line of JSON");
  refused("w1\nw2 \xFF\n", "line 2");
}

TEST(Prompts, OfAConversationArePutIntoTheModelsTemplate) {
  const ModelFolder folder("gpt2");
  folder.write(
      "tokenizer_config.json",
      {{"chat_template", "{% for message in messages %}w1 {{ message['content'] }} {% endfor %}{{ bos_token }}"},
       {"bos_token", "w9"}});
  const LanguageModel model = folder.open();
  const Prompt prompt = read_prompts(model, {.text = "w5", .chat = true, .system = "w4"}, no_progress()).at(0);
  EXPECT_EQ(prompt.text, "w1 w4 w1 w5 w9");
  EXPECT_EQ(prompt.tokens, (std::vector<std::int64_t>{1, 4, 1, 5, 9}));
}

TEST(Prompts, OfAConversationNeedATemplate) {
  const LanguageModel model = ModelFolder("gpt2").open();
  expect_says(thrown_by([&] { (void)read_prompts(model, {.text = "w5", .chat = true}, no_progress()); }),
              ErrorKind::usage, "brings no chat template");
}

}  // namespace
}  // namespace enxerto
