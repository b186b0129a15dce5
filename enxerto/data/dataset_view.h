#pragma once
#include <memory>
#include <utility>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// A data set seen in another way: what a wrapper does not change goes through to the one below.
class DatasetView : public Dataset {
 public:
  explicit DatasetView(DatasetPtr dataset) : dataset_(std::move(dataset)) {}

  std::size_t size() const override { return dataset_->size(); }
  std::unique_ptr<Example> get(std::size_t position) const override { return dataset_->get(position); }
  const DatasetInfo& info() const override { return dataset_->info(); }
  Tensor target(std::size_t position) const override { return dataset_->target(position); }

 protected:
  const Dataset& below() const { return *dataset_; }

 private:
  DatasetPtr dataset_;
};

}  // namespace enxerto
