#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/data/box_target.h"
#include "enxerto/data/dataset.h"
#include "enxerto/files/read.h"

namespace enxerto::testing {

/// Boxes without pictures.
class MadeBoxes final : public Dataset {
 public:
  MadeBoxes(std::vector<std::string> classes, std::vector<std::vector<LabelledBox>> boxes)
      : boxes_(std::move(boxes)),
        info_{.inputs = {Medium::image}, .target = {.kind = std::string(kBoxTarget), .names = std::move(classes)}} {}

  std::size_t size() const override { return boxes_.size(); }
  std::unique_ptr<Example> get(std::size_t position) const override { return std::make_unique<Nothing>(position); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return box_target(boxes_.at(position)); }

 private:
  class Nothing final : public Example {
   public:
    explicit Nothing(std::size_t number) : number_(number) {}
    std::string id() const override { return std::to_string(number_); }
    Field field(std::size_t /*input*/) const override { return {}; }
    std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }

   private:
    std::size_t number_;
  };
  std::vector<std::vector<LabelledBox>> boxes_;
  DatasetInfo info_;
};

}  // namespace enxerto::testing
