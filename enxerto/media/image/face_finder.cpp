#include "enxerto/media/image/face_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/image/face_points.h"
#include "enxerto/media/image/square_view.h"

namespace enxerto {
namespace {

constexpr std::array kDetectorKinds{
    FaceDetectorKind{"ssd_mobilenetv1", 512, 127.5F, {1, 1, 1}, 0.5, true},
    FaceDetectorKind{"tiny_face_detector", 416, 255, {117.001F / 255, 114.697F / 255, 97.404F / 255}, 0.4, false},
};
constexpr int kLandmarksSide = 112;
constexpr std::size_t kMostFaces = 100;

const FaceDetectorKind& detector_named(const std::string& name, std::string_view where) {
  const auto* const row = std::ranges::find(kDetectorKinds, name, &FaceDetectorKind::name);
  if (row == kDetectorKinds.end())
    throw data_error(std::string(where), fmt::format("the detector '{}'", name),
                     fmt::format("{} or {}", kDetectorKinds[0].name, kDetectorKinds[1].name));
  return *row;
}

Tensor square_of(const Image& image, const PictureArea& box, SquarePlace place, const ImagePreprocess& preprocess) {
  const std::int64_t side = preprocess.size;
  TensorBuffer buffer(DType::f32, {1, 3, side, side});
  square_into(image, box, place, preprocess, buffer.as<float>());
  return std::move(buffer).freeze();
}

/// What a network answers under that name, `width` numbers each. Throws Error{weights}: the network is another than it
/// is taken for, or damaged.
std::span<const float> answer(const TensorMap& said, std::string_view network, std::string_view name,
                              std::size_t width) {
  const Tensor* const found = said.find(std::string(name));
  if (found == nullptr || found->dtype() != DType::f32 || found->size() == 0 || found->size() % width != 0)
    throw weights_error(fmt::format("the network '{}' of the preprocessing", network),
                        found == nullptr ? fmt::format("no answer '{}'", name)
                                         : fmt::format("the answer '{}' of {}", name, to_string(found->shape())),
                        fmt::format("numbers in groups of {}", width), "save the model again, or copy it again");
  const auto values = found->as<float>();
  if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
    throw weights_error(fmt::format("the network '{}' of the preprocessing", network),
                        fmt::format("an answer '{}' that is not finite", name), "numbers",
                        "get its files again: their weights are damaged");
  return values;
}

/// Left, top, right, bottom.
using Sides = std::array<double, 4>;

double shared_part(const Sides& a, const Sides& b) {
  const auto area = [](const Sides& sides) { return (sides[2] - sides[0]) * (sides[3] - sides[1]); };
  if (area(a) <= 0 || area(b) <= 0) return 0;
  const double width = std::max(0.0, std::min(a[2], b[2]) - std::max(a[0], b[0]));
  const double height = std::max(0.0, std::min(a[3], b[3]) - std::max(a[1], b[1]));
  return width * height / (area(a) + area(b) - width * height);
}

struct Candidate {
  double score;
  Sides sides;
};

/// Those above `least`, the surest first, without those that are the same face as a surer one.
std::vector<Candidate> chosen(std::span<const float> boxes, std::span<const float> scores, double least,
                              double overlap) {
  std::vector<Candidate> candidates, kept;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!(scores[i] > least)) continue;
    Candidate& one = candidates.emplace_back(Candidate{.score = scores[i], .sides = {}});
    for (std::size_t side = 0; side < 4; ++side) one.sides[side] = boxes[4 * i + side];
  }
  std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::score);
  for (const Candidate& one : candidates) {
    if (kept.size() == kMostFaces) break;
    const bool same = std::ranges::any_of(
        kept, [&](const Candidate& surer) { return shared_part(one.sides, surer.sides) > overlap; });
    if (!same) kept.push_back(one);
  }
  return kept;
}

/// In whole px, without what is outside of the picture, as `Box.clipAtImageBorders`.
PictureArea inside_of(const FoundFace& face, const Image& image) {
  const double x = std::max(face.left, 0.0), y = std::max(face.top, 0.0);
  const double width = std::min(face.left + face.width - x, image.width - x);
  const double height = std::min(face.top + face.height - y, image.height - y);
  const auto whole = [](double value) { return static_cast<int>(std::floor(std::clamp(value, -1.0, 1e9))); };
  return {.left = whole(x), .top = whole(y), .width = whole(width), .height = whole(height)};
}

bool is_seen(const FoundFace& face, const Image& image) {
  const PictureArea box = inside_of(face, image);
  return box.width > 0 && box.height > 0;
}

}  // namespace

std::span<const FaceDetectorKind> face_detector_kinds() { return kDetectorKinds; }

Json to_json(const FaceFinderSettings& settings) {
  return {{"detector", settings.detector}, {"least_score", settings.least_score}, {"networks", settings.networks}};
}

FaceFinderSettings face_finder_settings_from_json(const Json& json, std::string_view where) {
  const std::string place = fmt::format("{}: finder", where);
  FaceFinderSettings settings{.detector = member<std::string>(json, "detector", place, ErrorKind::data),
                              .least_score = member<double>(json, "least_score", place, ErrorKind::data),
                              .networks = member<std::string>(json, "networks", place, ErrorKind::data)};
  (void)detector_named(settings.detector, place);
  if (!(settings.least_score > 0 && settings.least_score < 1))
    throw data_error(place, fmt::format("least_score = {}", settings.least_score), "a number between 0 and 1");
  for (const auto& item : json.items())
    if (!to_json(settings).contains(item.key()))
      throw data_error(place, fmt::format("the member '{}'", item.key()), "detector, least_score and networks");
  return settings;
}

FaceFinder::FaceFinder(FaceFinderSettings settings, NetworkRun detector, NetworkRun landmarks)
    : settings_(std::move(settings)),
      kind_(detector_named(settings_.detector, "finder")),
      detector_(std::move(detector)),
      landmarks_(std::move(landmarks)) {}

std::vector<FoundFace> FaceFinder::boxes(const Image& image) const {
  const PictureArea all{.width = image.width, .height = image.height};
  const ImagePreprocess view{.size = kind_.size, .divisor = kind_.divisor, .mean = kind_.mean, .deviation = {1, 1, 1}};
  TensorMap input;
  input.set("input", square_of(image, all, SquarePlace::first, view));
  const TensorMap said = detector_(input);
  const double longer = std::max(image.width, image.height);
  // The picture in the square was resized to whole pixels: face-api goes back by these.
  const auto more = [&](int length) { return kind_.size / std::max(1.0, std::round(length * (kind_.size / longer))); };
  const double more_x = more(image.width), more_y = more(image.height);
  const auto places = answer(said, settings_.detector, "boxes", 4);
  const auto scores = answer(said, settings_.detector, "scores", 1);
  if (places.size() != 4 * scores.size())
    throw weights_error(fmt::format("the network '{}' of the preprocessing", settings_.detector),
                        fmt::format("{} numbers of boxes for {} scores", places.size(), scores.size()),
                        "a box for each score");
  std::vector<FoundFace> faces;
  for (const Candidate& one : chosen(places, scores, settings_.least_score, kind_.overlap)) {
    Sides at = one.sides;
    if (kind_.inside) at = {std::max(0.0, at[0]), std::max(0.0, at[1]), std::min(1.0, at[2]), std::min(1.0, at[3])};
    FoundFace face{.left = at[0] * more_x * image.width, .top = at[1] * more_y * image.height, .score = one.score};
    face.width = (at[2] * more_x - at[0] * more_x) * image.width;
    face.height = (at[3] * more_y - at[1] * more_y) * image.height;
    if (is_seen(face, image)) faces.push_back(std::move(face));
  }
  std::ranges::stable_sort(faces, std::ranges::greater(),
                           [](const FoundFace& face) { return face.width * face.height; });
  return faces;
}

void FaceFinder::add_points(const Image& image, FoundFace& face) const {
  const PictureArea box = inside_of(face, image);
  const ImagePreprocess view{
      .size = kLandmarksSide, .mean = {122.782F / 255, 117.001F / 255, 104.298F / 255}, .deviation = {1, 1, 1}};
  TensorMap input;
  input.set("input", square_of(image, box, SquarePlace::centered, view));
  const TensorMap said = landmarks_(input);
  const auto places = answer(said, "landmarks", "points", 2 * to_size(kAllPoints));
  const double longer = std::max(box.width, box.height);
  const double black_x = (longer - box.width) / 2, black_y = (longer - box.height) / 2;
  std::vector<double> points(2 * to_size(kPointsAndBox));
  for (std::size_t i = 0; i < 2 * to_size(kAllPoints); i += 2) {
    points[i] = places[i] * longer - black_x + face.left;
    points[i + 1] = places[i + 1] * longer - black_y + face.top;
  }
  points[points.size() - 2] = box.width;
  points[points.size() - 1] = box.height;
  face.points = Tensor::of<double>({kPointsAndBox, 2}, std::span<const double>(points));
}

std::vector<FoundFace> FaceFinder::find(const Image& image) const {
  std::vector<FoundFace> faces = boxes(image);
  for (FoundFace& face : faces) add_points(image, face);
  return faces;
}

FoundFace FaceFinder::largest(const Image& image) const {
  std::vector<FoundFace> faces = boxes(image);
  if (faces.empty()) return {};
  add_points(image, faces.front());
  return std::move(faces.front());
}

}  // namespace enxerto
