#include "enxerto/media/image/face_fits.h"

#include <algorithm>
#include <array>

#include "enxerto/media/image/face_points.h"
#include "enxerto/media/image/five_points.h"
#include "enxerto/media/image/square_view.h"

namespace enxerto {
namespace {

bool can_be_turned(const Tensor& points, int /*width*/, int /*height*/) {
  return similarity(five_points_of(points), kArcFacePoints) != AffineMatrix{};
}

void write_turned(const Image& image, const Tensor& points, const ImagePreprocess& preprocess, std::span<float> out) {
  preprocess_into(aligned_face(image, five_points_of(points), preprocess.size), preprocess, out);
}

bool has_a_box(const Tensor& points, int width, int height) {
  const PictureArea box = eyes_and_mouth_box(points, width, height);
  return box.width > 0 && box.height > 0;
}

void write_box(const Image& image, const Tensor& points, const ImagePreprocess& preprocess, std::span<float> out) {
  square_into(image, eyes_and_mouth_box(points, image.width, image.height), SquarePlace::centered, preprocess, out);
}

constexpr std::array kFaceFits{
    FaceFit{"five_points", "aligned by five points", false, can_be_turned, write_turned},
    FaceFit{"eyes_and_mouth", "cut out by eyes and mouth", true, has_a_box, write_box},
};

}  // namespace

const FaceFit* face_fit_named(std::string_view word) {
  const auto* const row = std::ranges::find(kFaceFits, word, &FaceFit::word);
  return row == kFaceFits.end() ? nullptr : row;
}

}  // namespace enxerto
