#include "enxerto/data/csv_dataset.h"

#include <utility>

namespace enxerto {
namespace {

class CsvDataset final : public Dataset {
 public:
  explicit CsvDataset(CsvContents contents) : contents_(std::move(contents)) {}

  std::size_t size() const override { return contents_.files.size(); }
  std::unique_ptr<Example> get(std::size_t i) const override { return contents_.files.example(i); }
  std::int64_t label(std::size_t i) const override { return contents_.files.label(i); }
  const std::vector<std::string>& classes() const override { return contents_.names; }
  TargetKind target_kind() const override { return contents_.kind; }

  std::vector<float> targets(std::size_t i) const override {
    const std::size_t width = contents_.names.size();
    if (contents_.kind == TargetKind::classes) return {};
    if (contents_.kind == TargetKind::values) {
      const auto first = contents_.values.begin() + static_cast<std::ptrdiff_t>(i * width);
      return {first, first + static_cast<std::ptrdiff_t>(width)};
    }
    std::vector<float> targets(width);
    for (std::size_t at = i == 0 ? 0 : contents_.ends[i - 1]; at < contents_.ends[i]; ++at)
      targets[contents_.labels[at]] = 1;
    return targets;
  }

 private:
  CsvContents contents_;
};

}  // namespace

DatasetPtr csv_dataset(CsvContents contents) {
  contents.files.shrink();
  contents.labels.shrink_to_fit();
  contents.ends.shrink_to_fit();
  contents.values.shrink_to_fit();
  return std::make_shared<CsvDataset>(std::move(contents));
}

}  // namespace enxerto
