#include "enxerto/media/audio/ffmpeg_program.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/clip.h"
#include "tests/files/scratch.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

/// PATH is a folder of the test's own, where a program may be put.
class FfmpegProgram : public ::testing::Test {
 protected:
  FfmpegProgram() { setenv("PATH", (scratch_ / "bin").c_str(), 1); }
  ~FfmpegProgram() override { setenv("PATH", before_.c_str(), 1); }

  /// A program of that name that runs these lines; its last word is the file to write.
  void put(const std::string& lines) const {
    fs::create_directories(scratch_ / "bin");
    std::ofstream(scratch_ / "bin/ffmpeg") << "#!/bin/sh\nfor last; do :; done\n" << lines << '\n';
    fs::permissions(scratch_ / "bin/ffmpeg", fs::perms::owner_all);
  }

  void put_sound(const std::vector<std::int16_t>& samples, std::int64_t rate) const {
    const std::vector<std::byte> wav = wav_file(samples, rate);
    std::ofstream(scratch_ / "sound.wav", std::ios::binary)
        .write(reinterpret_cast<const char*>(wav.data()), static_cast<std::streamsize>(wav.size()));
    put("/bin/cat " + (scratch_ / "sound.wav").string() + " > \"$last\"");
  }

  static std::string refusal() {
    try {
      (void)decode_clip(std::as_bytes(std::span("nothing that is known")), "a.m4a");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      return error.what();
    }
    return "";
  }

  Scratch scratch_;
  std::string before_ = getenv("PATH");
};

TEST_F(FfmpegProgram, DecodesWhatIsNotKnownWhereItIsThere) {
  put_sound({0, 16'384, -16'384}, 22'050);
  const Clip clip = decode_clip(std::as_bytes(std::span("nothing that is known")), "a.m4a");
  EXPECT_EQ(clip.rate, 22'050);
  EXPECT_EQ(clip.samples, (std::vector<float>{0, 0.5F, -0.5F}));
  EXPECT_EQ(clip.format, "by FFmpeg");
}

TEST_F(FfmpegProgram, IsNeverNeeded) {
  EXPECT_FALSE(has_ffmpeg_program());
  EXPECT_NE(refusal().find("a.m4a"), std::string::npos);
  EXPECT_NE(refusal().find("with the program ffmpeg installed"), std::string::npos) << refusal();
  EXPECT_EQ(decode_clip(wav_file(std::vector<std::int16_t>{1}, 8'000), "a.wav").format, "WAV");
}

TEST_F(FfmpegProgram, ThatFailsLeavesTheFileUnread) {
  put("exit 1");
  EXPECT_NE(refusal().find("or what FFmpeg reads"), std::string::npos) << refusal();
  put("echo no sound > \"$last\"");
  EXPECT_NE(refusal().find("is no WAV"), std::string::npos) << refusal();
}

TEST_F(FfmpegProgram, DecodesNoMoreThanAnHourWithoutAWord) {
  put_sound(std::vector<std::int16_t>(3'600'000, 1), 1'000);
  EXPECT_NE(refusal().find("an hour or more"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace enxerto
