#include "enxerto/pretrained/preprocess_name.h"

#include <array>

#include <fmt/format.h>

namespace enxerto {
namespace {

using Channels = ImagePreprocess::Channels;
using OfChannels = std::array<float, 3>;

struct Mode {
  const char* name;
  Channels channels;
  OfChannels low, high;  // what black and white become
};

constexpr OfChannels kMean{0.485F, 0.456F, 0.406F}, kDeviation{0.229F, 0.224F, 0.225F};
constexpr OfChannels kCaffe{103.939F, 116.779F, 123.68F};

constexpr std::array kModes{
    Mode{"torch",
         Channels::rgb,
         {-kMean[0] / kDeviation[0], -kMean[1] / kDeviation[1], -kMean[2] / kDeviation[2]},
         {(1 - kMean[0]) / kDeviation[0], (1 - kMean[1]) / kDeviation[1], (1 - kMean[2]) / kDeviation[2]}},
    Mode{"tf", Channels::rgb, {-1, -1, -1}, {1, 1, 1}},
    Mode{"caffe",
         Channels::bgr,
         {-kCaffe[0], -kCaffe[1], -kCaffe[2]},
         {255 - kCaffe[0], 255 - kCaffe[1], 255 - kCaffe[2]}},
    Mode{"torch_bgr",
         Channels::bgr,
         {-kMean[2] / kDeviation[2], -kMean[1] / kDeviation[1], -kMean[0] / kDeviation[0]},
         {(1 - kMean[2]) / kDeviation[2], (1 - kMean[1]) / kDeviation[1], (1 - kMean[0]) / kDeviation[0]}},
    Mode{"0 to 1", Channels::rgb, {0, 0, 0}, {1, 1, 1}},
    Mode{"0 to 255", Channels::rgb, {0, 0, 0}, {255, 255, 255}},
};

bool near(float a, float b) { return a - b < 1e-3F && b - a < 1e-3F; }

bool is_of(const ImagePreprocess& preprocess, const Mode& mode) {
  if (preprocess.channels != mode.channels) return false;
  for (std::size_t c = 0; c < 3; ++c) {
    const float low = -preprocess.mean.at(c) / preprocess.deviation.at(c);
    const float high = (255 / preprocess.divisor - preprocess.mean.at(c)) / preprocess.deviation.at(c);
    if (!near(low, mode.low.at(c)) || !near(high, mode.high.at(c))) return false;
  }
  return true;
}

}  // namespace

std::string preprocess_name(const ImagePreprocess& preprocess) {
  for (const Mode& mode : kModes)
    if (is_of(preprocess, mode)) return mode.name;
  return fmt::format("{}(x/{:g} - {:.2f}) / {:.2f}", preprocess.channels == Channels::bgr ? "BGR " : "",
                     preprocess.divisor, preprocess.mean[0], preprocess.deviation[0]);
}

std::string preprocess_name(const Preprocessor& preprocessor) {
  const Json record = preprocessor.record();
  return record.contains("kind") ? preprocessor.summary()
                                 : preprocess_name(image_preprocess_from_json(record, "record"));
}

}  // namespace enxerto
