#include <fmt/format.h>

#include <numeric>

#include "enxerto/base/error.h"
#include "enxerto/data/dataset.h"

namespace enxerto {
namespace {

class Subset final : public Dataset {
 public:
  Subset(DatasetPtr whole, std::vector<std::size_t> positions)
      : whole_(std::move(whole)), positions_(std::move(positions)) {}

  std::size_t size() const override { return positions_.size(); }
  std::unique_ptr<Example> get(std::size_t position) const override { return whole_->get(positions_.at(position)); }
  std::int64_t label(std::size_t position) const override { return whole_->label(positions_.at(position)); }
  const std::vector<std::string>& classes() const override { return whole_->classes(); }
  TargetKind target_kind() const override { return whole_->target_kind(); }
  std::vector<float> targets(std::size_t position) const override { return whole_->targets(positions_.at(position)); }

 private:
  DatasetPtr whole_;
  std::vector<std::size_t> positions_;
};

}  // namespace

DatasetPtr subset(DatasetPtr dataset, std::vector<std::size_t> positions) {
  for (const std::size_t position : positions) {
    if (position >= dataset->size())
      throw Error(ErrorKind::data, {.where = "subset",
                                    .found = fmt::format("position {}", position),
                                    .expected = fmt::format("below {}", dataset->size()),
                                    .tip = ""});
  }
  return std::make_shared<Subset>(std::move(dataset), std::move(positions));
}

DatasetPtr first_per_class(DatasetPtr dataset, std::size_t per_class) {
  if (dataset->target_kind() != TargetKind::classes)
    throw Error(ErrorKind::usage, {.where = "the first of each class",
                                   .found = "the pictures have labels or values, not one class each",
                                   .expected = "data of classes",
                                   .tip = "take a number of all pictures"});
  std::vector<std::size_t> taken(dataset->classes().size() + 1), positions;
  for (std::size_t i = 0; i < dataset->size(); ++i) {
    const std::int64_t label = dataset->label(i);
    std::size_t& count = taken[label < 0 ? taken.size() - 1 : static_cast<std::size_t>(label)];
    if (count++ < per_class) positions.push_back(i);
  }
  return std::make_shared<Subset>(std::move(dataset), std::move(positions));
}

DatasetPtr take(DatasetPtr dataset, std::size_t count) {
  std::vector<std::size_t> positions(std::min(count, dataset->size()));
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return std::make_shared<Subset>(std::move(dataset), std::move(positions));
}

Image decode(const Example& example, const Tensor& bytes, const DecodeOptions& options) {
  if (const auto layout = example.raw()) return image_from_raw(bytes.bytes(), *layout);
  return decode_image(bytes.bytes(), example.id(), options);
}

}  // namespace enxerto
