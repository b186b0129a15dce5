#include "enxerto/transfer/live_source.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/heads/loss.h"
#include "enxerto/transfer/example_mixer.h"

namespace enxerto {
namespace {

class LiveSource final : public BatchSource {
 public:
  explicit LiveSource(LiveSourceOptions options)
      : options_(std::move(options)),
        pictures_(*options_.dataset, options_.pictures),
        mixer_({.mixup = options_.augmented ? options_.pictures.augmentation.mixup : 0,
                .cutmix = options_.augmented ? options_.pictures.augmentation.cutmix : 0,
                .seed = options_.pictures.seed,
                .row_shape = pictures_.row_shape(),
                .examples = options_.positions.size()},
               options_.targets) {}

  std::size_t size() const override { return options_.positions.size(); }

  std::string name(std::size_t example) const override {
    return options_.dataset->get(options_.positions.at(example))->id();
  }

  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    Tensor pictures = pictures_of(examples, epoch);
    TensorMap targets;
    if (mixer_.mixes()) {
      const std::vector<std::size_t> partners = mixer_.partners(examples, epoch);
      const Tensor others = pictures_of(partners, epoch);
      TensorBuffer mixed(DType::f32, pictures.shape());
      std::ranges::copy(pictures.as<float>(), mixed.as<float>().begin());
      targets = options_.targets.mixed(examples, partners,
                                       mixer_.mix(examples, epoch, mixed.as<float>(), others.as<float>()));
      pictures = std::move(mixed).freeze();
    } else {
      targets = options_.targets.get(examples);
    }
    TrainBatch batch{.inputs = {{options_.value, std::move(pictures)}},
                     .examples = static_cast<std::int64_t>(examples.size())};
    for (const auto& [name, tensor] : targets) batch.inputs.set(name, tensor);
    return batch;
  }

 private:
  Tensor pictures_of(std::span<const std::size_t> examples, std::uint64_t epoch) {
    std::vector<std::size_t> positions;
    positions.reserve(examples.size());
    for (const std::size_t example : examples) positions.push_back(options_.positions[example]);
    const bool changes = options_.augmented && changes_pictures(options_.pictures.augmentation);
    const std::lock_guard lock(mutex_);
    return pictures_.get(positions, epoch, changes);
  }

  LiveSourceOptions options_;
  LivePictures pictures_;
  ExampleMixer mixer_;
  std::mutex mutex_;  // the pictures are for one caller at a time
};

}  // namespace

std::unique_ptr<BatchSource> live_source(LiveSourceOptions options) {
  if (options.targets.size() != options.positions.size())
    throw Error(ErrorKind::data, {.where = "live pictures",
                                  .found = fmt::format("{} targets", options.targets.size()),
                                  .expected = fmt::format("{}, one a picture", options.positions.size()),
                                  .tip = ""});
  return std::make_unique<LiveSource>(std::move(options));
}

}  // namespace enxerto
