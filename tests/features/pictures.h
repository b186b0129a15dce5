#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/features/extract.h"
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto::testing {

/// A temporary directory that is removed at the end.
class PicturesWorkplace {
 public:
  PicturesWorkplace() {
    std::string name = (std::filesystem::temp_directory_path() / "enxerto-features-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~PicturesWorkplace() { std::filesystem::remove_all(path_); }
  PicturesWorkplace(const PicturesWorkplace&) = delete;
  PicturesWorkplace& operator=(const PicturesWorkplace&) = delete;
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

constexpr int kSide = 8;

/// A BMP of 8 x 8 pixels of one colour that depends on `number`, below 2^24.
inline std::string bitmap(std::uint32_t number) {
  const auto le32 = [](std::uint32_t v) {
    return std::string{static_cast<char>(v), static_cast<char>(v >> 8), static_cast<char>(v >> 16),
                       static_cast<char>(v >> 24)};
  };
  std::string text = "BM" + le32(54 + kSide * kSide * 3) + le32(0) + le32(54) + le32(40) + le32(kSide) + le32(kSide);
  text += std::string("\x01\x00\x18\x00", 4) + le32(0) + le32(kSide * kSide * 3) + std::string(16, '\0');
  for (int i = 0; i < kSide * kSide; ++i) text += le32(number).substr(0, 3);
  return text;
}

/// Writes pictures 0 to `count` - 1 in two class folders.
inline void write_pictures(const std::filesystem::path& folder, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name = std::to_string(100000 + i) + ".bmp";
    write_file(folder / (2 * i < count ? "a" : "b") / name, bitmap(i));
  }
}

/// The mean of each channel, in [0, 255] because that is what the preprocessing is told.
inline FeatureSource mean_colour() {
  FeatureSource source;
  source.prefix.name = "mean colour";
  source.prefix.inputs = {{"input", DType::f32, {"batch", 3, kSide, kSide}}};
  source.prefix.outputs = {{"mean", DType::f32, {"batch", 3}}};
  source.prefix.nodes = {{"pool", "GlobalAveragePool", "head", {"input"}, {"pooled"}, {}},
                         {"flat", "Flatten", "head", {"pooled"}, {"mean"}, {{"axis", std::int64_t{1}}}}};
  source.preprocessor = image_preprocessor({.size = kSide,
                                            .fit = ImagePreprocess::Fit::squash,
                                            .mean = {0, 0, 0},
                                            .deviation = {1 / 255.0F, 1 / 255.0F, 1 / 255.0F}});
  source.description = "mean colour";
  return source;
}

/// The preprocessed pixels themselves: needs no engine.
inline FeatureSource pixels() {
  FeatureSource source = mean_colour();
  source.prefix = Graph{};
  source.description = "pixels";
  return source;
}

/// Counts, remembers notices, and can say stop.
class Watcher : public Progress {
 public:
  void advance(std::size_t steps) override { done += steps; }
  void notice(std::string_view text) override { notices += std::string(text) + "\n"; }
  bool cancelled() const override { return done >= stop_after; }

  std::atomic<std::size_t> done = 0;
  std::size_t stop_after = SIZE_MAX;
  std::string notices;
};

template <typename Work>
ErrorKind kind_of_error(Work work, std::string* text = nullptr) {
  try {
    work();
  } catch (const Error& error) {
    if (text != nullptr) *text = error.what();
    return error.kind();
  }
  ADD_FAILURE() << "no error";
  return ErrorKind::other;
}

}  // namespace enxerto::testing
