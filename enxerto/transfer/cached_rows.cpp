#include "enxerto/transfer/cached_rows.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/collate.h"
#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/varying.h"
#include "enxerto/features/kept_values.h"
#include "enxerto/transfer/example_mixer.h"

namespace enxerto {
namespace {

/// Rows up to this many values are copied faster than a thread can be told to.
constexpr std::size_t kQuickWidth = 16384;

void check_rows(const CachedRowsOptions& options) {
  const auto refuse = [](std::string found, std::string expected) {
    throw data_error("cached rows", std::move(found), std::move(expected));
  };
  if (options.views.empty()) refuse("there is no view", "at least one");
  const RowLayout& layout = options.views.front().layout();
  for (const StoredRows& view : options.views) {
    if (view.layout() != layout)
      refuse(to_string(view.layout().values), to_string(layout.values) + ", as the first view");
    if (view.size() != options.targets.size())
      refuse(fmt::format("{} rows for {} targets", view.size(), options.targets.size()), "one target per row");
  }
  if ((options.mixup != 0 || options.cutmix != 0) && !layout.is_matrix())
    throw usage_error(options.mixup != 0 ? "mixup" : "cutmix",
                      "the trained part begins with " + to_string(layout.values),
                      "one value of float32 with a fixed shape", "leave it out, or use another train_from");
}

class CachedRows final : public BatchSource {
 public:
  explicit CachedRows(CachedRowsOptions options)
      : options_(std::move(options)),
        layout_(options_.views.front().layout()),
        matrix_(layout_.is_matrix() && !options_.targets.needs_rows()),
        width_(matrix_ ? options_.views.front().width() : 0),
        mixer_({.mixup = options_.mixup,
                .cutmix = options_.cutmix,
                .seed = options_.seed,
                .row_shape = layout_.is_matrix() ? layout_.values[0].shape : Shape{},
                .examples = options_.targets.size()},
               options_.targets) {}

  std::size_t size() const override { return options_.targets.size(); }
  bool is_quick() const override { return matrix_ && width_ <= kQuickWidth; }

  std::size_t length(std::size_t example) const override {
    return layout_.fixed() ? 0 : options_.views.front().record(example).size();
  }

  std::size_t tokens(std::size_t example) const override {
    if (layout_.fixed()) return 0;
    const RowView row = options_.views.front().at(example);
    std::int64_t longest = 0;
    for (std::size_t i = 0; i < layout_.values.size(); ++i)
      if (std::ranges::find(options_.for_targets, layout_.values[i].name) == options_.for_targets.end())
        longest = std::max(longest, longest_varying(layout_.values[i], row.value(i).shape));
    return longest > 0 ? to_size(options_.padding.padded(longest)) : 0;
  }

  std::string name(std::size_t example) const override {
    return options_.name ? options_.name(example) : fmt::format("example {}", example);
  }

  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    return batch_of(examples, epoch, mixer_.mixes());
  }

  TrainBatch unmixed(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    return batch_of(examples, epoch, false);
  }

 private:
  TrainBatch batch_of(std::span<const std::size_t> examples, std::uint64_t epoch, bool mixes) {
    TrainBatch batch{.inputs = {}, .examples = static_cast<std::int64_t>(examples.size())};
    if (!matrix_) {
      batch.inputs = collated(examples, epoch);
      for (const std::string& name : options_.for_targets) batch.inputs.erase(name);
      batch.inputs.merge(options_.targets.get(examples, kept_values(examples, epoch)));
      batch.weight = options_.targets.weight(batch.inputs, batch.examples);
      return batch;
    }
    TensorBuffer rows = gathered(examples, epoch);
    TensorMap targets;
    if (mixes) {
      const std::vector<std::size_t> partners = mixer_.partners(examples, epoch);
      TensorBuffer others = gathered(partners, epoch);
      targets =
          options_.targets.mixed(examples, partners, mixer_.mix(examples, epoch, rows.as<float>(), others.as<float>()));
    } else {
      targets = options_.targets.get(examples);
    }
    batch.inputs.set(layout_.values[0].name, std::move(rows).freeze());
    batch.inputs.merge(targets);
    return batch;
  }

  const StoredRows& view(std::size_t example, std::uint64_t epoch) const {
    return options_.views[view_of(example, epoch, options_.views.size(), options_.seed)];
  }

  /// The values of each record, for a task whose targets depend on them.
  std::vector<TensorMap> kept_values(std::span<const std::size_t> examples, std::uint64_t epoch) const {
    std::vector<TensorMap> rows;
    if (!options_.targets.needs_rows()) return rows;
    for (const std::size_t example : examples)
      rows.push_back(enxerto::kept_values(view(example, epoch).at(example), layout_, options_.targets.row_values()));
    return rows;
  }

  TensorMap collated(std::span<const std::size_t> examples, std::uint64_t epoch) const {
    std::vector<RowView> rows;
    rows.reserve(examples.size());
    for (const std::size_t example : examples) rows.push_back(view(example, epoch).at(example));
    return collate(rows, layout_, options_.padding);
  }

  TensorBuffer gathered(std::span<const std::size_t> examples, std::uint64_t epoch) const {
    Shape shape{static_cast<std::int64_t>(examples.size())};
    shape.insert(shape.end(), layout_.values[0].shape.begin(), layout_.values[0].shape.end());
    TensorBuffer rows(DType::f32, std::move(shape));
    const auto out = rows.as<float>();
    for (std::size_t i = 0; i < examples.size(); ++i)
      view(examples[i], epoch).copy(examples[i], out.subspan(i * width_, width_));
    return rows;
  }

  CachedRowsOptions options_;
  RowLayout layout_;
  bool matrix_;        // rows are copied as one, and targets do not depend on them
  std::size_t width_;  // of a matrix
  ExampleMixer mixer_;
};

}  // namespace

std::size_t view_of(std::size_t example, std::uint64_t epoch, std::size_t views, std::uint64_t seed) {
  if (views < 2) return 0;
  const std::uint64_t first = Rng({.seed = seed, .epoch = 0, .example = example, .purpose = "first view"}).below(views);
  return static_cast<std::size_t>((first + epoch) % views);
}

std::unique_ptr<BatchSource> cached_rows(CachedRowsOptions options) {
  check_rows(options);
  return std::make_unique<CachedRows>(std::move(options));
}

}  // namespace enxerto
