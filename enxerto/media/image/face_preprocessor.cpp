#include "enxerto/media/image/face_preprocessor.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/five_points.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/image/preprocess_check.h"
#include "enxerto/media/image/smooth_noise.h"

namespace enxerto {
namespace {

FivePoints points_of(const Field& field, std::string_view where) {
  constexpr std::size_t kNumbers = 10;
  if (field.marks.size() != kNumbers || field.marks.dtype() != DType::f64)
    throw data_error(std::string(where), "no face is known in it", "five points of one",
                     "a row in landmarks.csv (docs/identities.md), or leave it out");
  FivePoints points{};
  const auto values = field.marks.as<double>();
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = {values[2 * i], values[2 * i + 1]};
  if (similarity(points, kArcFacePoints) == AffineMatrix{})
    throw data_error(std::string(where), "five points at one place", "points of a face");
  return points;
}

class FacePreprocessor final : public Preprocessor {
 public:
  explicit FacePreprocessor(const ImagePreprocess& preprocess)
      : preprocess_(preprocess), inputs_{InputSpec{.name = "input", .shape = {3, preprocess.size, preprocess.size}}} {
    preprocess_.fit = ImagePreprocess::Fit::squash;
    check(preprocess_, "image preprocessing");
  }

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment != nullptr) (void)random_changes(*view.augment);
    const Image face = cut_out(example, view.where);
    const std::span<std::byte> room = out.slot(0, inputs_[0].shape);
    preprocess_into(face, preprocess_, {reinterpret_cast<float*>(room.data()), room.size() / sizeof(float)});
    return {};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    const int side = preprocess_.size;
    Field field = as_field(smooth_noise(side * 5 / 4, side * 5 / 4, number));
    std::vector<double> marks;
    for (const auto& [x, y] : kArcFacePoints) marks.insert(marks.end(), {x * side / 100, y * side / 100});
    field.marks = Tensor::of<double>({5, 2}, std::span<const double>(marks));
    return {std::move(field)};
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    constexpr int kQuality = 80;
    Image face = cut_out(example, view.where);
    if (face.width > side) face = resize(face, side, side, Filter::bilinear);
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(face, kQuality)};
  }

  Json record() const override {
    Json record = to_json(preprocess_);
    record["fit"] = kFivePointsFit;
    return record;
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)decode(example, where, decode_options(preprocess_));
    (void)points_of(example[0], where);
  }

  std::string summary() const override { return fmt::format("{} px, aligned by five points", preprocess_.size); }

 private:
  Image cut_out(std::span<const Field> example, std::string_view where) const {
    const Image image = decode(example, where, {});
    return aligned_face(image, points_of(example[0], where), preprocess_.size);
  }

  ImagePreprocess preprocess_;
  std::array<InputSpec, 1> inputs_;
};

}  // namespace

PreprocessorPtr face_preprocessor(const ImagePreprocess& preprocess) {
  return std::make_shared<FacePreprocessor>(preprocess);
}

}  // namespace enxerto
