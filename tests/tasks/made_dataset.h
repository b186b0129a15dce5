#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto::testing {

/// Examples without pictures: what matters is what is said of them.
class MadeDataset final : public Dataset {
 public:
  MadeDataset(std::vector<std::string> names, std::vector<std::int64_t> labels)
      : names_(std::move(names)), labels_(std::move(labels)) {}
  MadeDataset(TargetKind kind, std::vector<std::string> names, std::vector<std::vector<float>> targets)
      : kind_(kind), names_(std::move(names)), labels_(targets.size(), -1), targets_(std::move(targets)) {}

  std::size_t size() const override { return labels_.size(); }
  std::int64_t label(std::size_t position) const override { return labels_.at(position); }
  const std::vector<std::string>& classes() const override { return names_; }
  TargetKind target_kind() const override { return kind_; }
  std::vector<float> targets(std::size_t position) const override {
    return kind_ == TargetKind::classes ? std::vector<float>() : targets_.at(position);
  }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<Nothing>(position, labels_.at(position));
  }

 private:
  class Nothing final : public Example {
   public:
    Nothing(std::size_t position, std::int64_t label) : position_(position), label_(label) {}
    std::string id() const override { return "example" + std::to_string(position_); }
    std::int64_t label() const override { return label_; }
    Tensor bytes() const override { return Tensor(); }
    std::optional<RawPixels> raw() const override { return std::nullopt; }
    std::optional<FileIdentity> file() const override { return std::nullopt; }

   private:
    std::size_t position_;
    std::int64_t label_;
  };

  TargetKind kind_ = TargetKind::classes;
  std::vector<std::string> names_;
  std::vector<std::int64_t> labels_;
  std::vector<std::vector<float>> targets_;
};

}  // namespace enxerto::testing
