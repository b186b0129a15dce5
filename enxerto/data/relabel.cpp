#include "enxerto/data/relabel.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "enxerto/base/error.h"

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
  TargetKind target_kind() const override { return dataset_->target_kind(); }
  std::vector<float> targets(std::size_t position) const override {
    const std::vector<float> old = dataset_->targets(position);
    std::vector<float> targets(old.empty() ? 0 : classes_.size());
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (new_label_[i] != kUnknown) targets[static_cast<std::size_t>(new_label_[i])] = old[i];
    }
    return targets;
  }

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

/// Which classes of `view` it has targets for: labels that some example has; for values the columns that are there.
std::vector<bool> named_by(const Dataset& view, const std::vector<std::string>& columns) {
  std::vector<bool> named;
  for (const std::string& name : view.classes())
    named.push_back(view.target_kind() == TargetKind::values &&
                    std::find(columns.begin(), columns.end(), name) != columns.end());
  if (view.target_kind() == TargetKind::values) {
    const auto gone = std::find(named.begin(), named.end(), false);
    if (gone == named.end()) return named;
    throw Error(ErrorKind::data, {.where = "the data",
                                  .found = fmt::format("no values of '{}'",
                                                       view.classes()[static_cast<std::size_t>(gone - named.begin())]),
                                  .expected = fmt::format("{}", fmt::join(view.classes(), ", ")),
                                  .tip = fmt::format("it has {}", fmt::join(columns, ", "))});
  }
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::vector<float> targets = view.targets(i);
    for (std::size_t c = 0; c < targets.size(); ++c) named[c] = named[c] || targets[c] > 0;
  }
  return named;
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

  Relabelled result;
  std::vector<bool> known(old_classes.size(), true);
  for (std::size_t c = 0; c < old_classes.size(); ++c) known[c] = new_label[c] != kUnknown;
  result.unknown = names_without(old_classes, known);
  if (view->target_kind() != TargetKind::classes) {
    result.missing = names_without(classes, named_by(*view, old_classes));
    result.dataset = view;
    return result;
  }
  std::vector<bool> wanted_seen(classes.size(), false);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < view->size(); ++i) {
    const std::int64_t label = view->label(i);
    if (label == kUnknown) continue;
    wanted_seen[static_cast<std::size_t>(label)] = true;
    kept.push_back(i);
  }
  result.left_out = view->size() - kept.size();
  result.missing = names_without(classes, wanted_seen);
  result.dataset = result.left_out == 0 ? DatasetPtr(view) : subset(view, std::move(kept));
  return result;
}

}  // namespace enxerto
