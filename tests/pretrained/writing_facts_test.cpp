#include "enxerto/pretrained/writing_facts.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/files/thrown.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

class WritingFactsOf : public ::testing::Test {
 protected:
  WritingFactsOf() { write("config.json", R"({"model_type": "llama", "eos_token_id": 5})"); }
  void write(const char* name, std::string_view text) const { std::ofstream(folder_ / name) << text; }
  WritingFacts read() const { return writing_facts(folder_ / "model.safetensors"); }
  testing::TemporaryDirectory folder_;
};

TEST_F(WritingFactsOf, AFolderAreThoseOfItsFilesTheSpecificFirst) {
  EXPECT_EQ(read().ends, std::vector<std::int64_t>{5});
  write("generation_config.json", R"({"eos_token_id": [3, 9]})");
  EXPECT_EQ(read().ends, (std::vector<std::int64_t>{3, 9}));
  EXPECT_EQ(read().chat_template, "");
}

TEST_F(WritingFactsOf, AFolderHaveItsTemplateAndItsSpecialTokens) {
  write("tokenizer_config.json",
        R"({"bos_token": {"content": "<s>"}, "chat_template": [{"name": "tool_use", "template": "no"},)"
        R"( {"name": "default", "template": "yes"}]})");
  EXPECT_EQ(read().chat_template, "yes");
  EXPECT_EQ(read().special.at("bos_token"), "<s>");
  write("chat_template.jinja", "alone");
  EXPECT_EQ(read().chat_template, "alone");
}

TEST_F(WritingFactsOf, AFolderAreRefusedWhereTheyAreMalformed) {
  write("generation_config.json", R"({"eos_token_id": -1})");
  expect_says(thrown_by([&] { (void)read(); }), ErrorKind::weights, "eos_token_id");
  write("generation_config.json", "{}");
  write("tokenizer_config.json", R"({"chat_template": 3})");
  expect_says(thrown_by([&] { (void)read(); }), ErrorKind::weights, "chat_template");
}

TEST_F(WritingFactsOf, AnythingElseAreNone) {
  std::filesystem::remove(folder_ / "config.json");
  EXPECT_TRUE(read().ends.empty());
}

}  // namespace
}  // namespace enxerto
