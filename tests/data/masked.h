#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/encode_png.h"

namespace enxerto::testing {

/// A PNG file of these indices, row by row.
inline std::string mask_file(const std::vector<std::uint8_t>& indices, int width) {
  const std::vector<RgbColour> colours(256, RgbColour{9, 9, 9});
  const auto bytes = encode_palette_png(indices, width, static_cast<int>(indices.size()) / width, colours);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A grey picture of `width` x `height` px, as text.
inline std::string grey_picture(int width, int height, int sample = 9) {
  std::string text = fmt::format("P2 {} {} 255", width, height);
  for (int i = 0; i < width * height; ++i) text += fmt::format(" {}", sample);
  return text + "\n";
}

/// Row by row.
inline std::vector<int> pixels_of(const Tensor& mask) {
  const auto values = mask.as<std::uint8_t>();
  return {values.begin(), values.end()};
}

/// Masks without pictures.
class MadeMasks final : public Dataset {
 public:
  MadeMasks(std::vector<std::string> classes, std::vector<Tensor> masks)
      : masks_(std::move(masks)),
        info_{.inputs = {Medium::image}, .target = {.kind = std::string(kMaskTarget), .names = std::move(classes)}} {}

  std::size_t size() const override { return masks_.size(); }
  std::unique_ptr<Example> get(std::size_t position) const override { return std::make_unique<None>(position); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return masks_.at(position); }

 private:
  class None final : public Example {
   public:
    explicit None(std::size_t number) : number_(number) {}
    std::string id() const override { return std::to_string(number_); }
    Field field(std::size_t /*input*/) const override { return {}; }
    std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }

   private:
    std::size_t number_;
  };
  std::vector<Tensor> masks_;
  DatasetInfo info_;
};

}  // namespace enxerto::testing
