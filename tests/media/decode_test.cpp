#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/image.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

const std::string kFolder = std::string(ENXERTO_TEST_DATA "/media/");

std::string read(const std::string& name) {
  std::ifstream file(kFolder + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Image decode(const std::string& bytes, int scale_to_at_least = 0) {
  return decode_image(std::as_bytes(std::span(bytes)), "a.jpg", {.scale_to_at_least = scale_to_at_least});
}

/// What the error about `bytes` says; empty where they decode.
std::string refusal(const std::string& bytes) {
  try {
    decode(bytes);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_EQ(error.text().where, "a.jpg");
    return error.what();
  }
}

struct Golden {
  std::string file;
  int width, height;
  std::string digits;
};

std::vector<Golden> goldens() {
  std::ifstream list(kFolder + "pictures.txt");
  std::vector<Golden> rows;
  for (Golden row; list >> row.file >> row.width >> row.height >> row.digits;) rows.push_back(row);
  return rows;
}

TEST(Decode, EqualsPillowForEveryFormat) {
  const std::vector<Golden> rows = goldens();
  ASSERT_GT(rows.size(), 80U);
  for (const Golden& row : rows) {
    const Image image = decode(read(row.file));
    EXPECT_EQ(image.width, row.width) << row.file;
    EXPECT_EQ(image.height, row.height) << row.file;
    EXPECT_EQ(digits(image), row.digits) << row.file;
  }
}

TEST(Decode, GivesTheSamePixelsFromManyThreads) {
  const std::vector<Golden> rows = goldens();
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&rows, &count] {
      for (const Golden& row : rows) count += digits(decode(read(row.file))) != row.digits;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(Decode, RefusesATruncatedPictureOfEveryFormat) {
  for (const Golden& row : goldens()) {
    const std::string bytes = read(row.file);
    // What these lose is behind the pixels.
    if (row.file == "junk_behind.jpg" || row.file == "animated.gif") continue;
    EXPECT_NE(refusal(bytes.substr(0, bytes.size() * 7 / 10)), "") << row.file;
  }
}

TEST(Decode, EndsWithAPictureOrAnErrorWhereverTheFileIsCut) {
  for (const std::string name : {"progressive.jpg", "interlaced_palette.png", "alpha.webp", "rle8.bmp", "tiles.tif",
                                 "animated.gif", "exif_6.jpg", "jpeg.tif"}) {
    const std::string bytes = read(name);
    for (std::size_t length = 0; length < bytes.size(); length += 7) {
      // A copy of its own, so that a sanitizer sees a read beyond it.
      refusal(std::string(bytes.data(), length));
    }
  }
}

TEST(Decode, EndsWithAPictureOrAnErrorWhateverByteIsChanged) {
  for (const std::string name :
       {"baseline_420.jpg", "palette.png", "lossless.webp", "palette_4.bmp", "tiff_lzw.tif", "interlaced.gif"}) {
    std::string bytes = read(name);
    for (std::size_t at = 8; at < bytes.size(); at += 11) {
      const char kept = bytes[at];
      bytes[at] = static_cast<char>(kept ^ 0x5A);
      // The claim of a great size would only make the test slow.
      if (at > 40) refusal(bytes);
      bytes[at] = kept;
    }
  }
}

TEST(Decode, NamesTheFileAndWhatIsWrong) {
  const std::string jpeg = read("baseline_420.jpg");
  EXPECT_NE(refusal(jpeg.substr(0, jpeg.size() / 2)).find("truncated or corrupt JPEG"), std::string::npos);
  EXPECT_NE(refusal(jpeg.substr(0, jpeg.size() - 2)).find("end too early"), std::string::npos);
}

TEST(Decode, RefusesAHugePictureBeforeItAllocates) {
  std::string jpeg = read("baseline_420.jpg");
  const std::size_t frame = jpeg.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  const std::string side = "\xFF\xDC";  // 65,500
  jpeg.replace(frame + 5, 4, side + side);
  EXPECT_NE(refusal(jpeg).find("65500 x 65500"), std::string::npos);
  // Reduced by 8 it would fit: the limit is about the file.
  EXPECT_THROW(decode(jpeg, 100), Error);
}

struct Known {
  std::string bytes, name;
};

TEST(Decode, RefusesWhatIsNoPictureByName) {
  const std::string length("\0\0\0\x18", 4);
  const std::vector<Known> rows{{length + "ftypheic____________", "HEIC"},
                                {length + "ftypavif____________", "AVIF"},
                                {"%PDF-1.7\n...........................", "PDF"},
                                {"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"},
                                {"<?xml version='1.0'?>\n<svg/>.............", "SVG"},
                                {"\n<!DOCTYPE html><html>Not found</html>", "HTML"},
                                {"version https://git-lfs.github.com/spec/v1\n", "Git LFS"},
                                {"just some words in a file\n", "text file"},
                                {std::string("\x01\x02\x03\x04\xFE\xDC and so on, forever"), "known format"},
                                {"", "empty file"},
                                {"\xFF\xD8\xFF", "known format"}};
  for (const Known& row : rows) EXPECT_NE(refusal(row.bytes).find(row.name), std::string::npos) << refusal(row.bytes);
}

TEST(Decode, ScalesAJpegDownAsFarAsItsShorterSideAllows) {
  const std::string jpeg = read("baseline_444.jpg");  // 37 x 26
  EXPECT_EQ(decode(jpeg, 26).height, 26);
  EXPECT_EQ(decode(jpeg, 14).height, 26);
  EXPECT_EQ(decode(jpeg, 13).height, 13);
  EXPECT_EQ(decode(jpeg, 13).width, 19);
  EXPECT_EQ(decode(jpeg, 7).height, 7);
  EXPECT_EQ(decode(jpeg, 1).height, 4);
  EXPECT_EQ(decode(read("mode_rgb.png"), 1).height, 26);
}

}  // namespace
}  // namespace enxerto
