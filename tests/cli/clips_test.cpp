#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <vector>

#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// A WAV file of 16-bit samples at 8 kHz: a tone that begins louder than it ends.
std::string tone_file(double hertz, double seconds, unsigned seed) {
  constexpr double kRate = 8'000;
  const auto samples = static_cast<std::uint32_t>(kRate * seconds);
  std::string file = "RIFF";
  const auto number = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  };
  number(36 + samples * 2, 4), file += "WAVEfmt ";
  number(16, 4), number(1, 2), number(1, 2), number(8'000, 4), number(16'000, 4), number(2, 2), number(16, 2);
  file += "data", number(samples * 2, 4);
  for (std::uint32_t i = 0; i < samples; ++i) {
    const double time = i / kRate, fade = 1 - time / seconds;
    const auto sample = static_cast<std::int16_t>(
        std::lround((9'000 + seed * 37) * fade * std::sin(2 * std::numbers::pi * (hertz + seed % 7) * time)));
    number(static_cast<std::uint16_t>(sample), 2);
  }
  return file;
}

class ClipsCli : public ::testing::Test {
 protected:
  ClipsCli() {
    for (unsigned i = 0; i < 24; ++i) {
      put("low/" + std::to_string(i) + ".wav", tone_file(300, 0.3, i));
      put("high/" + std::to_string(i) + ".wav", tone_file(2'500, 0.4, i));
    }
  }

  void put(const std::string& name, const std::string& file) const {
    fs::create_directories((folder_ / "tones" / name).parent_path());
    write(folder_ / "tones" / name, file);
  }

  Outcome train(std::vector<std::string> options = {}) const {
    std::vector<std::string> arguments{"train", folder_ / "tones", "--size", "64", "--output", folder_ / "model"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run(folder_, arguments);
  }

  Folder folder_;
};

TEST_F(ClipsCli, ANetworkOfPicturesLearnsWhatIsHeardAndTheModelReadsFiles) {
  const Outcome trained = train();
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("clips are drawn as log-mel spectrograms: 0.5 s at 8000 Hz, 64 px"), std::string::npos)
      << trained.err;
  const Outcome predicted =
      run(folder_, {"predict", folder_ / "model", folder_ / "tones/low/1.wav", folder_ / "tones/high/1.wav", "--json"});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  const json predictions = json::parse(predicted.out).at("predictions");
  EXPECT_EQ(predictions[0].at("label"), "low");
  EXPECT_EQ(predictions[1].at("label"), "high");
  EXPECT_EQ(run(folder_, {"verify", folder_ / "model"}).code, 0);
  const Outcome repeated = run(
      folder_, {"train", folder_ / "tones", "--recipe", folder_ / "model/recipe.toml", "--output", folder_ / "again"});
  ASSERT_EQ(repeated.code, 0) << repeated.err;
  EXPECT_EQ(contents(folder_ / "again/model.safetensors"), contents(folder_ / "model/model.safetensors"));
}

TEST_F(ClipsCli, LengthAndRateCanBeAskedFor) {
  const Outcome trained = train({"--seconds", "0.2", "--rate", "16000"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.err.find("0.2 s at 16000 Hz, 64 px"), std::string::npos) << trained.err;
  const json record = json::parse(contents(folder_ / "model/preprocess.json"));
  EXPECT_EQ(record, (json{{"kind", "audio"}, {"rate", 16'000}, {"seconds", 0.2}}));
}

TEST_F(ClipsCli, AModelOfClipsIsABackboneForOthersOfItsLengthOnly) {
  ASSERT_EQ(train().code, 0);
  const Outcome again =
      run(folder_, {"train", folder_ / "tones", "--backbone", folder_ / "model", "--output", folder_ / "again"});
  EXPECT_EQ(again.code, 0) << again.err;
  const Outcome longer = run(folder_, {"train", folder_ / "tones", "--backbone", folder_ / "model", "--seconds", "2",
                                       "--output", folder_ / "longer"});
  EXPECT_EQ(longer.code, 2) << longer.err;
  EXPECT_NE(longer.err.find("samples of (16000)"), std::string::npos) << longer.err;
}

TEST_F(ClipsCli, OneDamagedFileIsNamedAndLeftOut) {
  put("low/bad.wav", tone_file(300, 0.3, 99).substr(0, 1'000));
  const Outcome trained = train();
  ASSERT_EQ(trained.code, 0) << trained.err;
  const std::string said = trained.err + trained.out;
  EXPECT_NE(said.find("low/bad.wav"), std::string::npos) << said;
  EXPECT_NE(said.find("956 bytes of samples"), std::string::npos) << said;
  const Outcome strict =
      run(folder_, {"train", folder_ / "tones", "--size", "64", "--on-bad", "error", "--output", folder_ / "strict"});
  EXPECT_EQ(strict.code, 3);
}

TEST_F(ClipsCli, APictureIsNoClip) {
  ASSERT_EQ(train().code, 0);
  write_picture(folder_ / "a.bmp", 10, 20, 30, 1);
  const Outcome predicted = run(folder_, {"predict", folder_ / "model", folder_ / "a.bmp"});
  EXPECT_EQ(predicted.code, 3);
  EXPECT_NE(predicted.err.find("a.bmp"), std::string::npos) << predicted.err;
}

TEST_F(ClipsCli, OptionsOfClipsAreRefusedForPictures) {
  write_class_folders(folder_ / "pictures", 2, 12);
  const Outcome refused =
      run(folder_, {"train", folder_ / "pictures", "--seconds", "1", "--output", folder_ / "model"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("seconds"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace enxerto::test
