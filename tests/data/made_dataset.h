#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/read.h"

namespace enxerto::testing {

/// Examples without fields: what matters is what is said of them.
class MadeDataset final : public Dataset {
 public:
  /// Of classes. Ids are `prefix` and the position.
  MadeDataset(std::vector<std::string> names, const std::vector<std::int64_t>& labels, std::string prefix = "example")
      : prefix_(std::move(prefix)), info_{{Medium::image}, {std::string(kClassTarget), std::move(names)}} {
    for (const std::int64_t label : labels) targets_.push_back(label < 0 ? Tensor() : Tensor::scalar(label));
  }

  /// Of labels or numbers.
  MadeDataset(std::string_view kind, std::vector<std::string> names, const std::vector<std::vector<float>>& targets)
      : prefix_("example"), info_{{Medium::image}, {std::string(kind), std::move(names)}} {
    for (const std::vector<float>& one : targets)
      targets_.push_back(Tensor::of<float>({static_cast<std::int64_t>(one.size())}, std::span<const float>(one)));
  }

  std::size_t size() const override { return targets_.size(); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return targets_.at(position); }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<Nothing>(prefix_ + std::to_string(position));
  }

 private:
  class Nothing final : public Example {
   public:
    explicit Nothing(std::string id) : id_(std::move(id)) {}
    std::string id() const override { return id_; }
    Field field(std::size_t) const override { return {}; }
    std::optional<FileIdentity> file(std::size_t) const override { return std::nullopt; }

   private:
    std::string id_;
  };

  std::string prefix_;
  DatasetInfo info_;
  std::vector<Tensor> targets_;
};

}  // namespace enxerto::testing
