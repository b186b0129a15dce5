#include "enxerto/transfer/cached_rows.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/media/image/mix.h"

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

void check_mixing(const CachedRowsOptions& options) {
  const bool mixes = options.mixup != 0 || options.cutmix != 0;
  if (mixes && !options.targets.can_mix()) {
    throw Error(ErrorKind::usage, {.where = options.mixup != 0 ? "mixup" : "cutmix",
                                   .found = "with targets that are class numbers",
                                   .expected = "targets that can be averaged",
                                   .tip = "loss = \"categorical_cross_entropy\""});
  }
  if (options.cutmix != 0 && options.row_shape.size() != 3) {
    throw Error(ErrorKind::usage,
                {.where = "cutmix",
                 .found = fmt::format("the trained part begins with {}", to_string(options.row_shape)),
                 .expected = "a map (channels, height, width)",
                 .tip = "mixup, or a train_from further down"});
  }
  // The draws check their alphas; a bad one must not wait for the first batch.
  (void)mix_draw(options.mixup, {.purpose = "check"});
  (void)mix_draw(options.cutmix, {.purpose = "check"});
}

class CachedRows final : public BatchSource {
 public:
  explicit CachedRows(CachedRowsOptions options)
      : options_(std::move(options)), width_(element_count(options_.row_shape)) {}

  std::size_t size() const override { return options_.targets.size(); }
  bool is_quick() const override { return width_ <= kQuickWidth; }

  std::string name(std::size_t example) const override {
    return options_.name ? options_.name(example) : fmt::format("example {}", example);
  }

  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    Shape shape{static_cast<std::int64_t>(examples.size())};
    shape.insert(shape.end(), options_.row_shape.begin(), options_.row_shape.end());
    TensorBuffer rows(DType::f32, std::move(shape));
    const auto out = rows.as<float>();
    for (std::size_t i = 0; i < examples.size(); ++i) copy(examples[i], epoch, out.subspan(i * width_, width_));
    Tensor targets =
        options_.mixup == 0 && options_.cutmix == 0 ? options_.targets.get(examples) : mix(examples, epoch, out);
    return {.inputs = {std::move(rows).freeze(), std::move(targets)},
            .examples = static_cast<std::int64_t>(examples.size())};
  }

 private:
  void copy(std::size_t example, std::uint64_t epoch, std::span<float> to) const {
    const StoredRows& view = options_.views[view_of(example, epoch, options_.views.size(), options_.seed)];
    if (view.dtype == DType::f32) {
      std::memcpy(to.data(), view.row[example], to.size_bytes());
    } else {
      view.copy(example, to);
    }
  }

  RandomKey key(std::size_t example, std::uint64_t epoch, std::string_view purpose) const {
    return {.seed = options_.seed, .epoch = epoch, .example = example, .purpose = purpose};
  }

  bool cuts(std::size_t example, std::uint64_t epoch) const {
    if (options_.mixup == 0 || options_.cutmix == 0) return options_.cutmix != 0;
    return Rng(key(example, epoch, "mixup or cutmix")).below(2) == 1;
  }

  /// Mixes rows in place; the mixed targets.
  Tensor mix(std::span<const std::size_t> examples, std::uint64_t epoch, std::span<float> rows) const {
    std::vector<std::size_t> partners;
    std::vector<double> shares;
    std::vector<float> other(width_);
    for (std::size_t i = 0; i < examples.size(); ++i) {
      partners.push_back(Rng(key(examples[i], epoch, "partner")).below(size()));
      copy(partners.back(), epoch, other);
      const bool cut = cuts(examples[i], epoch);
      const MixDraw draw =
          mix_draw(cut ? options_.cutmix : options_.mixup, key(examples[i], epoch, cut ? "cutmix" : "mixup"));
      const auto row = rows.subspan(i * width_, width_);
      shares.push_back(cut ? put_box(draw, other, row) : blend(draw.lambda, other, row));
    }
    return options_.targets.mixed(examples, partners, shares);
  }

  static double blend(double share, std::span<const float> other, std::span<float> row) {
    const auto mine = static_cast<float>(share), theirs = static_cast<float>(1 - share);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = mine * row[i] + theirs * other[i];
    return share;
  }

  double put_box(const MixDraw& draw, std::span<const float> other, std::span<float> row) const {
    const auto side = [&](std::size_t axis) { return static_cast<std::size_t>(options_.row_shape[axis]); };
    const MixBox box = mix_box(draw, static_cast<int>(side(1)), static_cast<int>(side(2)));
    const auto top = static_cast<std::size_t>(box.top), left = static_cast<std::size_t>(box.left);
    for (std::size_t channel = 0; channel < side(0); ++channel) {
      for (std::size_t y = top; y < top + static_cast<std::size_t>(box.height); ++y) {
        const std::size_t begin = (channel * side(1) + y) * side(2) + left;
        std::copy_n(other.begin() + static_cast<std::ptrdiff_t>(begin), box.width,
                    row.begin() + static_cast<std::ptrdiff_t>(begin));
      }
    }
    return box.lambda;
  }

  CachedRowsOptions options_;
  std::size_t width_;
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
  check_mixing(options);
  return std::make_unique<CachedRows>(std::move(options));
}

}  // namespace enxerto
