#include "enxerto/data/csv_dataset.h"

#include <memory>
#include <span>
#include <utility>

#include "enxerto/data/grouped_example.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

class CsvDataset final : public Dataset {
 public:
  explicit CsvDataset(CsvContents contents)
      : contents_(std::move(contents)),
        info_{.inputs = is_text() ? std::vector(contents_.texts.fields(), Medium::text)
                                  : std::vector{contents_.files.medium()},
              .target = contents_.target} {}

  std::size_t size() const override { return contents_.size(); }
  std::unique_ptr<Example> get(std::size_t i) const override {
    auto example = is_text() ? contents_.texts.example(i) : contents_.files.example(i);
    if (contents_.groups.empty()) return example;
    return in_group(std::move(example), contents_.group_names[contents_.groups[i]]);
  }
  const DatasetInfo& info() const override { return info_; }

  Tensor target(std::size_t i) const override {
    if (contents_.ends.empty() && contents_.values.empty())
      return Tensor::scalar(is_text() ? std::int64_t{contents_.labels[i]} : contents_.files.label(i));
    const std::size_t width = contents_.target.names.size();
    const Shape shape{static_cast<std::int64_t>(width)};
    if (contents_.ends.empty()) return Tensor::of<float>(shape, std::span(contents_.values).subspan(i * width, width));
    std::vector<float> labels(width);
    for (std::size_t at = i == 0 ? 0 : contents_.ends[i - 1]; at < contents_.ends[i]; ++at)
      labels[contents_.labels[at]] = 1;
    return Tensor::of<float>(shape, std::span<const float>(labels));
  }

 private:
  bool is_text() const { return contents_.texts.fields() > 0; }

  CsvContents contents_;
  DatasetInfo info_;
};

}  // namespace

DatasetPtr csv_dataset(CsvContents contents) {
  contents.files.shrink();
  contents.labels.shrink_to_fit();
  contents.ends.shrink_to_fit();
  contents.values.shrink_to_fit();
  contents.groups.shrink_to_fit();
  return std::make_shared<CsvDataset>(std::move(contents));
}

}  // namespace enxerto
