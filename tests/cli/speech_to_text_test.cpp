#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "enxerto/media/audio/sample_clip.h"
#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

constexpr const char* kWhisper = ENXERTO_TEST_DATA "/speech/whisper";

class SpeechToTextCli : public ::testing::Test {
 protected:
  SpeechToTextCli() {
    std::string lines;
    for (int i = 0; i < 6; ++i) {
      const std::vector<std::byte> file = sample_clip(static_cast<std::uint64_t>(i), 8'000, 2'000);
      const std::string name = "r" + std::to_string(i) + ".wav";
      write(folder_ / name, std::string(reinterpret_cast<const char*>(file.data()), file.size()));
      lines += R"({"audio_filepath": ")" + name + R"(", "text": "bf"})" + "\n";
    }
    write(folder_ / "said.jsonl", lines);
  }

  Folder folder_;
};

TEST_F(SpeechToTextCli, HasTheErrorRatesOfWhatIsWritten) {
  const Outcome found = run(folder_, {"evaluate", kWhisper, folder_ / "said.jsonl", "--json"});
  ASSERT_EQ(found.code, 0) << found.err;
  const json answer = json::parse(found.out);
  EXPECT_EQ(answer.at("task"), "speech_to_text");
  EXPECT_EQ(answer.at("examples"), 6);
  EXPECT_TRUE(answer.contains("wer")) << found.out;
}

TEST_F(SpeechToTextCli, RefusesWhatHasNoEffect) {
  for (const std::vector<std::string>& option :
       {std::vector<std::string>{"--beams", "3"}, {"--language", "pt"}, {"--reference", "x.txt"}}) {
    std::vector<std::string> words{"evaluate", kWhisper, folder_ / "said.jsonl"};
    words.insert(words.end(), option.begin(), option.end());
    EXPECT_EQ(run(folder_, words).code, 2) << option.front();
  }
  const Outcome other = run(folder_, {"train", folder_ / "said.jsonl", "--backbone", kWhisper, "--task",
                                      "speech_recognition", "--output", folder_ / "m"});
  EXPECT_EQ(other.code, 2);
  EXPECT_NE(other.err.find("'speech_to_text'"), std::string::npos) << other.err;
}

TEST_F(SpeechToTextCli, NamesARecordingThatCannotBeRead) {
  write(folder_ / "bad.wav", "no sound");
  write(folder_ / "some.jsonl",
        "{\"audio_filepath\": \"r0.wav\", \"text\": \"bf\"}\n{\"audio_filepath\": \"bad.wav\", \"text\": \"bf\"}\n");
  const Outcome found = run(folder_, {"evaluate", kWhisper, folder_ / "some.jsonl"});
  EXPECT_EQ(found.code, 3);
  EXPECT_NE(found.err.find("bad.wav"), std::string::npos) << found.err;
  const Outcome others = run(folder_, {"evaluate", kWhisper, folder_ / "some.jsonl", "--on-bad", "skip"});
  EXPECT_EQ(others.code, 0) << others.err;
  EXPECT_NE(others.out.find("bad.wav"), std::string::npos) << others.out;
}

}  // namespace
}  // namespace enxerto::test
