#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/read.h"

namespace enxerto::testing {

/// 0 red, 1 green, 2 blue.
inline Image color_image(std::size_t color, int side = 10) {
  Image image{.width = side, .height = side, .pixels = {}};
  for (int i = 0; i < side * side; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel) image.pixels.push_back(channel == color ? 220 : 30);
  }
  return image;
}

/// Pictures in memory whose colour goes round; those at `bad` cannot be read.
class ColorDataset final : public Dataset {
 public:
  ColorDataset(std::size_t count, std::vector<std::size_t> bad) : count_(count), bad_(std::move(bad)) {}
  std::size_t size() const override { return count_; }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return Tensor::scalar(static_cast<std::int64_t>(position % 3)); }

  std::unique_ptr<Example> get(std::size_t position) const override {
    bool bad = false;
    for (const std::size_t one : bad_) bad = bad || one == position;
    return std::make_unique<Picture>(position, bad);
  }

 private:
  class Picture final : public Example {
   public:
    Picture(std::size_t position, bool bad) : position_(position), bad_(bad) {}
    std::string id() const override { return "picture" + std::to_string(position_); }
    std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }
    Field field(std::size_t /*input*/) const override {
      if (bad_) throw data_error(id(), "is gone");
      const Image image = color_image(position_ % 3);
      return {.medium = Medium::image,
              .bytes = Tensor::of<std::uint8_t>({300}, image.pixels),
              .raw = RawPixels{.width = 10, .height = 10, .channels = 3, .planar = false}};
    }

   private:
    std::size_t position_;
    bool bad_;
  };

  std::size_t count_;
  std::vector<std::size_t> bad_;
  DatasetInfo info_{.inputs = {Medium::image},
                    .target = {.kind = std::string(kClassTarget), .names = {"red", "green", "blue"}}};
};

}  // namespace enxerto::testing
