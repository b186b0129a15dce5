#include "enxerto/media/image/image_preprocessor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/face_preprocessor.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/picture_alignment.h"
#include "enxerto/media/image/picture_size.h"
#include "enxerto/media/image/preprocess_check.h"
#include "enxerto/media/image/random_change.h"
#include "enxerto/media/image/seen_pixels.h"
#include "enxerto/media/image/smooth_noise.h"

namespace enxerto {
namespace {

class ImagePreprocessor final : public Preprocessor {
 public:
  explicit ImagePreprocessor(const ImagePreprocess& preprocess)
      : preprocess_(preprocess), inputs_{InputSpec{.name = "input", .shape = {3, preprocess.size, preprocess.size}}} {
    check(preprocess, "image preprocessing");
  }

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment == nullptr || !changes_pictures(*view.augment)) {
      const Image image = decode(example, view.where, decode_options(preprocess_));
      preprocess_into(image, preprocess_, room(out));
      return {of_whole(plain_alignment(image, preprocess_), example, image, view.where)};
    }
    check(*view.augment, "augmentation");
    const Image image = decode(example, view.where, decode_options(preprocess_, *view.augment));
    const PictureChange change = draw_change(
        *view.augment, {.left = 0, .top = 0, .width = image.width, .height = image.height}, preprocess_.size, view.key);
    change_into(image, preprocess_, {*view.augment, change, view.key}, room(out));
    return {
        of_whole(changed_alignment(image, preprocess_, {*view.augment, change, view.key}), example, image, view.where)};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    return {as_field(smooth_noise(preprocess_.size * 5 / 4, preprocess_.size, number))};
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    constexpr int kQuality = 80;
    OwnSlots slots(inputs_);
    (void)encode(example, view, slots);
    Image seen = seen_pixels(slots.take().front().as<float>(), preprocess_);
    if (seen.width > side) seen = resize(seen, side, side, Filter::bilinear);
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(seen, kQuality)};
  }

  Json record() const override { return to_json(preprocess_); }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    decode(example, where, decode_options(preprocess_));
  }

  std::string summary() const override { return fmt::format("{} px", preprocess_.size); }

  Json random_changes(const Augmentation& augmentation) const override {
    check(augmentation, "augmentation");
    refuse_sound_changes(augmentation, to_string(inputs()));
    if (!changes_pictures(augmentation)) return Json::object();
    Augmentation pictures_only = augmentation;
    pictures_only.mixup = pictures_only.cutmix = 0;
    if (pictures_only.randaugment == 0) pictures_only.randaugment_magnitude = Augmentation{}.randaugment_magnitude;
    return non_default_json(pictures_only);
  }

  Augmentation usual_augmentation() const override {
    return {.flip = true, .crop = 0.5, .brightness = 0.2, .contrast = 0.2, .saturation = 0.2, .mixup = 0.2};
  }

 private:
  /// A map from the picture at its own size, which may have been decoded at a part of it.
  Tensor of_whole(Tensor map, std::span<const Field> example, const Image& decoded, std::string_view where) const {
    if (!preprocess_.scaled_decode || example[0].raw) return map;
    if (image_format::format_of(example[0].bytes.bytes())->name != "JPEG") return map;  // no other is decoded at a part
    const PictureSize whole = picture_size(example[0].bytes.bytes(), where);
    if (whole.width == decoded.width && whole.height == decoded.height) return map;
    const float across = static_cast<float>(decoded.width) / static_cast<float>(whole.width);
    const float down = static_cast<float>(decoded.height) / static_cast<float>(whole.height);
    const auto m = map.as<float>();
    return Tensor::of<float>({2, 3}, {m[0] * across, m[1] * down, m[2], m[3] * across, m[4] * down, m[5]});
  }

  std::span<float> room(InputSlots& out) const {
    const std::span<std::byte> bytes = out.slot(0, inputs_[0].shape);
    return {reinterpret_cast<float*>(bytes.data()), bytes.size() / sizeof(float)};
  }

  ImagePreprocess preprocess_;
  std::array<InputSpec, 1> inputs_;
};

struct Normalisation {
  std::string_view name;
  float divisor;
  std::array<float, 3> mean, deviation;
  std::string_view channels;
};

constexpr std::array<Normalisation, 6> kNormalisations{{
    {"none", 1, {0, 0, 0}, {1, 1, 1}, "rgb"},
    {"unit", 255, {0, 0, 0}, {1, 1, 1}, "rgb"},
    {"tf", 127.5F, {1, 1, 1}, {1, 1, 1}, "rgb"},
    {"torch", 255, {0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}, "rgb"},
    {"torch_bgr", 255, {0.406F, 0.456F, 0.485F}, {0.225F, 0.224F, 0.229F}, "bgr"},
    {"caffe", 1, {103.939F, 116.779F, 123.68F}, {1, 1, 1}, "bgr"},
}};

/// A recipe's words in terms of the record's own members.
Json spelled_out(Json record, std::string_view where) {
  if (record.contains("fit") && record["fit"] == "crop") record["fit"] = "center_crop";
  const auto asked = record.find("normalise");
  if (asked == record.end()) return record;
  const Json word = *asked;  // NOLINT(performance-unnecessary-copy-initialization): erased below
  record.erase("normalise");
  const auto* row = std::find_if(kNormalisations.begin(), kNormalisations.end(),
                                 [&](const Normalisation& known) { return word == known.name; });
  if (row == kNormalisations.end())
    throw data_error(fmt::format("{}: normalise", where), word.dump(), "none, unit, tf, torch, torch_bgr or caffe");
  record["divisor"] = row->divisor;
  record["mean"] = row->mean;
  record["deviation"] = row->deviation;
  record["channels"] = row->channels;
  return record;
}

}  // namespace

Image decode(std::span<const Field> example, std::string_view where, const DecodeOptions& options) {
  if (example.size() != 1 || example[0].medium != Medium::image)
    throw data_error(std::string(where),
                     example.size() == 1 ? fmt::format("a {}", medium_row(example[0].medium).noun)
                                         : fmt::format("{} fields", example.size()),
                     "one picture");
  const Field& picture = example[0];
  return picture.raw ? image_from_raw(picture.bytes.bytes(), *picture.raw)
                     : decode_image(picture.bytes.bytes(), where, options);
}

PreprocessorPtr image_preprocessor(const ImagePreprocess& preprocess) {
  return std::make_shared<ImagePreprocessor>(preprocess);
}

PreprocessorPtr image_preprocessor_from_record(const Json& record, std::string_view where) {
  const bool says = record.is_object() && record.contains("fit") && record["fit"].is_string();
  if (const FaceFit* const fit = says ? face_fit_named(record["fit"].get<std::string>()) : nullptr) {
    Json cut_out = record;
    cut_out["fit"] = "squash";
    std::optional<FaceFinderSettings> finder;
    if (record.contains("finder")) finder = face_finder_settings_from_json(record["finder"], where);
    cut_out.erase("finder");
    return face_preprocessor(image_preprocess_from_json(spelled_out(cut_out, where), where), *fit, finder);
  }
  return image_preprocessor(image_preprocess_from_json(spelled_out(record, where), where));
}

}  // namespace enxerto
