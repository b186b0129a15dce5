#include "enxerto/data/relabel.h"

#include <algorithm>
#include <utility>

namespace enxerto {
namespace {

constexpr std::int64_t kUnknown = -1;

/// An example of another data set under another label.
class RelabelledExample final : public Example {
 public:
  RelabelledExample(std::unique_ptr<Example> example, std::int64_t label)
      : example_(std::move(example)), label_(label) {}
  std::string id() const override { return example_->id(); }
  std::int64_t label() const override { return label_; }
  Tensor bytes() const override { return example_->bytes(); }
  std::optional<RawPixels> raw() const override { return example_->raw(); }
  std::optional<FileIdentity> file() const override { return example_->file(); }

 private:
  std::unique_ptr<Example> example_;
  std::int64_t label_;
};

class RelabelledDataset final : public Dataset {
 public:
  RelabelledDataset(DatasetPtr dataset, std::vector<std::int64_t> new_label, std::vector<std::string> classes)
      : dataset_(std::move(dataset)), new_label_(std::move(new_label)), classes_(std::move(classes)) {}

  std::size_t size() const override { return dataset_->size(); }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<RelabelledExample>(dataset_->get(position), label(position));
  }
  std::int64_t label(std::size_t position) const override {
    const std::int64_t old = dataset_->label(position);
    return old < 0 ? kUnknown : new_label_.at(static_cast<std::size_t>(old));
  }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  DatasetPtr dataset_;
  std::vector<std::int64_t> new_label_;
  std::vector<std::string> classes_;
};

std::vector<std::string> names_without(const std::vector<std::string>& names, const std::vector<bool>& seen) {
  std::vector<std::string> without;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!seen[i]) without.push_back(names[i]);
  }
  return without;
}

}  // namespace

Relabelled relabel(DatasetPtr dataset, const std::vector<std::string>& classes) {
  std::vector<std::int64_t> new_label;
  for (const std::string& name : dataset->classes()) {
    const auto place = std::find(classes.begin(), classes.end(), name);
    new_label.push_back(place == classes.end() ? kUnknown : place - classes.begin());
  }
  const auto old_classes = dataset->classes();
  const auto view = std::make_shared<RelabelledDataset>(std::move(dataset), new_label, classes);

  std::vector<bool> wanted_seen(classes.size(), false);
  std::vector<bool> known(old_classes.size(), true);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < view->size(); ++i) {
    const std::int64_t label = view->label(i);
    if (label == kUnknown) continue;
    wanted_seen[static_cast<std::size_t>(label)] = true;
    kept.push_back(i);
  }
  Relabelled result;
  for (std::size_t c = 0; c < old_classes.size(); ++c) known[c] = new_label[c] != kUnknown;
  result.left_out = view->size() - kept.size();
  result.unknown = names_without(old_classes, known);
  result.missing = names_without(classes, wanted_seen);
  result.dataset = result.left_out == 0 ? DatasetPtr(view) : subset(view, std::move(kept));
  return result;
}

}  // namespace enxerto
