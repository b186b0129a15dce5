#include "enxerto/features/live_pictures.h"

#include <algorithm>

#include "enxerto/base/threads.h"
#include "enxerto/features/aligned_floats.h"
#include "enxerto/features/contents.h"

namespace enxerto {
namespace {

/// Pixels for which it is worth to go to another thread.
constexpr int kPixelsPerTask = 16 * 32 * 32;
constexpr int kMostPerTask = 32;

std::size_t pictures_per_task(int size) {
  return static_cast<std::size_t>(std::clamp(kPixelsPerTask / (size * size), 1, kMostPerTask));
}

FeatureSource source_of(const LivePicturesOptions& options) {
  check(options.augmentation, "augmentation");
  FeatureSource source;
  source.prefix = options.prefix;
  source.preprocess = options.preprocess;
  source.precision = options.precision;
  source.augmentation = options.augmentation;
  source.augment_seed = options.seed;
  return source;
}

}  // namespace

struct LivePictures::Request {
  std::span<const std::size_t> positions;
  std::uint64_t epoch;
  bool changes;
  float* out;
  std::size_t width;  ///< floats of `out` a picture
};

LivePictures::LivePictures(const Dataset& dataset, const LivePicturesOptions& options)
    : dataset_(dataset),
      source_(source_of(options)),
      threads_(resolve_threads(options.threads)),
      prefix_(source_, threads_, 0) {}

void LivePictures::write_picture(std::size_t position, const Request& request, std::span<float> out) const {
  const ImagePreprocess& preprocess = source_.preprocess;
  const std::unique_ptr<Example> example = dataset_.get(position);
  const Field field = example->field(0);
  if (!request.changes) return preprocess_into(decode(*example, field, decode_options(preprocess)), preprocess, out);
  const RandomKey key{
      .seed = source_.augment_seed, .epoch = request.epoch, .example = content_hash(field).low, .purpose = "augment"};
  const Image image = decode(*example, field, decode_options(preprocess, source_.augmentation));
  augment_into(image, preprocess, source_.augmentation, key, out);
}

void LivePictures::write_pictures(const Request& request, std::size_t begin, std::size_t count) const {
  for (std::size_t i = begin; i < begin + count; ++i)
    write_picture(request.positions[i], request, {request.out + i * request.width, request.width});
}

void LivePictures::write_features(const Request& request, std::size_t begin, std::size_t count) {
  const std::size_t width = prefix_.input_width(), room = static_cast<std::size_t>(prefix_.batch()) * width;
  const std::shared_ptr<float[]> inputs = aligned_floats(room);
  // The engine always runs the whole batch: what nobody wants must be numbers too.
  std::fill(inputs.get() + count * width, inputs.get() + room, 0.0F);
  for (std::size_t i = 0; i < count; ++i)
    write_picture(request.positions[begin + i], request, {inputs.get() + i * width, width});
  Tensor keep;
  const std::span<const float> rows = prefix_.run(inputs, count, keep);
  std::copy(rows.begin(), rows.end(), request.out + begin * request.width);
}

Tensor LivePictures::get(std::span<const std::size_t> positions, std::uint64_t epoch, bool augmented) {
  Shape shape = row_shape();
  const std::size_t width = element_count(shape), count = positions.size();
  shape.insert(shape.begin(), static_cast<std::int64_t>(count));
  const std::shared_ptr<float[]> out = aligned_floats(count * width);
  const Request request{.positions = positions,
                        .epoch = epoch,
                        .changes = augmented && changes_pictures(source_.augmentation),
                        .out = out.get(),
                        .width = width};
  const bool runs = !source_.prefix.nodes.empty();
  const std::size_t step =
      runs ? static_cast<std::size_t>(prefix_.batch()) : pictures_per_task(source_.preprocess.size);
  parallel_for(threads_, (count + step - 1) / step, [&](std::size_t task) {
    const std::size_t begin = task * step, part = std::min(step, count - begin);
    runs ? write_features(request, begin, part) : write_pictures(request, begin, part);
  });
  return {DType::f32, shape, std::shared_ptr<const std::byte>(out, reinterpret_cast<const std::byte*>(out.get()))};
}

}  // namespace enxerto
