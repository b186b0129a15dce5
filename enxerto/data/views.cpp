#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "enxerto/base/error.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

class Subset final : public DatasetView {
 public:
  Subset(DatasetPtr whole, std::vector<std::size_t> positions)
      : DatasetView(std::move(whole)), positions_(std::move(positions)) {}

  std::size_t size() const override { return positions_.size(); }
  std::unique_ptr<Example> get(std::size_t position) const override { return below().get(positions_.at(position)); }
  Tensor target(std::size_t position) const override { return below().target(positions_.at(position)); }

 private:
  std::vector<std::size_t> positions_;
};

}  // namespace

DatasetPtr subset(DatasetPtr dataset, std::vector<std::size_t> positions) {
  for (const std::size_t position : positions) {
    if (position >= dataset->size())
      throw data_error("subset", fmt::format("position {}", position), fmt::format("below {}", dataset->size()));
  }
  return std::make_shared<Subset>(std::move(dataset), std::move(positions));
}

DatasetPtr first_per_class(DatasetPtr dataset, std::size_t per_class) {
  const TargetKind* kind = find_target_kind(dataset->info().target.kind);
  if (kind != nullptr && kind->stratum == nullptr)
    throw usage_error("first examples of each class",
                      fmt::format("the examples have {}, not one class each", kind->nouns), "data of classes",
                      "take the first of all examples instead");
  std::vector<std::size_t> taken(dataset->info().target.names.size() + 1), positions;
  for (std::size_t i = 0; i < dataset->size(); ++i) {
    const std::int64_t stratum = stratum_of(*dataset, i);
    std::size_t& count = taken[stratum < 0 ? taken.size() - 1 : static_cast<std::size_t>(stratum)];
    if (count++ < per_class) positions.push_back(i);
  }
  return std::make_shared<Subset>(std::move(dataset), std::move(positions));
}

DatasetPtr take(DatasetPtr dataset, std::size_t count) {
  std::vector<std::size_t> positions(std::min(count, dataset->size()));
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return std::make_shared<Subset>(std::move(dataset), std::move(positions));
}

std::int64_t stratum_of(const Dataset& dataset, std::size_t position) {
  const TargetKind* kind = find_target_kind(dataset.info().target.kind);
  return kind == nullptr || kind->stratum == nullptr ? -1 : kind->stratum(dataset.target(position));
}

}  // namespace enxerto
