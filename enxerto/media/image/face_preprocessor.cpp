#include "enxerto/media/image/face_preprocessor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/face_points.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/image/preprocess_check.h"
#include "enxerto/media/image/seen_pixels.h"
#include "enxerto/media/image/smooth_noise.h"

namespace enxerto {
namespace {

constexpr std::string_view kDetector = "detector", kLandmarks = "landmarks";

/// As many points of a made-up face as `fit` needs, at the ArcFace's places of a picture of `side` px.
Tensor made_up_points(const FaceFit& fit, int side) {
  constexpr std::array<std::size_t, 6> kBegins{0, 36, 42, 48, 54, 68};  // of the 68 that go to one place
  constexpr std::array<std::size_t, 5> kPlaces{2, 0, 1, 3, 4};
  std::vector<double> marks;
  const auto put = [&](std::size_t place) {
    for (const double value : kArcFacePoints[place]) marks.push_back(value * side / 100);
  };
  for (std::size_t i = 0; !fit.all_points && i < kArcFacePoints.size(); ++i) put(i);
  for (std::size_t part = 0; fit.all_points && part < kPlaces.size(); ++part)
    for (std::size_t i = kBegins[part]; i < kBegins[part + 1]; ++i) put(kPlaces[part]);
  return Tensor::of<double>({static_cast<std::int64_t>(marks.size() / 2), 2}, std::span<const double>(marks));
}

class FacePreprocessor final : public Preprocessor {
 public:
  FacePreprocessor(const ImagePreprocess& preprocess, const FaceFit& fit, std::optional<FaceFinderSettings> settings)
      : preprocess_(preprocess),
        fit_(fit),
        settings_(std::move(settings)),
        inputs_{InputSpec{.name = "input", .shape = {3, preprocess.size, preprocess.size}}} {
    preprocess_.fit = ImagePreprocess::Fit::squash;
    check(preprocess_, "image preprocessing");
  }

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment != nullptr) (void)random_changes(*view.augment);
    const std::span<std::byte> room = out.slot(0, inputs_[0].shape);
    write(example, view.where, {reinterpret_cast<float*>(room.data()), room.size() / sizeof(float)});
    return {};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    Field field = as_field(smooth_noise(preprocess_.size * 5 / 4, preprocess_.size * 5 / 4, number));
    field.marks = made_up_points(fit_, preprocess_.size);
    return {std::move(field)};
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    constexpr int kQuality = 80;
    std::vector<float> values(3 * to_size(preprocess_.size) * to_size(preprocess_.size));
    write(example, view.where, values);
    Image face = seen_pixels(values, preprocess_);
    if (face.width > side) face = resize(face, side, side, Filter::bilinear);
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(face, kQuality)};
  }

  Json record() const override {
    Json record = to_json(preprocess_);
    record["fit"] = fit_.word;
    if (settings_) record["finder"] = to_json(*settings_);
    return record;
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    const Image image = decode(example, where, {});  // whole, as `write`: points are in its pixels
    if (example[0].marks.size() > 0 || finder_ == nullptr) (void)points_in(image, example[0], where);
  }

  std::string summary() const override {
    return fmt::format("{} px, {}{}", preprocess_.size, fit_.summary,
                       settings_ ? fmt::format(" of the largest face that {} finds", settings_->detector) : "");
  }

  std::vector<std::string> networks() const override {
    return settings_ ? std::vector<std::string>{std::string(kDetector), std::string(kLandmarks)}
                     : std::vector<std::string>{};
  }

  PreprocessorPtr with_networks(const NetworkRuns& runs) const override {
    auto ready = std::make_shared<FacePreprocessor>(preprocess_, fit_, settings_);
    ready->finder_ = std::make_shared<const FaceFinder>(settings_.value(), runs.at(std::string(kDetector)),
                                                        runs.at(std::string(kLandmarks)));
    return ready;
  }

 private:
  Tensor points_in(const Image& image, const Field& field, std::string_view where) const {
    Tensor points = field.marks;
    if (points.size() == 0) points = looked_for(image, where);
    if (!are_face_points(points) || (fit_.all_points && points.shape()[0] == kFivePoints))
      throw data_error(std::string(where), fmt::format("points of {}", to_string(points.shape())),
                       fit_.all_points ? "68 points of a face" : "5 or 68 points of a face",
                       "let `enxerto landmarks` write landmarks.csv");
    if (!fit_.possible(points, image.width, image.height))
      throw data_error(std::string(where), "points at one place, or beside the picture", "points of a face");
    return points;
  }

  Tensor looked_for(const Image& image, std::string_view where) const {
    if (!settings_)
      throw data_error(
          std::string(where), "no face is known in it", "points of one",
          "a row in landmarks.csv (enxerto landmarks), networks that find faces (input.finder), or leave it out");
    if (finder_ == nullptr)
      throw Error(ErrorKind::other, {.where = std::string(where),
                                     .found = "the preprocessing has no network to find faces with",
                                     .expected = "Preprocessor::with_networks before it is used"});
    const FoundFace face = finder_->largest(image);
    if (face.points.size() == 0)
      throw data_error(
          std::string(where),
          fmt::format("{} finds no face in it of a score above {}", settings_->detector, settings_->least_score),
          "a picture of a face", "leave it out, or put its points into landmarks.csv");
    return face.points;
  }

  void write(std::span<const Field> example, std::string_view where, std::span<float> out) const {
    const Image image = decode(example, where, {});
    fit_.write(image, points_in(image, example[0], where), preprocess_, out);
  }

  ImagePreprocess preprocess_;
  const FaceFit& fit_;
  std::optional<FaceFinderSettings> settings_;
  std::array<InputSpec, 1> inputs_;
  std::shared_ptr<const FaceFinder> finder_;
};

}  // namespace

PreprocessorPtr face_preprocessor(const ImagePreprocess& preprocess, const FaceFit& fit,
                                  const std::optional<FaceFinderSettings>& finder) {
  return std::make_shared<FacePreprocessor>(preprocess, fit, finder);
}

}  // namespace enxerto
