#include "enxerto/data/concatenate.h"

#include <algorithm>
#include <utility>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

class Concatenated final : public Dataset {
 public:
  explicit Concatenated(std::vector<DatasetPtr> parts) : parts_(std::move(parts)) {
    for (const auto& part : parts_) {
      if (part->info() != parts_.front()->info()) {
        throw data_error("data sets", "parts with different classes", "the same");
      }
      ends_.push_back(size() + part->size());
    }
  }

  std::size_t size() const override { return ends_.empty() ? 0 : ends_.back(); }
  std::unique_ptr<Example> get(std::size_t position) const override {
    const auto [part, inside] = find(position);
    return part->get(inside);
  }
  const DatasetInfo& info() const override { return parts_.front()->info(); }
  Tensor target(std::size_t position) const override {
    const auto [part, inside] = find(position);
    return part->target(inside);
  }

 private:
  std::pair<const Dataset*, std::size_t> find(std::size_t position) const {
    const auto at = static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), position) - ends_.begin());
    return {parts_.at(at).get(), position - (at == 0 ? 0 : ends_[at - 1])};
  }

  std::vector<DatasetPtr> parts_;
  std::vector<std::size_t> ends_;
};

}  // namespace

DatasetPtr concatenate(std::vector<DatasetPtr> parts) {
  std::erase(parts, nullptr);
  if (parts.empty()) throw usage_error("concatenate", "no data set", "at least one");
  if (parts.size() == 1) return parts.front();
  return std::make_shared<Concatenated>(std::move(parts));
}

DatasetPtr everything(const DataParts& parts) {
  return parts.has_parts() ? concatenate({parts.train, parts.validation, parts.test}) : parts.all;
}

}  // namespace enxerto
