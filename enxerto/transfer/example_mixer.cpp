#include "enxerto/transfer/example_mixer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

void check(const MixingOptions& options, const TargetSource& targets) {
  const bool mixes = options.mixup != 0 || options.cutmix != 0;
  if (mixes && !targets.can_mix()) {
    throw usage_error(options.mixup != 0 ? "mixup" : "cutmix", "with targets that are class numbers",
                      "targets that can be averaged", "loss = \"categorical_cross_entropy\"");
  }
  if (options.cutmix != 0 && options.row_shape.size() != 3) {
    throw usage_error("cutmix", fmt::format("the trained part begins with {}", to_string(options.row_shape)),
                      "a map (channels, height, width)", "mixup, or a train_from further down");
  }
  // The draws check their alphas; a bad one must not wait for the first batch.
  (void)mix_draw(options.mixup, {.purpose = "check"});
  (void)mix_draw(options.cutmix, {.purpose = "check"});
}

double blend(double share, std::span<const float> other, std::span<float> row) {
  const auto mine = static_cast<float>(share), theirs = static_cast<float>(1 - share);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = mine * row[i] + theirs * other[i];
  return share;
}

}  // namespace

ExampleMixer::ExampleMixer(MixingOptions options, const TargetSource& targets) : options_(std::move(options)) {
  check(options_, targets);
}

RandomKey ExampleMixer::key(std::size_t example, std::uint64_t epoch, std::string_view purpose) const {
  return {.seed = options_.seed, .epoch = epoch, .example = example, .purpose = purpose};
}

bool ExampleMixer::cuts(std::size_t example, std::uint64_t epoch) const {
  if (options_.mixup == 0 || options_.cutmix == 0) return options_.cutmix != 0;
  return Rng(key(example, epoch, "mixup or cutmix")).below(2) == 1;
}

std::vector<std::size_t> ExampleMixer::partners(std::span<const std::size_t> examples, std::uint64_t epoch) const {
  std::vector<std::size_t> partners;
  partners.reserve(examples.size());
  for (const std::size_t example : examples)
    partners.push_back(Rng(key(example, epoch, "partner")).below(options_.examples));
  return partners;
}

std::vector<double> ExampleMixer::mix(std::span<const std::size_t> examples, std::uint64_t epoch, std::span<float> rows,
                                      std::span<const float> others) const {
  std::vector<double> shares;
  const std::size_t width = examples.empty() ? 0 : rows.size() / examples.size();
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const bool cut = cuts(examples[i], epoch);
    const MixDraw draw =
        mix_draw(cut ? options_.cutmix : options_.mixup, key(examples[i], epoch, cut ? "cutmix" : "mixup"));
    const auto row = rows.subspan(i * width, width);
    const auto other = others.subspan(i * width, width);
    shares.push_back(cut ? put_box(draw, other, row) : blend(draw.lambda, other, row));
  }
  return shares;
}

double ExampleMixer::put_box(const MixDraw& draw, std::span<const float> other, std::span<float> row) const {
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

}  // namespace enxerto
