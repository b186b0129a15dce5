#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"
#include "tests/generation/model_folder.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

class GenerateCli : public ::testing::Test {
 protected:
  testing::ModelFolder network_{"llama"};
  Folder folder_;
};

TEST_F(GenerateCli, ContinuesAPrompt) {
  const Outcome found = run(folder_, {"generate", network_.path(), "--prompt", "w3 w9 w14 w9", "-n", "4"});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_EQ(found.out, " w12 w41 w44 w44\n");
}

TEST_F(GenerateCli, ContinuesLinesOfStandardInputForPrograms) {
  const Outcome found = run(folder_,
                            {"generate", network_.path(), "--prompts", "-", "--json", "-n", "4", "--temperature", "1",
                             "--samples", "2", "--stop", "w99"},
                            {.input = "w3 w9\n{\"prompt\": \"w5\"}\n"});
  ASSERT_EQ(found.code, 0) << found.err;
  const json prompts = json::parse(found.out).at("prompts");
  ASSERT_EQ(prompts.size(), 2U);
  EXPECT_EQ(prompts[0].at("prompt_tokens"), 2);
  ASSERT_EQ(prompts[1].at("texts").size(), 2U);
  for (const json& text : prompts[1].at("texts")) EXPECT_EQ(text.at("ids").size(), text.at("tokens"));
  EXPECT_NE(found.err.find("no stop text was met"), std::string::npos) << found.err;
}

TEST_F(GenerateCli, SearchesWithBeamsAndPrintsThePromptWhereAsked) {
  const Outcome found = run(folder_, {"generate", network_.path(), "-p", "w3 w9 w14 w9", "-n", "12", "--beams", "3",
                                      "--samples", "2", "--echo"});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_NE(found.out.find("== prompt, text 2 of 2\nw3 w9 w14 w9 w"), std::string::npos) << found.out;
}

TEST_F(GenerateCli, TellsWhatOfTheTrainingTextIsCopied) {
  write(folder_ / "text.txt", "w7 w12 w41 w3");
  const std::vector<std::string> words{"generate",        network_.path(),     "-p", "w3 w9 w14 w9", "-n", "12",
                                       "--training-text", folder_ / "text.txt"};
  const Outcome told = run(folder_, words);
  ASSERT_EQ(told.code, 0) << told.err;
  EXPECT_NE(told.err.find("is 10 of "), std::string::npos) << told.err;
  std::vector<std::string> as_json = words;
  as_json.emplace_back("--json");
  const json quality = json::parse(run(folder_, as_json).out).at("quality");
  EXPECT_EQ(quality.at("longest_copy").at("text"), " w12 w41 w");
  EXPECT_EQ(quality.at("distinct").size(), 4U);
}

TEST_F(GenerateCli, RefusesWhatHasNoEffectAndWhatIsMissing) {
  const auto refused = [&](std::vector<std::string> options, int code, const std::string& part) {
    options.insert(options.begin(), {"generate", network_.path()});
    const Outcome found = run(folder_, options);
    EXPECT_EQ(found.code, code) << found.err;
    EXPECT_NE(found.err.find(part), std::string::npos) << found.err;
  };
  refused({"-p", "w3", "--top-k", "5"}, 2, "--top-k: no effect");
  refused({}, 2, "no prompt");
  refused({"-p", "w3", "--prompts", "x.txt"}, 2, "given beside --prompt");
  refused({"-p", "w3", "--system", "w4"}, 2, "no effect without --chat");
  refused({"-p", "w3", "--chat"}, 2, "brings no chat template");
  refused({"-p", "w3 \xFF"}, 3, "prompt");
  std::string longer;
  for (int i = 0; i < 40; ++i) longer += "w3 ";
  refused({"-p", longer}, 3, "the network has 32 positions");
}

#ifdef ENXERTO_HAS_TRAINING
TEST_F(GenerateCli, ContinuesWithAModelThatWasTrained) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "w" + std::to_string(9 + i % 40) + " w" + std::to_string(9 + (7 * i + i / 40) % 40) + " w3 w4 w5 w6 w8\n";
  write(folder_ / "text.txt", text);
  const Outcome trained = run(folder_, {"train", folder_ / "text.txt", "--documents", "lines", "--backbone",
                                        network_.path(), "--output", folder_ / "model", "--train-from", "embeddings",
                                        "--epochs", "6", "--learning-rate", "0.02", "--batch-size", "8"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Outcome found = run(folder_, {"generate", folder_ / "model", "-p", "w3 w4", "-n", "3"});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_EQ(found.out, " w5 w6 w8\n");
}

TEST_F(GenerateCli, ContinuesWithALoraThatWasTrainedAndKeptApart) {
  const testing::ModelFolder network("llama_tied");
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "w" + std::to_string(9 + i % 40) + " w" + std::to_string(9 + (7 * i + i / 40) % 40) + " w3 w4 w5 w6 w8\n";
  write(folder_ / "text.txt", text);
  write(folder_ / "lora.toml",
        "[[phase]]\ntrain_from = \"all\"\noptimizer = \"adamw\"\nlearning_rate = 0.02\nepochs = 4\nbatch_size = 8\n"
        "lora_rank = 4\nlora_targets = [\"attn\", \"mlp.up\"]\n[training]\nrefit = false\n");
  const std::vector<std::string> words{"train",      folder_ / "text.txt", "--documents", "lines",
                                       "--backbone", network.path(),       "--recipe",    folder_ / "lora.toml",
                                       "--output",   folder_ / "model",    "--adapter",   folder_ / "adapter"};
  const Outcome trained = run(folder_, words);
  ASSERT_EQ(trained.code, 0) << trained.err;
  const auto continued = [&](const std::vector<std::string>& model) {
    std::vector<std::string> all{"generate"};
    all.insert(all.end(), model.begin(), model.end());
    all.insert(all.end(), {"-p", "w11 w12 w3", "-n", "6"});
    const Outcome found = run(folder_, all);
    EXPECT_EQ(found.code, 0) << found.err;
    return found.out;
  };
  const std::string merged = continued({folder_ / "model"});
  EXPECT_EQ(continued({network.path(), "--adapter", folder_ / "adapter"}), merged);
  EXPECT_NE(continued({network.path()}), merged);

  write(folder_ / "plain.toml", "[[phase]]\ntrain_from = \"all\"\nlora_alpha = 8\n");
  const Outcome refused =
      run(folder_, {"train", folder_ / "text.txt", "--documents", "lines", "--backbone", network.path(), "--recipe",
                    folder_ / "plain.toml", "--output", folder_ / "other"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("there is no lora_rank"), std::string::npos) << refused.err;
}
#endif

}  // namespace
}  // namespace enxerto::test
