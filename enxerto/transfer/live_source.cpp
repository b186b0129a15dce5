#include "enxerto/transfer/live_source.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/transfer/example_mixer.h"

namespace enxerto {
namespace {

void require_one_map(std::span<const InputSpec> values) {
  if (values.size() == 1 && values[0].fixed() && values[0].dtype == DType::f32) return;
  throw usage_error("mixup and cutmix", fmt::format("the inputs {}", to_string(values)),
                    "one input of float32 with a fixed size", "omit them");
}

class LiveSource final : public BatchSource {
 public:
  explicit LiveSource(LiveSourceOptions options)
      : options_(std::move(options)),
        examples_(*options_.dataset, options_.source, options_.threads),
        mixer_({.mixup = options_.augmented ? options_.source.augmentation.mixup : 0,
                .cutmix = options_.augmented ? options_.source.augmentation.cutmix : 0,
                .seed = options_.source.augment_seed,
                .row_shape = examples_.values()[0].fixed() ? examples_.values()[0].shape : Shape{},
                .examples = options_.positions.size()},
               options_.targets) {
    if (mixer_.mixes()) require_one_map(examples_.values());
  }

  std::size_t size() const override { return options_.positions.size(); }

  std::string name(std::size_t example) const override {
    return options_.dataset->get(options_.positions.at(example))->id();
  }

  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    return batch_of(examples, epoch, mixer_.mixes());
  }

  TrainBatch unmixed(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    return batch_of(examples, epoch, false);
  }

 private:
  TrainBatch batch_of(std::span<const std::size_t> examples, std::uint64_t epoch, bool mixes) {
    const TensorMap values = values_of(examples, epoch);
    TrainBatch batch{.inputs = {}, .examples = static_cast<std::int64_t>(examples.size())};
    if (!mixes) {
      batch.inputs = values;
      batch.inputs.merge(options_.targets.get(examples));
      return batch;
    }
    const std::vector<std::size_t> partners = mixer_.partners(examples, epoch);
    const Tensor own = values.begin()->second, others = values_of(partners, epoch).begin()->second;
    TensorBuffer mixed(DType::f32, own.shape());
    std::ranges::copy(own.as<float>(), mixed.as<float>().begin());
    const TensorMap targets =
        options_.targets.mixed(examples, partners, mixer_.mix(examples, epoch, mixed.as<float>(), others.as<float>()));
    batch.inputs.set(values.begin()->first, std::move(mixed).freeze());
    batch.inputs.merge(targets);
    return batch;
  }

  TensorMap values_of(std::span<const std::size_t> examples, std::uint64_t epoch) {
    std::vector<std::size_t> positions;
    positions.reserve(examples.size());
    for (const std::size_t example : examples) positions.push_back(options_.positions[example]);
    const std::lock_guard lock(mutex_);
    return examples_.get(positions, epoch, options_.augmented);
  }

  LiveSourceOptions options_;
  LiveExamples examples_;
  ExampleMixer mixer_;
  std::mutex mutex_;  // the examples are for one caller at a time
};

}  // namespace

std::unique_ptr<BatchSource> live_source(LiveSourceOptions options) {
  if (options.targets.size() != options.positions.size())
    throw data_error("live examples", fmt::format("{} targets", options.targets.size()),
                     fmt::format("{}, one per example", options.positions.size()));
  return std::make_unique<LiveSource>(std::move(options));
}

}  // namespace enxerto
