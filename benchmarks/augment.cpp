// Augmented pictures a second of one core's time. benchmarks/augment.py runs this beside torchvision's transforms on
// Pillow images.
//
//   benchmark_augment policies                        prints the policies, one a line
//   benchmark_augment rate POLICY WIDTH HEIGHT SIZE   prints pictures/s from a decoded picture
//   benchmark_augment live DATA SIZE THREADS          prints pictures/s of LiveExamples: plain, and flipped and shifted
#include <fmt/format.h>

#include <ctime>
#include <numeric>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/features/live_examples.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto {
namespace {

constexpr double kSeconds = 1.0;

struct Policy {
  std::string_view name;
  Augmentation augmentation;
};

const std::vector<Policy>& policies() {
  static const std::vector<Policy> kPolicies{
      {"plain", {}},
      {"crop_flip", {.flip = true, .crop = 0.08}},
      {"shift_flip", {.flip = true, .pad_crop = 0.125}},
      {"colour", {.flip = true, .crop = 0.08, .brightness = 0.4, .contrast = 0.4, .saturation = 0.4, .hue = 0.1}},
      {"randaugment", {.flip = true, .crop = 0.08, .randaugment = 2}},
      {"rotate_zoom", {.flip = true, .rotate = 15, .zoom = 0.1}},
      {"erase", {.flip = true, .crop = 0.08, .erase = 0.25}}};
  return kPolicies;
}

const Policy& policy_named(std::string_view name) {
  for (const Policy& policy : policies()) {
    if (policy.name == name) return policy;
  }
  throw Error(ErrorKind::usage,
              {.where = "policy", .found = std::string(name), .expected = "one of `policies`", .tip = ""});
}

/// Processor time of all threads, so that other programs on the machine do not count.
double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Slopes with some noise, like a photograph's.
Image picture(int width, int height) {
  Image image{width, height, {}};
  std::uint32_t noise = 1;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width * 3; ++x) {
      noise = noise * 1664525U + 1013904223U;
      image.pixels.push_back(static_cast<std::uint8_t>((x / 3 * 128 / width + y * 96 / height + (noise >> 27)) & 255));
    }
  }
  return image;
}

double rate(const Policy& policy, const Image& image, int size) {
  const ImagePreprocess preprocess{.size = size, .fit = ImagePreprocess::Fit::squash};
  std::vector<float> out(3U * static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  std::uint64_t count = 0;
  const double begin = now();
  while (now() - begin < kSeconds) augment_into(image, preprocess, policy.augmentation, {1, 0, count++, {}}, out);
  return static_cast<double>(count) / (now() - begin);
}

/// Batches of 64 in order, as a trainer asks for them.
double live_rate(LiveExamples& pictures, std::size_t size, bool augmented) {
  constexpr std::size_t kBatch = 64;
  std::vector<std::size_t> positions(size / kBatch * kBatch);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  std::size_t count = 0;
  const double begin = now();
  while (now() - begin < kSeconds) {
    const std::size_t at = count % positions.size();
    pictures.get(std::span(positions).subspan(at, kBatch), count / positions.size(), augmented);
    count += kBatch;
  }
  return static_cast<double>(count) / (now() - begin);
}

int run(const std::vector<std::string>& words) {
  const auto number = [&](std::size_t i) { return std::stoi(words.at(i)); };
  if (words.at(0) == "policies") {
    for (const Policy& policy : policies()) fmt::print("{}\n", policy.name);
  } else if (words.at(0) == "rate") {
    fmt::print("{}\n", rate(policy_named(words.at(1)), picture(number(2), number(3)), number(4)));
  } else {
    const DataParts parts = open_data(words.at(1));
    const DatasetPtr data = parts.all ? parts.all : parts.train;
    FeatureSource source;
    source.preprocessor = image_preprocessor({.size = number(2), .fit = ImagePreprocess::Fit::squash});
    source.augmentation = policy_named("shift_flip").augmentation;
    LiveExamples pictures(*data, source, number(3));
    const double plain = live_rate(pictures, data->size(), false);
    fmt::print("{} {}\n", plain, live_rate(pictures, data->size(), true));
  }
  return 0;
}

}  // namespace
}  // namespace enxerto

int main(int argc, char** argv) {
  try {
    return enxerto::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
