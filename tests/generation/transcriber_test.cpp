#include "enxerto/generation/transcriber.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/infer.h"
#include "enxerto/weights/safetensors.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

constexpr const char* kFolder = ENXERTO_TEST_DATA "/speech/whisper";

StateDict answers() { return read_safetensors(std::string(kFolder) + "/answers.safetensors"); }

std::vector<float> sound(int number) {
  const StateDict golden = answers();
  const auto values = golden.at("sound." + std::to_string(number)).as<float>();
  return {values.begin(), values.end()};
}

void expect_close(const Tensor& found, const Tensor& wanted, float limit) {
  ASSERT_EQ(found.shape(), wanted.shape());
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found.as<float>()[i], wanted.as<float>()[i], limit) << i;
}

TEST(Transcriber, KnowsAFolderOfWhisper) {
  EXPECT_TRUE(is_transcription_network(kFolder));
  EXPECT_FALSE(is_transcription_network(ENXERTO_TEST_DATA "/speech"));
  const TranscriptionNetwork network = load_transcription_network(kFolder);
  EXPECT_EQ(network.samples, 6'400);
  EXPECT_EQ(network.prompt, (std::vector<std::int64_t>{33, 35}));
  EXPECT_EQ(network.never, (std::vector<std::int64_t>{3, 7}));
  EXPECT_EQ(network.longest, 12);
  EXPECT_THROW((void)load_transcription_network(kFolder, "pt"), Error) << "it knows English alone";
}

TEST(Transcriber, BlamesTheFolderForSizesThatNoNetworkHas) {
  const testing::Workplace place;
  for (const auto& file : std::filesystem::directory_iterator(kFolder))
    std::filesystem::copy_file(file.path(), place.path() / file.path().filename());
  Json config = read_json(place.path() / "config.json", 1 << 16);
  config["encoder_attention_heads"] = 5;
  place.write("config.json", config.dump());
  try {
    (void)load_transcription_network(place.path());
    ADD_FAILURE() << "five heads of a width that they do not divide";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("config.json"), std::string::npos) << error.what();
  }
}

TEST(Transcriber, HearsAndScoresWhatTransformersDoes) {
  Graph graph = load_transcription_network(kFolder).graph;
  graph.outputs.push_back({.name = "log_mel", .dtype = DType::f32, .shape = infer_shapes(graph).at("log_mel").shape});
  const StateDict golden = answers();
  std::vector<float> samples;
  for (const int number : {0, 1}) {
    std::vector<float> one = sound(number);
    one.resize(6'400, 0.0F);
    samples.insert(samples.end(), one.begin(), one.end());
  }
  const TensorMap outputs =
      compile(graph, {})->run(TensorMap{{"samples", Tensor::of<float>({2, 6'400}, std::span<const float>(samples))},
                                        {"decoder_input_ids", golden.at("forced")}});
  expect_close(outputs.at("log_mel"), golden.at("features"), 1e-4F);
  expect_close(outputs.at(graph.outputs.front().name), golden.at("scores"), 2e-3F);
}

TEST(Transcriber, WritesTheTokensThatTransformersWrites) {
  Transcriber transcriber(load_transcription_network(kFolder), {.threads = 1});
  const std::vector<std::vector<float>> recordings{sound(0), sound(1), {}};
  const std::vector<Transcription> found = transcriber.transcribe(recordings);
  const StateDict golden = answers();
  const auto wanted = golden.at("written").as<std::int64_t>();
  EXPECT_EQ(found.at(0).tokens, (std::vector<std::int64_t>(wanted.begin(), wanted.end())));
  EXPECT_EQ(found.at(0).parts, 1U);
  EXPECT_EQ(found.at(1).parts, 2U) << "longer than what is heard at once";
  EXPECT_EQ(found.at(2).text, "");
}

}  // namespace
}  // namespace enxerto
