#include "enxerto/transfer/cached_rows.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/heads/loss.h"
#include "enxerto/transfer/example_mixer.h"

namespace enxerto {
namespace {

/// Rows up to this many values are copied faster than a thread can be told to.
constexpr std::size_t kQuickWidth = 16384;

void check_rows(const CachedRowsOptions& options) {
  const auto refuse = [](std::string found, std::string expected) {
    throw Error(ErrorKind::data,
                {.where = "cached rows", .found = std::move(found), .expected = std::move(expected), .tip = ""});
  };
  if (options.views.empty()) refuse("there is no view", "at least one");
  const std::size_t width = element_count(options.row_shape);
  for (const StoredRows& view : options.views) {
    if (view.width != width)
      refuse(fmt::format("rows of {} values", view.width),
             fmt::format("{}, as in {}", width, to_string(options.row_shape)));
    if (view.size() != options.targets.size())
      refuse(fmt::format("{} rows beside {} targets", view.size(), options.targets.size()), "one target a row");
  }
}

class CachedRows final : public BatchSource {
 public:
  explicit CachedRows(CachedRowsOptions options)
      : options_(std::move(options)),
        width_(element_count(options_.row_shape)),
        mixer_({.mixup = options_.mixup,
                .cutmix = options_.cutmix,
                .seed = options_.seed,
                .row_shape = options_.row_shape,
                .examples = options_.targets.size()},
               options_.targets) {}

  std::size_t size() const override { return options_.targets.size(); }
  bool is_quick() const override { return width_ <= kQuickWidth; }

  std::string name(std::size_t example) const override {
    return options_.name ? options_.name(example) : fmt::format("example {}", example);
  }

  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    TensorBuffer rows = gathered(examples, epoch);
    Tensor targets;
    if (mixer_.mixes()) {
      const std::vector<std::size_t> partners = mixer_.partners(examples, epoch);
      TensorBuffer others = gathered(partners, epoch);
      targets =
          options_.targets.mixed(examples, partners, mixer_.mix(examples, epoch, rows.as<float>(), others.as<float>()));
    } else {
      targets = options_.targets.get(examples);
    }
    return {.inputs = {{options_.value, std::move(rows).freeze()}, {std::string(kLossTarget), std::move(targets)}},
            .examples = static_cast<std::int64_t>(examples.size())};
  }

 private:
  TensorBuffer gathered(std::span<const std::size_t> examples, std::uint64_t epoch) const {
    Shape shape{static_cast<std::int64_t>(examples.size())};
    shape.insert(shape.end(), options_.row_shape.begin(), options_.row_shape.end());
    TensorBuffer rows(DType::f32, std::move(shape));
    const auto out = rows.as<float>();
    for (std::size_t i = 0; i < examples.size(); ++i) copy(examples[i], epoch, out.subspan(i * width_, width_));
    return rows;
  }

  void copy(std::size_t example, std::uint64_t epoch, std::span<float> to) const {
    const StoredRows& view = options_.views[view_of(example, epoch, options_.views.size(), options_.seed)];
    if (view.dtype == DType::f32) {
      std::memcpy(to.data(), view.row[example], to.size_bytes());
    } else {
      view.copy(example, to);
    }
  }

  CachedRowsOptions options_;
  std::size_t width_;
  ExampleMixer mixer_;
};

}  // namespace

StoredRows as_stored(const Rows& rows) {
  StoredRows stored{.dtype = DType::f32, .width = rows.width, .row = {}};
  stored.row.reserve(rows.size());
  for (const float* row : rows.row) stored.row.push_back(reinterpret_cast<const std::byte*>(row));
  return stored;
}

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
