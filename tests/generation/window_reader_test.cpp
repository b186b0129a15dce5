// Networks that look at the last tokens all at once: textgenrnn's (tools/golden/textgenrnn.py).
#include "enxerto/generation/window_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/generation/generate.h"
#include "enxerto/generation/open_decoder.h"
#include "enxerto/weights/safetensors.h"
#include "tests/files/thrown.h"
#include "tests/pretrained/temporary_directory.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

class TextGenRnn : public ::testing::Test {
 protected:
  TextGenRnn() : golden_(read_json(std::filesystem::path(ENXERTO_TEST_DATA) / "generation/textgenrnn.json", 1 << 20)) {
    StateDict file;
    for (const auto& [name, row] : golden_.at("tensors").items()) {
      const auto shape = row.get<Shape>();
      formula::Affine range = formula::range_of(name, shape);
      range.factor *= golden_.at("strong").value(name, 1.0);
      file.set(name, formula::filled(name, shape, range));
    }
    write_safetensors(folder_ / "textgenrnn_weights.safetensors", file);
    write("textgenrnn_vocab.json", golden_.at("vocabulary"));
    write("textgenrnn_config.json", {{"max_length", golden_.at("window")}});
  }

  void write(const char* name, const Json& json) const { std::ofstream(folder_ / name) << json.dump(); }
  LanguageModel open() const { return open_language_model((folder_ / "textgenrnn_weights.safetensors").string()); }

  Json golden_;
  testing::TemporaryDirectory folder_;
};

TEST_F(TextGenRnn, SaysOfEachWindowWhatItsOwnDefinitionSays) {
  const LanguageModel model = open();
  ASSERT_TRUE(model.window);
  EXPECT_EQ(model.window->window, golden_.at("window").get<std::int64_t>());
  WindowReader reader(*model.window, {.threads = 1});
  for (const Json& one : golden_.at("cases")) {
    const auto ids = one.at("ids").get<std::vector<std::int64_t>>();
    EXPECT_EQ(prompt_tokens(model, one.at("prompt").get<std::string>(), "prompt"), ids);
    reader.begin();
    const std::vector<std::int32_t> row{0};
    const Tensor at_once = reader.read(ids, row);
    reader.begin();
    Tensor one_by_one;
    for (const std::int64_t id : ids) one_by_one = reader.read({&id, 1}, row);
    for (std::size_t i = 0; i < one.at("scores").size(); ++i) {
      ASSERT_NEAR(at_once.as<float>()[i], one.at("scores")[i].get<double>(), 1e-4) << one.at("prompt") << i;
      ASSERT_EQ(at_once.as<float>()[i], one_by_one.as<float>()[i]);
    }
  }
}

TEST_F(TextGenRnn, WritesTokenForToken) {
  const LanguageModel model = open();
  for (const Json& one : golden_.at("cases")) {
    const auto ids = one.at("ids").get<std::vector<std::int64_t>>();
    GenerationOptions options;
    options.max_new_tokens = static_cast<std::int64_t>(one.at("written").size());
    const std::vector<Prompt> prompts{{.name = "p", .text = "", .tokens = ids}};
    Decoder decoder = open_decoder(model, prompts, options, {.threads = 1}, no_progress());
    const GeneratedText text = generate(model, decoder, {.prompt = ids, .options = options}).at(0);
    EXPECT_EQ(text.tokens, one.at("written").get<std::vector<std::int64_t>>());
    options.beams = 3;
    EXPECT_FALSE(generate(model, decoder, {.prompt = ids, .options = options}).at(0).tokens.empty());
  }
}

TEST_F(TextGenRnn, WithoutSettingsReadsFortyCharactersAndSaysSo) {
  std::filesystem::remove(folder_ / "textgenrnn_config.json");
  const LanguageModel model = open();
  EXPECT_EQ(model.window->window, 40);
  EXPECT_TRUE(std::ranges::any_of(
      model.notes, [](const std::string& note) { return note.find("max_length): assuming 40") != std::string::npos; }));
}

TEST_F(TextGenRnn, WithAWindowThatIsNoneIsRefused) {
  write("textgenrnn_config.json", {{"max_length", 0}});
  expect_says(thrown_by([&] { (void)open(); }), ErrorKind::weights, "max_length 0");
}

}  // namespace
}  // namespace enxerto
