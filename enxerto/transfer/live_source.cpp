#include "enxerto/transfer/live_source.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/collate.h"
#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/features/kept_values.h"
#include "enxerto/files/read.h"
#include "enxerto/transfer/example_mixer.h"

namespace enxerto {
namespace {

void require_one_map(std::span<const InputSpec> values) {
  if (values.size() == 1 && values[0].fixed() && values[0].dtype == DType::f32) return;
  throw usage_error("mixup and cutmix", fmt::format("the inputs {}", to_string(values)),
                    "one input of float32 with a fixed size", "omit them");
}

/// Bytes of each example's fields, where what it becomes is the longer the longer they are; empty where nothing varies.
std::vector<std::size_t> bytes_of_fields(const LiveSourceOptions& options) {
  std::vector<std::size_t> lengths;
  if (std::ranges::all_of(options.source.preprocessor->inputs(), &InputSpec::fixed)) return lengths;
  for (const std::size_t position : options.positions) {
    const std::unique_ptr<Example> example = options.dataset->get(position);
    std::size_t bytes = 0;
    for (std::size_t input = 0; input < options.dataset->info().inputs.size(); ++input) {
      const std::optional<FileIdentity> file = example->file(input);
      bytes += file ? to_size(file->size) : example->field(input).bytes.size();
    }
    lengths.push_back(bytes);
  }
  return lengths;
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
               options_.targets),
        lengths_(bytes_of_fields(options_)) {
    if (mixer_.mixes()) require_one_map(examples_.values());
  }

  std::size_t size() const override { return options_.positions.size(); }

  std::size_t length(std::size_t example) const override { return lengths_.empty() ? 0 : lengths_.at(example); }

  std::size_t tokens(std::size_t example) const override {
    std::call_once(counted_, [&] { tokens_ = examples_.lengths(options_.positions); });
    return tokens_.at(example);
  }

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
    if (options_.targets.needs_rows()) return batch_by_rows(examples, epoch);
    const TensorMap values = values_of(examples, epoch);
    TrainBatch batch{.inputs = {}, .examples = static_cast<std::int64_t>(examples.size())};
    if (!mixes) {
      batch.inputs = values;
      batch.inputs.merge(options_.targets.get(examples));
      batch.weight = options_.targets.weight(batch.inputs, batch.examples);
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

  /// Where targets depend on what becomes of each example.
  TrainBatch batch_by_rows(std::span<const std::size_t> examples, std::uint64_t epoch) {
    const std::vector<std::vector<Tensor>> records = records_of(examples, epoch);
    const std::vector<RowView> rows(records.begin(), records.end());
    std::vector<TensorMap> kept;
    for (const RowView& row : rows) kept.push_back(kept_values(row, examples_.layout(), options_.targets.row_values()));
    TrainBatch batch{.inputs = collate(rows, examples_.layout()),
                     .examples = static_cast<std::int64_t>(examples.size())};
    for (const std::string& name : options_.for_targets) batch.inputs.erase(name);
    batch.inputs.merge(options_.targets.get(examples, kept));
    return batch;
  }

  TensorMap values_of(std::span<const std::size_t> examples, std::uint64_t epoch) {
    const std::vector<std::size_t> positions = positions_of(examples);
    const std::lock_guard lock(mutex_);
    return examples_.get(positions, epoch, options_.augmented);
  }

  std::vector<std::vector<Tensor>> records_of(std::span<const std::size_t> examples, std::uint64_t epoch) {
    const std::vector<std::size_t> positions = positions_of(examples);
    const std::lock_guard lock(mutex_);
    return examples_.records(positions, epoch, options_.augmented);
  }

  std::vector<std::size_t> positions_of(std::span<const std::size_t> examples) const {
    std::vector<std::size_t> positions;
    positions.reserve(examples.size());
    for (const std::size_t example : examples) positions.push_back(options_.positions[example]);
    return positions;
  }

  LiveSourceOptions options_;
  LiveExamples examples_;
  ExampleMixer mixer_;
  std::vector<std::size_t> lengths_;
  mutable std::once_flag counted_;
  mutable std::vector<std::size_t> tokens_;  // of each example, once they are asked for
  std::mutex mutex_;                         // the examples are for one caller at a time
};

}  // namespace

std::unique_ptr<BatchSource> live_source(LiveSourceOptions options) {
  if (options.targets.size() != options.positions.size())
    throw data_error("live examples", fmt::format("{} targets", options.targets.size()),
                     fmt::format("{}, one per example", options.positions.size()));
  return std::make_unique<LiveSource>(std::move(options));
}

}  // namespace enxerto
